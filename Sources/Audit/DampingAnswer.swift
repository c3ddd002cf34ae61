import Foundation
import Training

/// Whether a run's encoder grows the damped directions back.
///
/// For λ < 1 the projection can be inverted: an encoder that makes its leading directions
/// 1/(1 − λ)² times as strong as it would without projection gives back the same covariance. With E
/// the energy Σσ² of the first k directions of the unprojected embeddings, and E₀ that of a
/// reference, the growth is E/E₀ and what the projection leaves is (1 − λ)⁴E.
///
/// - Reference: [CLEAR26], Equations 9 and 12, Theorem 5.
public struct DampingAnswer: Codable, Sendable, Equatable {
  /// What the energy is compared with.
  public enum ReferenceKind: String, Codable, Sendable {
    /// The best epoch of a run without projection.
    case unprojectedRun
    /// The run's own first epoch.
    case ownFirstEpoch
  }

  public enum Verdict: String, Codable, Sendable {
    /// The growth is at most 1.1.
    case none
    /// Above that, but less energy is left than the reference has.
    case partial
    /// As much energy is left as the reference has, or more.
    case full
    /// λ = 1 removes the directions; no growth brings them back.
    case notInvertible
    /// The reference has no energy to compare with.
    case undefined
  }

  /// The run and its best epoch.
  public let run: String
  public let epoch: Int
  public let rank: Int
  public let strength: Double
  public let reference: ReferenceKind
  public let referenceRun: String
  public let referenceEpoch: Int
  /// Σσ² of the first k directions, unprojected.
  public let energy: Double
  public let referenceEnergy: Double
  /// `energy` over `referenceEnergy`.
  public let growth: Double?
  /// (1 − λ)⁴·`energy`, what the projection leaves.
  public let effectiveEnergy: Double
  /// `effectiveEnergy` over `referenceEnergy`.
  public let effectiveShare: Double?
  /// ln(growth)/ln((1 − λ)⁻⁴): the share of the damping that the growth undoes, 0 to 1 unless the
  /// encoder shrinks the directions or more than restores them; nil for λ = 1.
  public let undoneShare: Double?
  /// Growth of the first k directions relative to that of the others, which does not depend on the
  /// scale of the embeddings.
  public let relativeGrowth: Double?
  public let verdict: Verdict
  /// The answer in words.
  public let text: String

  /// Growth up to this counts as none.
  public static let tolerance = 1.1

  /// Compares a run's `epoch` with the epoch of a reference.
  ///
  /// - Precondition: λ > 0, and the rank is that of the run.
  init(
    run: String, epoch: RunEpoch, measured: RedundancySummary, reference: ReferenceKind,
    referenceRun: String, referenceEpoch: RunEpoch, referenceMeasured: RedundancySummary
  ) {
    func energies(_ values: [Double]) -> (top: Double, rest: Double) {
      let squares = values.map { $0 * $0 }
      return (
        squares.prefix(measured.rank).reduce(0, +), squares.dropFirst(measured.rank).reduce(0, +)
      )
    }
    func ratio(_ a: Double, _ b: Double) -> Double? {
      let value = a / b
      return b > 0 && value.isFinite ? value : nil
    }
    let own = energies(measured.singularValuesBefore)
    let other = energies(referenceMeasured.singularValuesBefore)
    let kept = pow(1 - measured.strength, 4)
    self.run = run
    self.epoch = epoch.epoch
    rank = measured.rank
    strength = measured.strength
    self.reference = reference
    self.referenceRun = referenceRun
    self.referenceEpoch = referenceEpoch.epoch
    energy = own.top
    referenceEnergy = other.top
    growth = ratio(own.top, other.top)
    effectiveEnergy = kept * own.top
    effectiveShare = growth.map { kept * $0 }
    undoneShare = growth.flatMap { $0 > 0 && kept > 0 ? log($0) / -log(kept) : nil }
    relativeGrowth = ratio(own.top, own.rest).flatMap { mine in
      ratio(other.top, other.rest).flatMap { ratio(mine, $0) }
    }
    verdict = Self.verdict(growth: growth, kept: kept)
    text = Self.text(
      verdict, run: "\(run) (λ = \(measured.strength), k = \(measured.rank), epoch \(epoch.epoch))",
      reference: reference == .unprojectedRun
        ? "\(referenceRun), which has no projection, at its best epoch \(referenceEpoch.epoch)"
        : "its own epoch \(referenceEpoch.epoch)",
      rank: measured.rank, kept: kept, growth: growth, undone: undoneShare,
      relative: relativeGrowth)
  }

  private static func verdict(growth: Double?, kept: Double) -> Verdict {
    guard kept > 0 else { return .notInvertible }
    guard let growth else { return .undefined }
    if growth <= tolerance { return .none }
    return kept * growth < 1 ? .partial : .full
  }

  private static func text(
    _ verdict: Verdict, run: String, reference: String, rank: Int, kept: Double, growth: Double?,
    undone: Double?, relative: Double?
  ) -> String {
    guard let growth else {
      return "\(run): nothing can be said, as \(reference) has no covariance to compare with."
    }
    let numbers =
      "the unprojected Σσ² of the first \(rank) directions is \(significant(growth)) times that of "
      + reference
    let scale =
      relative.map { " Relative to the other directions it is \(significant($0)) times as strong." }
      ?? ""
    guard kept > 0 else {
      return "\(run): λ = 1 removes the directions, and no growth brings them back; \(numbers)."
        + scale
    }
    let left =
      "after the projection \(percent(kept * growth)) is left (undoing it all would take a factor "
      + "\(significant(1 / kept)))"
    let part = undone.map { ", \(percent($0)) of the damping on a logarithmic scale" } ?? ""
    return switch verdict {
    case .none:
      "\(run): no, the encoder does not grow the damped directions back; \(numbers), and \(left)."
        + scale
    case .partial:
      "\(run): in part, the encoder grows the damped directions back; \(numbers)\(part), and "
        + "\(left)." + scale
    case .full, .notInvertible, .undefined:
      "\(run): yes, the encoder grows the damped directions back entirely; \(numbers), and \(left)."
        + scale
    }
  }
}
