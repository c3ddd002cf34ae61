import Autodiff
import LinearAlgebra
import Statistics

/// One modality's part of a graph convolution: items start from encoded features, users from
/// preferences of their own.
///
///     x = rows of [P; F] normalised,  H = x + Âx + … + Âᴸx
///
/// - Reference: [WWYWSN23]; MENTOR and its kin repeat it.
struct ModalityBranch {
  /// P, users × width.
  let preference: Parameter
  private let encoder: ModalityEncoder

  /// The branches of several modalities, whose preferences are drawn before their encoders.
  ///
  /// - Parameter inputs: Name and width of each modality's features.
  static func all(
    _ inputs: [(name: String, width: Int)], userCount: Int, hiddenWidth: Int, width: Int,
    initialization: LinearInitialization, using generator: inout SeededGenerator
  ) -> [ModalityBranch] {
    let preferences = inputs.map {
      Parameter(
        "\($0.name).preference",
        Initialization.xavierNormal(userCount, width, using: &generator))
    }
    return zip(inputs, preferences).map { input, preference in
      ModalityBranch(
        preference: preference,
        encoder: ModalityEncoder(
          input.name, inputs: input.width, hiddenWidth: hiddenWidth, width: width,
          initialization: initialization, using: &generator))
    }
  }

  var name: String { encoder.name }

  /// F, items × width; projected where there is a projector.
  ///
  /// - Parameter inner: A layer that the features go through first.
  func encoded(
    _ features: Tensor, through inner: LinearLayer? = nil, on tape: Tape,
    projector: SubspaceProjector? = nil, modality: Int = 0
  ) -> Tensor {
    encoder(features, through: inner, on: tape, projector: projector, modality: modality)
  }

  /// x, (users + items) × width, for the encoded features F.
  func nodes(_ encoded: Tensor, on tape: Tape) -> Tensor {
    tape.normalizedRows(stacked: [preference.tensor, encoded])
  }

  /// H, (users + items) × width, for the encoded features F.
  func propagated(
    _ encoded: Tensor, over adjacency: SparseOperator, layers: Int, on tape: Tape
  ) -> Tensor {
    tape.propagated(
      adjacency, nodes(encoded, on: tape), layers: layers, combination: .sum)
  }

  fileprivate var encoderParameters: [Parameter] { encoder.parameters }
}

extension [ModalityBranch] {
  /// The preferences, then the encoders.
  var parameters: [Parameter] { map(\.preference) + flatMap(\.encoderParameters) }
}
