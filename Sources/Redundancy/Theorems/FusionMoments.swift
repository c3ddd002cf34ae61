import LinearAlgebra

/// Mean products of the parts of two modalities of equal width.
struct FusionMoments {
  /// ⟨‖v∥‖²⟩, ⟨‖v⊥‖²⟩, ⟨‖t∥‖²⟩, ⟨‖t⊥‖²⟩.
  let firstParallel, firstPerpendicular, secondParallel, secondPerpendicular: Double
  /// ⟨v∥·t∥⟩, ⟨v∥·t⊥⟩, ⟨v⊥·t∥⟩, ⟨v⊥·t⊥⟩.
  let bothParallel, parallelPerpendicular, perpendicularParallel, bothPerpendicular: Double
  /// ⟨‖v‖²⟩, ⟨‖t‖²⟩, ⟨v·t⟩.
  let first, second, inner: Double
  /// ⟨‖αv + βt‖²⟩ for each pair of ``weights``, with the sum formed item by item.
  let fused: [Double]

  /// Weights (α, β) at which the fusion is formed; the first pair is the paper's plain sum.
  static let weights: [(Double, Double)] = [(1, 1), (0.7, 1.3), (2, -0.5)]

  /// - Parameter isCentered: Whether the column means are taken off first.
  /// - Complexity: 8·n·d·k operations, in parallel over blocks of rows.
  init(_ evidence: TheoremEvidence, isCentered: Bool) {
    let context = evidence.context
    let zeros = [Double](repeating: 0, count: context.first.columnCount)
    let centers = isCentered
      ? (evidence.covariance.firstMean, evidence.covariance.secondMean) : (zeros, zeros)
    let u = context.subspace.first.leadingColumns(context.rank)
    let w = context.subspace.second.leadingColumns(context.rank)
    let grid = BlockGrid(count: evidence.itemCount, size: 256)
    let partials = Parallel.map(grid.blockCount) { block in
      let rows = grid.range(block)
      let v = SplitRows(context.first, rows: rows, center: centers.0, basis: u)
      let t = SplitRows(context.second, rows: rows, center: centers.1, basis: w)
      let wholeV = centeredRows(context.first, rows, center: centers.0)
      let wholeT = centeredRows(context.second, rows, center: centers.1)
      var sums = [
        v.parallel.squaredNorm, v.perpendicular.squaredNorm,
        t.parallel.squaredNorm, t.perpendicular.squaredNorm,
        v.parallel.innerProduct(t.parallel),
        v.parallel.innerProduct(t.perpendicular),
        v.perpendicular.innerProduct(t.parallel),
        v.perpendicular.innerProduct(t.perpendicular),
        wholeV.squaredNorm, wholeT.squaredNorm,
        wholeV.innerProduct(wholeT),
      ]
      for (alpha, beta) in Self.weights {
        var fused = wholeV.scaled(by: alpha)
        fused.subtract(wholeT, times: -beta)
        sums.append(fused.squaredNorm)
      }
      return sums
    }
    var means = [Double](repeating: 0, count: 11 + Self.weights.count)
    for partial in partials {
      for index in means.indices { means[index] += partial[index] }
    }
    for index in means.indices { means[index] /= Double(evidence.itemCount) }
    firstParallel = means[0]
    firstPerpendicular = means[1]
    secondParallel = means[2]
    secondPerpendicular = means[3]
    bothParallel = means[4]
    parallelPerpendicular = means[5]
    perpendicularParallel = means[6]
    bothPerpendicular = means[7]
    first = means[8]
    second = means[9]
    inner = means[10]
    fused = Array(means[11...])
  }

  /// What every identity's error is relative to.
  var scale: Double { first + second }
}
