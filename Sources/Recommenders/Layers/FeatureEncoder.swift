import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// A linear map of one modality's features, which are trained with it:
///
///     F = X·Wᵀ + b
///
/// Several models of MMRec [Zhou23] hold the raw features in a table that Adam moves like any
/// other.
struct FeatureEncoder {
  let name: String
  /// X, items × inputs.
  let features: Tensor
  private let table: Parameter?
  private let map: LinearLayer

  /// - Parameters:
  ///   - weights: How W starts; b starts as PyTorch starts it.
  ///   - isFrozen: Whether the features stay as they are.
  init(
    _ matrix: FeatureMatrix, width: Int, weights: LinearLayer.Weights = .fanIn,
    isFrozen: Bool = false, _ streams: RandomStreams
  ) {
    name = matrix.name
    table = isFrozen ? nil : Parameter("\(matrix.name).features", matrix.matrix)
    features = table?.tensor ?? Tensor(features: matrix.matrix)
    var generator = streams.generator(for: "initialization of \(matrix.name)")
    map = LinearLayer(
      matrix.name, inputs: matrix.matrix.columnCount, outputs: width, weights: weights,
      biases: .fanIn, using: &generator)
  }

  var parameters: [Parameter] { (table.map { [$0] } ?? []) + map.parameters }

  /// F of all items, or of some, each once; projected where there is a projector.
  func callAsFunction(
    on tape: Tape, distinct items: [Int32]? = nil, projector: SubspaceProjector? = nil,
    modality: Int = 0
  ) -> Tensor {
    map(features, distinct: items, on: tape, projector: projector, modality: modality)
  }
}

extension [FeatureEncoder] {
  /// F of each modality; projected where there is a projector.
  func callAsFunction(
    on tape: Tape, distinct items: [Int32]? = nil, projector: SubspaceProjector? = nil
  ) -> [Tensor] {
    enumerated().map { modality, encoder in
      encoder(on: tape, distinct: items, projector: projector, modality: modality)
    }
  }
}
