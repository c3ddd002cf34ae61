import Datasets
import LinearAlgebra
import Redundancy

/// The trained model that a report is about, and whose projection it shows.
public struct CheckpointSummary: Codable, Sendable, Equatable {
  public let trained: TrainedModel
  /// Whether "after" is the model's own projection rather than one fitted to its embeddings.
  public let isOwnProjection: Bool
  /// How far the model's projection is from one fitted anew.
  public let drift: [ModalityAngle]?

  /// Which projection the report shows, in one sentence.
  public var sentence: String {
    if isOwnProjection {
      let angles = (drift ?? []).map { "\(significant($0.degrees))° in \($0.modality)" }
      return "“After” means under the projection that the model itself applied in this epoch; its "
        + "directions are at most " + angles.joined(separator: " and ")
        + " from those that a refresh would find."
    }
    guard trained.projection != nil else {
      return "The model was trained without projection; the one shown is fitted to its embeddings, "
        + "as for any data set."
    }
    return "The model's own projection is set aside; the one shown is fitted to its embeddings."
  }
}

/// An angle between two subspaces of a modality.
public struct ModalityAngle: Codable, Sendable, Equatable {
  public let modality: String
  /// The largest principal angle, 0 to 90.
  public let degrees: Double
}

/// The largest principal angle of each projected modality between the directions that `own` damps
/// and those of `fitted`.
///
/// - Complexity: O(width·k²) a modality.
func drift(
  of own: FittedProjection, from fitted: NullSpaceProjection, modalities: [String]
) throws -> [ModalityAngle] {
  try modalities.enumerated().compactMap { place, modality in
    guard let basis = own.bases[modality] else { return nil }
    return ModalityAngle(
      modality: modality,
      degrees: try largestPrincipalAngle(
        between: Matrix<Double>(basis), and: fitted.bases[place]))
  }
}

extension NullSpaceProjection {
  /// A projection that came with the features of `modalities`.
  init(_ own: FittedProjection, modalities: [String], widths: [Int]) throws {
    try self.init(
      bases: zip(modalities, widths).map { modality, width in
        own.bases[modality].map { Matrix<Double>($0) }
          ?? Matrix(rowCount: width, columnCount: own.rank)
      },
      strength: own.strength)
  }
}
