import Autodiff
import Datasets
import LinearAlgebra

/// A table in a checkpoint: read from a file, or one that is trained, which is written from where
/// it lies.
public enum CheckpointTable: Sendable {
  case matrix(Matrix<Float>)
  case tensor(Tensor)

  /// The values, copied if they are a tensor's.
  public var matrix: Matrix<Float> {
    switch self {
    case .matrix(let matrix): matrix
    case .tensor(let tensor): tensor.matrix
    }
  }

  func source(_ name: String) -> TensorSource {
    switch self {
    case .matrix(let matrix): return TensorSource(name, matrix)
    case .tensor(let tensor):
      return TensorSource(name, rowCount: tensor.rowCount, columnCount: tensor.columnCount) { use in
        try use(UnsafeBufferPointer(start: tensor.value, count: tensor.count))
      }
    }
  }
}

/// A model and the state of its training, in one `.safetensors` file.
///
/// Tensors are `parameter/<name>` and `buffer/<name>`; `adam.first/<name>` and
/// `adam.second/<name>`, if training is to go on from here; and for each modality with an embedding
/// `features.before/<modality>` and `features.after/<modality>`, items × width, and where a
/// projection is in force `projection/<modality>`, width × width, `basis/<modality>`, width × k,
/// and, where column means are removed before projecting, `mean/<modality>`, 1 × width. All are
/// F32.
///
/// - Reference: [SAFETENSORS]; [CLEAR26], Equation 7 for Q.
public struct Checkpoint: Sendable {
  /// The optimizer's running moments of one parameter, of its shape.
  public struct Moments: Sendable {
    public let first: CheckpointTable
    public let second: CheckpointTable

    public init(first: CheckpointTable, second: CheckpointTable) {
      self.first = first
      self.second = second
    }
  }

  /// One modality's embedding and what projects it.
  public struct Modality: Sendable {
    /// Encoder outputs, items × width.
    public let before: Matrix<Float>
    /// The same as the model uses them.
    public let after: Matrix<Float>
    /// Q and U_k; nil when nothing is projected.
    public let projection: Projection?

    public init(before: Matrix<Float>, after: Matrix<Float>, projection: Projection?) {
      self.before = before
      self.after = after
      self.projection = projection
    }
  }

  /// The projection of one modality.
  public struct Projection: Sendable {
    /// Q = I − λ·U_k·U_kᵀ, width × width.
    public let matrix: Matrix<Float>
    /// U_k, width × k.
    public let basis: Matrix<Float>
    /// What is taken away from every row before projecting, 1 × width; nil for nothing.
    public let mean: Matrix<Float>?

    public init(matrix: Matrix<Float>, basis: Matrix<Float>, mean: Matrix<Float>? = nil) {
      self.matrix = matrix
      self.basis = basis
      self.mean = mean
    }
  }

  public var header: CheckpointHeader
  /// Parameters by name.
  public var parameters: [String: CheckpointTable]
  /// What the model keeps beside its parameters, by name.
  public var buffers: [String: CheckpointTable]
  /// Moments by the parameter's name; empty in a checkpoint that training does not go on from.
  public var moments: [String: Moments]
  /// Modalities by name.
  public var modalities: [String: Modality]

  public init(
    header: CheckpointHeader, parameters: [String: CheckpointTable],
    buffers: [String: CheckpointTable] = [:], moments: [String: Moments] = [:],
    modalities: [String: Modality] = [:]
  ) {
    self.header = header
    self.parameters = parameters
    self.buffers = buffers
    self.moments = moments
    self.modalities = modalities
  }

  /// Writes the file; it is whole and on the disk when this returns, and the old one until then.
  ///
  /// - Throws: ``DatasetError/unwritable(path:reason:)``, `EncodingError` when a metric is not
  ///   finite.
  /// - Complexity: no tensor is copied.
  public func write(to path: String) throws {
    var sources: [TensorSource] = []
    for (name, table) in parameters { sources.append(table.source("parameter/\(name)")) }
    for (name, table) in buffers { sources.append(table.source("buffer/\(name)")) }
    for (name, moments) in moments {
      sources.append(moments.first.source("adam.first/\(name)"))
      sources.append(moments.second.source("adam.second/\(name)"))
    }
    for (name, modality) in modalities {
      sources.append(TensorSource("features.before/\(name)", modality.before))
      sources.append(TensorSource("features.after/\(name)", modality.after))
      if let projection = modality.projection {
        sources.append(TensorSource("projection/\(name)", projection.matrix))
        sources.append(TensorSource("basis/\(name)", projection.basis))
        if let mean = projection.mean { sources.append(TensorSource("mean/\(name)", mean)) }
      }
    }
    try SafetensorsFile.write(sources, metadata: try header.metadata(), to: path)
  }
}
