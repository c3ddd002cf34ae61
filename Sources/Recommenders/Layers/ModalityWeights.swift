import Autodiff
import LinearAlgebra
import Statistics

/// A weight of every modality for each user or item: a softmax over the modalities at the start,
/// none afterwards.
///
/// - Reference: [WWYWSN23], as implemented there.
package struct ModalityWeights {
  /// rows × modalities.
  package let parameter: Parameter

  /// - Parameter count: Modalities.
  package init(
    _ name: String, rowCount: Int, count: Int, using generator: inout SeededGenerator
  ) {
    let start = Tensor(
      constant: Initialization.xavierNormal(rowCount, count, using: &generator))
    parameter = Parameter(name, Tape(isRecording: false).softmax(start).matrix)
  }

  package var tensor: Tensor { parameter.tensor }

  /// Each modality's rows times their weights.
  package func callAsFunction(_ parts: [Tensor], on tape: Tape) -> [Tensor] {
    tape.weighted(parts, by: tensor)
  }
}

extension Tape {
  /// The rows of each part times the numbers in its column of `weights`.
  func weighted(_ parts: [Tensor], by weights: Tensor) -> [Tensor] {
    parts.enumerated().map { modality, part in
      scaledRows(part, by: columns(modality..<modality + 1, of: weights))
    }
  }
}
