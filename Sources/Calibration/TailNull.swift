import LinearAlgebra
import Statistics

/// What the tail of the wide modality adds to CᵀC when the pairing is random, given what its
/// leading coordinates add.
///
/// For relabelings within groups c of n_c items, with S_c the scatter of the narrow scores around
/// their group means and τ_c the trace of the tail's Gram matrix K around its group means,
///
///     E[NᵀPᵀKPN]/n² = B + M,   M = Σ_c τ_c/(n_c − 1)·S_c / n²
///
/// where B comes from the group means alone, which no relabeling moves. For free relabelings there
/// is one group: B = 0 and M = τ/(n − 1)·Σ_N with τ = tr(W⊥W⊥ᵀ)/n.
///
/// Items have only n − 1 dimensions: what the narrow scores spend on the r leading coordinates they
/// do not have for the tail. Given F = WᵀPN/n less its part from group means, a random rotation of
/// the items' m = Σ_c(n_c − 1) dimensions has the mean
///
///     m/(m − r)·M − c·FᵀΛ⁻¹F,   c = (Σ_c τ_c/n)/(m − r)
///
/// with Λ the variances of the leading scores around group means. The second term is taken off by
/// multiplying row j of F by √(1 − c/λⱼ).
///
/// The mean alone would make the null too narrow: eigenvalues of the sum spread. Each draw is
/// therefore R·A·Rᵀ with R·Rᵀ = m/(m − r)·M and A a Wishart matrix of mean 1 and ν degrees of
/// freedom, for the variance that a random rotation gives every direction,
///
///     1/ν = ‖K‖²_F/(tr K)² − 1/(m − r)
///
/// For white noise ν is the number of directions in the tail. What B and the fluctuation have in
/// common is left out; its mean is zero.
///
/// - Reference: moments of random rotations, [Wei78]; Wishart draws, [OF66].
struct TailNull: Sendable {
  /// E[CᵀC] of the tail, r × r.
  let expected: Matrix<Double>
  /// Σ_c tr K_c·tr L_c/n_c: the expectation of Σᵢ KᵢᵢLᵢᵢ over the relabelings.
  let expectedDiagonal: Double
  /// ν; nil when the tail does not vary.
  let freedom: Double?
  /// The part of the leading covariance that comes from group means, wide × narrow.
  private let leadingMean: Matrix<Double>
  /// √(1 − c/λⱼ).
  private let damping: [Double]
  private let between: Matrix<Double>
  /// R.
  private let root: Matrix<Double>

  /// The null of the tail, or nil when the wide side has none.
  ///
  /// - Complexity: 4·n·d·32 operations where there are groups, O(n·r²) besides.
  init?(
    _ pair: PairedFactors, groups: [[Int]]?, streams: RandomStreams
  ) throws(LinearAlgebraError) {
    guard !pair.wide.isExact else { return nil }
    let (wide, narrow) = (pair.wide, pair.narrow)
    let n = Double(wide.itemCount)
    let groups = groups ?? [Array(0..<wide.itemCount)]
    let scatter = TailScatter(wide, narrow, groups: groups)
    let dimensions = groups.reduce(0) { $0 + Double($1.count - 1) }
    // With fewer dimensions the rotation has no room left for the tail to move on its own.
    let isRoomy = dimensions >= Double(2 * wide.rank)
    let share = isRoomy ? dimensions / (dimensions - Double(wide.rank)) : 1
    let trace = scatter.traces.reduce(0, +)
    let perDimension = isRoomy ? trace / n / (dimensions - Double(wide.rank)) : 0
    damping = scatter.leadingVariances.map {
      $0 > 0 ? max(0, 1 - perDimension / $0).squareRoot() : 0
    }
    leadingMean = scatter.leadingMean
    between = scatter.between
    expected = scatter.between + scatter.within
    expectedDiagonal = scatter.diagonal
    let eigen = try symmetricEigen(scatter.within)
    root = eigen.vectors.scalingColumns(by: eigen.values.map { max(0, $0 * share).squareRoot() })
    let squared = wide.squaredTailNorm(within: groups, streams: streams)
    let isotropic = zip(groups, scatter.traces).reduce(0) {
      $1.0.count > 1 ? $0 + $1.1 * $1.1 / Double($1.0.count - 1) : $0
    }
    let excess = squared * n * n - isotropic * share
    // Below this share the fluctuation is less than a thousandth of the mean.
    freedom = excess > 1e-6 * trace * trace && trace > 0 ? max(1, trace * trace / excess) : nil
  }

  /// What of a relabelled leading covariance is left when the tail's conditional mean is taken off.
  func damped(_ cross: Matrix<Double>) -> Matrix<Double> {
    var result = cross
    for row in 0..<cross.rowCount {
      for column in 0..<cross.columnCount {
        let fixed = leadingMean.elements[row * cross.columnCount + column]
        result.elements[row * cross.columnCount + column] =
          fixed + damping[row] * (cross.elements[row * cross.columnCount + column] - fixed)
      }
    }
    return result
  }

  /// One draw of the tail's part of CᵀC, r × r.
  ///
  /// - Complexity: O(r³).
  func draw(using generator: inout some RandomNumberGenerator) -> Matrix<Double> {
    let factor =
      freedom.map { wishartFactor(order: root.columnCount, freedom: $0, using: &generator) }
      ?? .identity(root.columnCount)
    // The transpose, so that its Gram matrix is the one wanted.
    var image = Matrix<Double>(rowCount: factor.columnCount, columnCount: root.rowCount)
    guard !image.elements.isEmpty else { return between }
    image.elements.withUnsafeMutableBufferPointer { target in
      factor.elements.withUnsafeBufferPointer { factor in
        root.elements.withUnsafeBufferPointer { root in
          DenseKernels.gemm(
            .init(
              base: factor.baseAddress!, stride: target.count / self.root.rowCount,
              transposition: .transposed),
            .init(
              base: root.baseAddress!, stride: self.root.columnCount, transposition: .transposed),
            .init(
              base: target.baseAddress!, stride: self.root.rowCount,
              rows: target.count / self.root.rowCount, columns: self.root.rowCount,
              inner: self.root.columnCount))
        }
      }
    }
    return between + gram(image)
  }
}
