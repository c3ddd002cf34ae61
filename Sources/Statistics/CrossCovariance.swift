import LinearAlgebra

/// The covariance between two modalities of the same items.
///
///     C = (X − 1μᵀ)ᵀ(Y − 1νᵀ) / n
///
/// Divided by n as the paper does, which is biased by (n − 1)/n; neither singular vectors nor the
/// projection built from them depend on that factor.
///
/// - Reference: [CLEAR26], Equations 3 and 4.
public struct CrossCovariance: Sendable, Equatable {
  /// Number of items n.
  public let itemCount: Int
  /// Column means μ of the first modality, p entries.
  public let firstMean: [Double]
  /// Column means ν of the second modality, q entries.
  public let secondMean: [Double]
  /// C, p × q.
  public let matrix: Matrix<Double>
}

/// Accumulates a ``CrossCovariance`` from batches of items.
///
/// Batches, shards and workers give the covariance of the whole: feed each its items and
/// ``merge(_:)`` the fitters. Sums are taken about the means of the first batch, so features far
/// from the origin lose no digits; those of a modality that is mostly zero about zero, so that its
/// zeros cost nothing.
public struct CrossCovarianceFitter: Sendable {
  private let firstWidth: Int
  private let secondWidth: Int
  private var itemCount = 0
  private var firstShift: [Double] = []
  private var secondShift: [Double] = []
  // About the shifts: Σ(x − a), Σ(y − b), Σ(x − a)(y − b)ᵀ.
  private var firstSum: [Double]
  private var secondSum: [Double]
  private var products: Matrix<Double>

  /// An empty accumulator for modalities of these widths.
  public init(firstWidth: Int, secondWidth: Int) {
    self.firstWidth = firstWidth
    self.secondWidth = secondWidth
    firstSum = [Double](repeating: 0, count: firstWidth)
    secondSum = [Double](repeating: 0, count: secondWidth)
    products = Matrix(rowCount: firstWidth, columnCount: secondWidth)
  }

  /// Adds a batch of items.
  ///
  /// - Shapes: `first` is b × p, `second` b × q; row i of both describes the same item.
  /// - Precondition: the shapes fit the fitter and each other.
  /// - Complexity: 2·b·p·q operations, in parallel over tiles of C; in proportion to the share of
  ///   non-zeros where a modality is mostly zero.
  public mutating func update(first: Matrix<Float>, second: Matrix<Float>) {
    precondition(
      first.columnCount == firstWidth && second.columnCount == secondWidth,
      "the fitter takes widths \(firstWidth) and \(secondWidth), "
        + "got \(first.columnCount) and \(second.columnCount)")
    precondition(
      first.rowCount == second.rowCount, "\(first.rowCount) and \(second.rowCount) rows")
    guard first.rowCount > 0 else { return }
    let firstMeans = columnMeans(first)
    let secondMeans = columnMeans(second)
    if itemCount == 0 {
      // One modality's means are enough for a precise covariance; features that are mostly zero
      // stay so if they are not shifted.
      let firstIsSparse = first.isMostlyZero
      let secondIsSparse = !firstIsSparse && second.isMostlyZero
      firstShift = firstIsSparse ? firstMeans.map { _ in 0 } : firstMeans
      secondShift = secondIsSparse ? secondMeans.map { _ in 0 } : secondMeans
    }
    let count = Double(first.rowCount)
    for i in 0..<firstWidth { firstSum[i] += count * (firstMeans[i] - firstShift[i]) }
    for i in 0..<secondWidth { secondSum[i] += count * (secondMeans[i] - secondShift[i]) }
    itemCount += first.rowCount
    addShiftedProducts(first, firstShift, second, secondShift, to: &products)
  }

  /// Adds what another fitter has seen.
  public mutating func merge(_ other: CrossCovarianceFitter) {
    precondition(
      other.firstWidth == firstWidth && other.secondWidth == secondWidth, "widths differ")
    guard other.itemCount > 0 else { return }
    guard itemCount > 0 else {
      self = other
      return
    }
    // Re-base the other's sums from its shifts (a′, b′) to ours: x − a = (x − a′) + α.
    let count = Double(other.itemCount)
    let alpha = zip(other.firstShift, firstShift).map { $0 - $1 }
    let beta = zip(other.secondShift, secondShift).map { $0 - $1 }
    for i in 0..<firstWidth {
      for j in 0..<secondWidth {
        products[i, j] +=
          other.products[i, j] + other.firstSum[i] * beta[j] + alpha[i] * other.secondSum[j]
          + count * alpha[i] * beta[j]
      }
    }
    for i in 0..<firstWidth { firstSum[i] += other.firstSum[i] + count * alpha[i] }
    for j in 0..<secondWidth { secondSum[j] += other.secondSum[j] + count * beta[j] }
    itemCount += other.itemCount
  }

  /// The covariance of everything seen so far.
  ///
  /// - Precondition: at least one item was added.
  public func fitted() -> CrossCovariance {
    precondition(itemCount > 0, "no items were added")
    let count = Double(itemCount)
    let firstOffset = firstSum.map { $0 / count }
    let secondOffset = secondSum.map { $0 / count }
    var matrix = products
    for i in 0..<firstWidth {
      for j in 0..<secondWidth {
        matrix[i, j] = products[i, j] / count - firstOffset[i] * secondOffset[j]
      }
    }
    return CrossCovariance(
      itemCount: itemCount,
      firstMean: zip(firstShift, firstOffset).map { $0 + $1 },
      secondMean: zip(secondShift, secondOffset).map { $0 + $1 },
      matrix: matrix)
  }
}

/// The covariance between two modalities held in memory.
///
/// - Shapes: `first` is n × p, `second` n × q.
/// - Precondition: both have the same positive number of rows.
/// - Complexity: 2·n·p·q operations, O(p·q) memory beyond the features.
public func crossCovariance(_ first: Matrix<Float>, _ second: Matrix<Float>) -> CrossCovariance {
  var fitter = CrossCovarianceFitter(
    firstWidth: first.columnCount, secondWidth: second.columnCount)
  fitter.update(first: first, second: second)
  return fitter.fitted()
}

/// The covariance (X − 1μᵀ)ᵀ(X − 1μᵀ)/n of one modality with itself, d × d.
///
/// - Precondition: there is at least one row.
/// - Complexity: n·d² operations: only tiles on and below the diagonal are computed.
public func covariance(_ matrix: Matrix<Float>) -> Matrix<Double> {
  let means = columnMeans(matrix)
  var products = Matrix<Double>(rowCount: matrix.columnCount, columnCount: matrix.columnCount)
  addShiftedProducts(matrix, means, matrix, means, to: &products, isSymmetric: true)
  let scale = 1 / Double(matrix.rowCount)
  for r in 0..<matrix.columnCount {
    for c in 0...r {
      let value = products[r, c] * scale
      products[r, c] = value
      products[c, r] = value
    }
  }
  return products
}
