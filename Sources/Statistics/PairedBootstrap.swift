import LinearAlgebra

/// How sure a mean difference is, by drawing the pairs again with replacement.
///
/// - Reference: [ET93], chapters 13 and 15.
public struct PairedBootstrap: Sendable, Equatable {
  /// The mean of the differences.
  public let meanDifference: Double
  /// The percentile interval of the resampled means at ``confidence``.
  public let interval: ClosedRange<Double>
  /// The share of resampled means that ``interval`` covers, in 0...1.
  public let confidence: Double
  /// Two-sided p-value of "no difference", in (0, 1]:
  ///
  ///     p = 2·(1 + min(#{mean ≤ 0}, #{mean ≥ 0})) / (resamples + 1), at most 1
  public let pValue: Double
  /// Number of pairs.
  public let count: Int
  /// Number of resamples.
  public let resamples: Int

  /// Compares `second` to `first`, pair by pair: the differences are second − first.
  ///
  /// Nil for fewer than two pairs, and where a difference is not finite. Every resample has a
  /// generator of its own, so the result has the same bits for every thread count.
  ///
  /// - Precondition: both sides have as many values; `resamples` is positive; `confidence` lies
  ///   in 0...1.
  /// - Complexity: O(pairs · resamples), in parallel over resamples.
  public init?(
    _ first: [Double], _ second: [Double], resamples: Int = 10_000, confidence: Double = 0.95,
    streams: RandomStreams
  ) {
    precondition(first.count == second.count, "\(first.count) and \(second.count) values")
    precondition(resamples > 0, "\(resamples) resamples")
    precondition((0...1).contains(confidence), "the confidence is \(confidence)")
    let differences = zip(first, second).map { $1 - $0 }
    guard differences.count > 1, differences.allSatisfy(\.isFinite),
      let center = mean(differences)
    else { return nil }
    let means = Parallel.map(resamples) { resample in
      Self.resampledMean(differences, streams.generator(for: "paired bootstrap", item: resample))
    }.sorted()
    let tail = (1 - confidence) / 2
    guard let lower = quantile(ofSorted: means, at: tail),
      let upper = quantile(ofSorted: means, at: 1 - tail)
    else { return nil }
    meanDifference = center
    interval = lower...max(lower, upper)
    self.confidence = confidence
    let notPositive = means.count { $0 <= 0 }
    let notNegative = means.count { $0 >= 0 }
    pValue = min(1, 2 * Double(1 + min(notPositive, notNegative)) / Double(resamples + 1))
    count = differences.count
    self.resamples = resamples
  }

  private static func resampledMean(_ values: [Double], _ generator: SeededGenerator) -> Double {
    var generator = generator
    var sum = 0.0
    values.withUnsafeBufferPointer { values in
      for _ in values.indices { sum += values[generator.index(below: values.count)] }
    }
    return sum / Double(values.count)
  }
}
