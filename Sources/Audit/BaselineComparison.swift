import Datasets
import LinearAlgebra
import Redundancy
import Statistics

/// The spectrum that a model trained without projection learned, against the projected one of a
/// model trained with it.
///
/// Before and after one projection of the same features differ by construction (Theorem 5); this
/// comparison does not, so it shows what training under a projection changes. The scales of two
/// trained models differ too, so the normalised values are the ones to compare.
///
/// - Reference: [CLEAR26], Figure 5.
public struct BaselineComparison: Codable, Sendable, Equatable {
  /// One of the two spectra.
  public struct Spectrum: Codable, Sendable, Equatable {
    /// Singular values of the covariance, largest first.
    public let singularValues: [Double]
    /// σᵢ/(√⟨‖v̄‖²⟩·√⟨‖t̄‖²⟩) with the centred rows of the same features, in 0...1; empty when a
    /// modality is constant.
    public let normalizedValues: [Double]
    /// Share of Σσ² in the first k values.
    public let energyOfTop: Double?
    /// Share of Σσ² in the first tenth of the values, rounded up.
    public let leadingShare: Double?
    public let effectiveRank: Double?
    /// σ₁/σ_{k+1}; nil when there is no σ_{k+1} above 1e-10·σ₁.
    public let condition: Double?
    public let nuclearNorm: Double
    public let frobeniusNorm: Double
  }

  /// Shuffling the rows of one modality destroys what this measures.
  public let pairing: Pairing
  /// The model without projection.
  public let trained: TrainedModel?
  /// Redundancy rank k and strength λ of the projected model.
  public let rank: Int
  public let strength: Double
  /// The baseline's embeddings, unprojected.
  public let before: Spectrum
  /// The model's embeddings, projected.
  public let after: Spectrum
  /// Whether the first tenth of the indices holds at least half of Σσ² before: the paper's long
  /// tail.
  public let isLongTailed: Bool?
  /// Whether the effective rank is higher after: the paper's flattening.
  public let isFlatter: Bool?

  /// Compares `before`, the embeddings of `baseline`, with the projected embeddings `after`.
  ///
  /// - Throws: ``RedundancyError``, ``LinearAlgebraError`` when values are not finite.
  /// - Complexity: O(n·p·q + p·q·min(p, q)).
  init(
    before: FeaturePair, after: FeaturePair, rank: Int, strength: Double,
    of baseline: FeatureDataset
  ) throws {
    pairing = .paired
    trained = baseline.trained
    self.rank = rank
    self.strength = strength
    self.before = try Spectrum(of: before, rank: rank)
    self.after = try Spectrum(of: after, rank: rank)
    isLongTailed = self.before.leadingShare.map { $0 >= 0.5 }
    if let first = self.before.effectiveRank, let second = self.after.effectiveRank {
      isFlatter = second > first
    } else {
      isFlatter = nil
    }
  }
}

extension BaselineComparison.Spectrum {
  init(of features: FeaturePair, rank: Int) throws {
    let values = try SharedSubspace(between: features.first, and: features.second).singularValues
    let summary = SpectralSummary(singularValues: values)
    let scale =
      totalVariance(features.first).squareRoot() * totalVariance(features.second).squareRoot()
    singularValues = values
    normalizedValues = scale > 0 ? values.map { $0 / scale } : []
    energyOfTop = summary.cumulativeEnergy.isEmpty ? nil : summary.cumulativeEnergy[rank - 1]
    leadingShare = summary.leadingShare
    effectiveRank = summary.effectiveRank
    condition =
      rank < values.count && values[rank] > 1e-10 * values[0] ? values[0] / values[rank] : nil
    nuclearNorm = summary.nuclearNorm
    frobeniusNorm = summary.frobeniusNorm
  }
}

/// Why two trained models cannot be compared.
public enum BaselineError: Error, Equatable, Sendable, CustomStringConvertible {
  /// They were trained on data sets of different names.
  case otherDataset(checkpoint: String, baseline: String)
  /// They read different files of the data set.
  case otherInputs(dataset: String)
  /// The baseline was trained with a projection itself.
  case projected(rank: Int, strength: Double)
  /// A modality of the one is missing or of another shape in the other.
  case otherShape(modality: String, checkpoint: [Int], baseline: [Int]?)

  public var description: String {
    switch self {
    case .otherDataset(let checkpoint, let baseline):
      "the baseline was trained on \(baseline) and the checkpoint on \(checkpoint); choose a "
        + "--baseline of the same data set"
    case .otherInputs(let dataset):
      "the baseline and the checkpoint read different files of \(dataset), as their digests say; "
        + "train both on the same ones"
    case .projected(let rank, let strength):
      "the baseline was itself trained with a projection (k = \(rank), λ = \(strength)); choose a "
        + "--baseline that was trained without"
    case .otherShape(let modality, let checkpoint, let baseline):
      "the checkpoint's \(modality) embeddings are \(checkpoint[0]) × \(checkpoint[1]) and the "
        + "baseline "
        + (baseline.map { "has \($0[0]) × \($0[1])" } ?? "has no such modality")
        + "; choose a --baseline of the same shape"
    }
  }
}

/// Throws unless the two models learned embeddings of one shape from the same data.
///
/// - Throws: ``BaselineError``, ``DatasetError`` when the baseline's embeddings are not usable.
func requireComparable(_ dataset: FeatureDataset, baseline: FeatureDataset) throws {
  if let model = dataset.trained, let other = baseline.trained {
    guard model.dataset == other.dataset else {
      throw BaselineError.otherDataset(checkpoint: model.dataset, baseline: other.dataset)
    }
    guard model.digest == other.digest else {
      throw BaselineError.otherInputs(dataset: model.dataset)
    }
  }
  if let own = baseline.trained?.projection {
    throw BaselineError.projected(rank: own.rank, strength: own.strength)
  }
  for features in dataset.featureMatrices {
    let other = baseline.featureMatrices.first { $0.name == features.name }?.matrix
    let shape = [features.matrix.rowCount, features.matrix.columnCount]
    let otherShape = other.map { [$0.rowCount, $0.columnCount] }
    guard shape == otherShape else {
      throw BaselineError.otherShape(
        modality: features.name, checkpoint: shape, baseline: otherShape)
    }
  }
  _ = try FeatureGate.requireUsable(baseline)
}
