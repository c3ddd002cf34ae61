import LinearAlgebra

/// An open `.safetensors` file: its header is checked once, its tensors are read when asked for.
///
/// A file that is replaced by a rename meanwhile does not change what is read.
///
/// - Reference: [SAFETENSORS].
public struct SafetensorsArchive: Sendable {
  private let map: FileMap
  private let tensors: [String: SafetensorsHeader.Tensor]
  /// The strings that the file carries about itself.
  public let metadata: [String: String]

  /// Opens the file and checks its header.
  ///
  /// - Throws: As ``SafetensorsFile/readMatrix(at:tensor:)``.
  public init(path: String) throws {
    map = try FileMap(path: path)
    let header = try SafetensorsFile.withProblems(in: map) { try SafetensorsHeader($0) }
    tensors = Dictionary(uniqueKeysWithValues: header.tensors.map { ($0.name, $0) })
    metadata = header.metadata
  }

  /// The file.
  public var path: String { map.path }

  /// Names of the tensors, sorted.
  public var names: [String] { tensors.keys.sorted() }

  /// The shape of tensor `name`, or nil when there is none.
  public func shape(of name: String) -> [Int]? { tensors[name]?.shape }

  /// Reads tensor `name` in single precision; a vector becomes one column.
  ///
  /// - Throws: ``DatasetError/tensors(path:_:)``.
  public func matrix(_ name: String) throws -> Matrix<Float> {
    try SafetensorsFile.withProblems(in: map) { bytes in
      guard let tensor = tensors[name] else {
        throw SafetensorsProblem.noSuchTensor(name, available: names)
      }
      return try SafetensorsFile.table(tensor, in: bytes).matrix
    }
  }
}
