import LinearAlgebra
import Statistics

extension TheoremChecks {
  /// Equation 4: the covariance divided by N is said to be unbiased.
  ///
  /// Its mean over samples is (N − 1)/N times the truth. Drawn here: 2·10⁵ samples of N = 10
  /// Gaussian pairs of covariance 0.8.
  ///
  /// Verdict: `holds` when the mean of the estimates is within 4 standard errors of the truth,
  /// `fails` otherwise. Beside it: the same distance from (N − 1)/N times the truth.
  ///
  /// - Complexity: 4·10⁶ normal draws.
  /// - Reference: [CLEAR26], Equation 4.
  public static func equation4(_ evidence: TheoremEvidence) -> TheoremVerdict {
    let size = 10
    let truth = 0.8
    let estimates = covarianceEstimates(
      size: size, truth: truth, streams: evidence.context.streams)
    let center = mean(estimates) ?? .nan
    let error = standardError(estimates) ?? .nan
    let shrunk = Double(size - 1) / Double(size) * truth
    let distance = ratio(abs(center - truth), error)
    let checks: [TheoremVerdict.Check] = [
      .atMost("distance of the mean from the truth, standard errors", distance, 4),
      .atMost("distance of the mean from (N − 1)/N of the truth, standard errors",
        ratio(abs(center - shrunk), error), 4),
    ]
    let relativeBias = 100 / Double(evidence.itemCount)
    return TheoremVerdict(
      id: "equation-4", title: "Unbiased covariance",
      statement: "The covariance with divisor N is an unbiased estimate.",
      verdict: checks[0].verdict, measured: distance, tolerance: 4,
      measure: "distance of the mean estimate from the truth in standard errors, N = 10; "
        + "at most 4 for an unbiased one",
      explanation: "The mean of \(estimates.count) estimates is \(words(center)) for a truth of "
        + "\(words(truth)), as the factor (N − 1)/N says. With \(evidence.itemCount) items the "
        + "bias is \(words(relativeBias)) %, and no singular vector depends on it.",
      checks: checks)
  }

  /// Covariances with divisor N of samples of unit Gaussian pairs with covariance `truth`.
  private static func covarianceEstimates(
    size: Int, truth: Double, streams: RandomStreams
  ) -> [Double] {
    let independent = (1 - truth * truth).squareRoot()
    return Parallel.map(200) { block in
      var generator = streams.generator(for: "equation-4", item: block)
      return (0..<1_000).map { _ in
        let draws = generator.normals(2 * size)
        var (x, y, xy) = (0.0, 0.0, 0.0)
        for index in 0..<size {
          let a = draws[index]
          let b = truth * a + independent * draws[size + index]
          x += a
          y += b
          xy += a * b
        }
        return xy / Double(size) - x * y / Double(size * size)
      }
    }.flatMap(\.self)
  }
}
