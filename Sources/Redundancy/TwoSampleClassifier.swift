import LinearAlgebra
import Statistics

/// Whether a linear classifier can tell which modality a row comes from.
///
///     w = (Σ̂ + r·tr(Σ̂)/d·I)⁻¹(μ_Y − μ_X),  score(z) = w·(z − (μ_X + μ_Y)/2)
///
/// with Σ̂ the mean of both modalities' covariances, fitted on four fifths of the rows and judged
/// on the last one, five times. It compares coordinates and never which rows belong together: the
/// folds follow from what rows hold.
///
/// - Range: 0 to 1; 0.5 for clouds that cannot be told apart, 1 for clouds that a plane separates.
///   Below 0.5 is chance.
/// - Reference: [LPO17]; classifier, [Fis36]; standard error, [HM82].
public struct TwoSampleClassifier: Codable, Sendable, Equatable {
  /// Shuffling the rows of one modality changes nothing.
  public let pairing: Pairing
  /// Area under the ROC curve: the share of pairs of a row of either modality that the scores put
  /// in the right order, ties counting one half. Pairs are taken within folds.
  public let auc: Double
  /// Standard error of the area by Hanley and McNeil; 0 when the clouds are separated.
  public let standardError: Double
  /// Mean share of each modality's rows on their side of the threshold; a score of zero counts one
  /// half.
  public let accuracy: Double
  /// Rows used of the first modality.
  public let firstRows: Int
  /// Rows used of the second modality.
  public let secondRows: Int

  /// Folds of the cross-validation.
  public static let foldCount = 5
  /// Rows of a modality up to which all are used.
  public static let usualRowLimit = 2_000
  /// The ridge r: directions of next to no variance do not decide alone.
  public static let usualRegularization = 0.01

  public static let card = MeasureCard(
    name: "two-sample-auc", title: "Classifier two-sample test (AUC)",
    direction: .fallsWithLikeness, lowerBound: 0, upperBound: 1, isSymmetric: true,
    invariances: [.itemOrder, .brokenPairing, .commonRotation], source: "[LPO17]")

  /// Tells features n × d from features m × d.
  ///
  /// - Parameters:
  ///   - regularization: The ridge r, above 0.
  ///   - rowLimit: A modality with more rows is sampled down to as many.
  ///   - streams: Draws samples and folds, for the purpose `two-sample-folds`.
  /// - Throws: ``OverlapError``; ``RedundancyError/tooFewItems(count:needed:)`` for fewer than ten
  ///   rows of a modality.
  /// - Complexity: 4·r·d² operations for r rows, and five factorisations of order d.
  public init(
    between first: Matrix<Float>, and second: Matrix<Float>,
    regularization: Double = usualRegularization, rowLimit: Int = usualRowLimit,
    streams: RandomStreams
  ) throws {
    precondition(regularization > 0, "the ridge must be positive, got \(regularization)")
    try requireComparableClouds(first, second)
    let needed = 2 * Self.foldCount
    let fewest = min(first.rowCount, second.rowCount, rowLimit)
    guard fewest >= needed else {
      throw RedundancyError.tooFewItems(count: fewest, needed: needed)
    }
    let clouds = [first, second].map { cloud in
      let order = contentOrder(cloud, purpose: "two-sample-folds", streams: streams)
      return FoldedCloud(cloud.rows(order.prefix(rowLimit)), foldCount: Self.foldCount)
    }
    var ordered = 0.0
    var pairs = 0.0
    var correct = [0.0, 0.0]
    for fold in 0..<Self.foldCount {
      let scores = try Discriminant(
        clouds[0].moments(without: fold), clouds[1].moments(without: fold),
        regularization: regularization
      ).scores(clouds.map { $0.parts[fold] })
      let (n, m) = (Double(scores[0].count), Double(scores[1].count))
      // The Mann–Whitney statistic of the second modality.
      let sum = ranks(scores[0] + scores[1]).suffix(scores[1].count).reduce(0, +)
      ordered += sum - m * (m + 1) / 2
      pairs += n * m
      correct[0] += scores[0].reduce(0) { $0 + ($1 < 0 ? 1 : $1 == 0 ? 0.5 : 0) }
      correct[1] += scores[1].reduce(0) { $0 + ($1 > 0 ? 1 : $1 == 0 ? 0.5 : 0) }
    }
    firstRows = clouds[0].rowCount
    secondRows = clouds[1].rowCount
    pairing = .marginal
    auc = ordered / pairs
    accuracy = (correct[0] / Double(firstRows) + correct[1] / Double(secondRows)) / 2
    standardError = Self.standardError(area: auc, firstRows, secondRows)
  }

  /// The standard error of an area from n and m rows, 0 for areas 0 and 1.
  ///
  /// - Reference: [HM82].
  package static func standardError(area a: Double, _ n: Int, _ m: Int) -> Double {
    let first = a / (2 - a)
    let second = 2 * a * a / (1 + a)
    let variance =
      a * (1 - a) + Double(n - 1) * (first - a * a) + Double(m - 1) * (second - a * a)
    return (max(0, variance) / (Double(n) * Double(m))).squareRoot()
  }
}

/// A cloud cut into folds, with the moments that leave each of them out.
private struct FoldedCloud {
  let parts: [Matrix<Float>]
  let rowCount: Int
  private let whole: CrossCovariance

  /// Row i goes to fold i mod `foldCount`.
  init(_ cloud: Matrix<Float>, foldCount: Int) {
    rowCount = cloud.rowCount
    parts = (0..<foldCount).map { fold in
      cloud.rows(Array(stride(from: fold, to: cloud.rowCount, by: foldCount)))
    }
    whole = crossCovariance(cloud, cloud)
  }

  /// Mean and covariance of the rows outside `fold`: the moments of the whole less those of the
  /// fold, both about the mean of the whole.
  func moments(without fold: Int) -> (mean: [Double], covariance: Matrix<Double>) {
    let part = crossCovariance(parts[fold], parts[fold])
    let n = Double(rowCount)
    let inside = Double(part.itemCount)
    let outside = n - inside
    let offset = zip(part.firstMean, whole.firstMean).map { $0 - $1 }
    let shift = offset.map { -inside / outside * $0 }
    var covariance = whole.matrix
    let width = offset.count
    for i in 0..<width {
      for j in 0..<width {
        let index = i * width + j
        let kept =
          n * whole.matrix.elements[index]
          - inside * (part.matrix.elements[index] + offset[i] * offset[j])
        covariance.elements[index] = kept / outside - shift[i] * shift[j]
      }
    }
    return (zip(whole.firstMean, shift).map { $0 + $1 }, covariance)
  }
}

/// The linear discriminant of two clouds of equal prior weight.
private struct Discriminant {
  private let weights: [Double]
  private let threshold: Double

  init(
    _ first: (mean: [Double], covariance: Matrix<Double>),
    _ second: (mean: [Double], covariance: Matrix<Double>), regularization: Double
  ) throws(LinearAlgebraError) {
    let width = first.mean.count
    var covariance = first.covariance
    for index in covariance.elements.indices {
      covariance.elements[index] =
        (covariance.elements[index] + second.covariance.elements[index]) / 2
    }
    let trace = (0..<width).reduce(0) { $0 + covariance[$1, $1] }
    // Without any variance every direction counts alike.
    let ridge = trace > 0 ? regularization * trace / Double(width) : 1
    for i in 0..<width { covariance[i, i] += ridge }
    let difference = zip(second.mean, first.mean).map { $0 - $1 }
    let factor = try Cholesky(covariance)
    let right = Matrix(rowCount: width, columnCount: 1, elements: difference)
    weights = factor.solvingLowerTransposed(factor.solvingLower(right)).elements
    threshold = zip(weights, zip(first.mean, second.mean)).reduce(0) {
      $0 + $1.0 * ($1.1.0 + $1.1.1) / 2
    }
  }

  /// Positive for rows on the second cloud's side. A score's bits do not depend on where its row
  /// stands, so equal rows tie.
  func scores(_ clouds: [Matrix<Float>]) -> [[Double]] {
    clouds.map { cloud in
      (0..<cloud.rowCount).map { row in
        zip(cloud.row(row), weights).reduce(-threshold) { $0 + Double($1.0) * $1.1 }
      }
    }
  }
}
