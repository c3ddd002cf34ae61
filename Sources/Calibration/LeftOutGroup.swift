import LinearAlgebra

/// The statistics of all items but those of one group.
struct LeftOutGroup: Sendable {
  let singularValues: [Double]
  let debiasedAlignment: Double?

  /// - Complexity: O(n·r + r³).
  init(
    _ group: Int, of moments: GroupMoments, in pair: PairedFactors, _ alignment: PairAlignment
  ) throws(LinearAlgebraError) {
    let chosen = moments.counts.indices.filter { $0 != group }
    let part = moments.moments(of: chosen)
    singularValues = try pair.singularValues(part.cross, tail: pair.tailGram)
    guard alignment.debiasedScale != nil, part.itemCount > 3 else {
      debiasedAlignment = nil
      return
    }
    let n = Double(pair.itemCount)
    let m = Double(part.itemCount)
    let all = AlignmentSums(pair, alignment, without: nil, moments, nil)
    let kept = AlignmentSums(pair, alignment, without: group, moments, part)
    let norms = moments.squaredNorms(of: chosen, part)
    // Diagonals of the tail's Gram matrix count once and are divided by m², not n².
    let energy =
      part.cross.squaredFrobeniusNorm + (pair.tailGram?.trace ?? 0)
      - all.tailProducts / (n * n) + kept.tailProducts / (m * m)
    let tailSquare =
      pair.wide.squaredNorm - pair.wide.variances.reduce(0) { $0 + $1 * $1 }
      - all.tailSquares / (n * n) + kept.tailSquares / (m * m)
    let squares = [norms.wide + (pair.wide.isExact ? 0 : tailSquare), norms.narrow]
    let own = [
      PairAlignment.unbiased(
        squares[0], diagonal: kept.wideSquares, traces: kept.wide * kept.wide, itemCount: m),
      PairAlignment.unbiased(
        squares[1], diagonal: kept.narrowSquares, traces: kept.narrow * kept.narrow,
        itemCount: m),
    ]
    debiasedAlignment = PairAlignment.scale(own, of: squares).map {
      PairAlignment.unbiased(
        energy, diagonal: kept.products, traces: kept.wide * kept.narrow, itemCount: m) / $0
    }
  }
}

/// Sums over items of aᵢ = ‖xᵢ − μ‖² and bᵢ = ‖yᵢ − ν‖², the diagonals of the Gram matrices.
private struct AlignmentSums {
  private(set) var wide = 0.0
  private(set) var narrow = 0.0
  private(set) var products = 0.0
  private(set) var wideSquares = 0.0
  private(set) var narrowSquares = 0.0
  /// Σ (aᵢ − leading part of aᵢ)·bᵢ.
  private(set) var tailProducts = 0.0
  /// Σ aᵢ² − Σ (leading part of aᵢ)².
  private(set) var tailSquares = 0.0

  /// The sums over all items, or over those outside `group` around the means of `part`.
  init(
    _ pair: PairedFactors, _ alignment: PairAlignment, without group: Int?,
    _ moments: GroupMoments, _ part: GroupMoments.Moments?
  ) {
    let wideShift = pair.wide.scores.recentering(by: part?.wideMean)
    let narrowShift = pair.narrow.scores.recentering(by: part?.narrowMean)
    for item in 0..<pair.itemCount where moments.groups[item] != group {
      let a = alignment.wideEnergies[item] + wideShift[item]
      let leading = alignment.wideLeadingEnergies[item] + wideShift[item]
      let b = alignment.narrowEnergies[item] + narrowShift[item]
      wide += a
      narrow += b
      products += a * b
      wideSquares += a * a
      narrowSquares += b * b
      tailProducts += (a - leading) * b
      tailSquares += a * a - leading * leading
    }
  }
}

extension Matrix where Scalar == Float {
  /// ‖s − δ‖² − ‖s‖² of every row s; zeros without δ.
  fileprivate func recentering(by shift: [Double]?) -> [Double] {
    guard let shift else { return [Double](repeating: 0, count: rowCount) }
    let square = shift.reduce(0) { $0 + $1 * $1 }
    return (0..<rowCount).map { row in
      var inner = 0.0
      for column in 0..<columnCount {
        inner += Double(elements[row * columnCount + column]) * shift[column]
      }
      return square - 2 * inner
    }
  }
}

extension Matrix where Scalar == Double {
  /// The sum of the diagonal.
  var trace: Double { (0..<Swift.min(rowCount, columnCount)).reduce(0) { $0 + self[$1, $1] } }
}
