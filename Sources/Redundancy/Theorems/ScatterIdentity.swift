import LinearAlgebra

/// How exactly scatter adds up within and across a subspace.
///
/// - Reference: [Fuk90], Section 10.2 (S_total = S_B + S_W).
struct ScatterIdentity {
  /// |tr S_total − tr S_B − tr S_W| / tr S_total inside the subspace; nil without scatter there.
  let parallelError: Double?
  /// The same outside it.
  let perpendicularError: Double?
  /// The largest |x∥·x⊥| / ‖x‖² over the items.
  let orthogonalityError: Double

  /// Measures the identity with sums about class means and about the overall mean, separately.
  ///
  /// - Shapes: `basis` is d × k for features of width d; `groups` hold row numbers.
  /// - Complexity: 8·n·d·k operations, in parallel over the groups.
  init(
    _ features: Matrix<Float>, center: [Double], basis: Matrix<Double>, groups: [[Int]]
  ) {
    let sums = Parallel.map(groups.count) { index in
      var sums = [[Double]](repeating: [Double](repeating: 0, count: center.count), count: 2)
      Self.forEachSplit(features, groups[index], center: center, basis: basis) { split in
        addRows(split.parallel, to: &sums[0])
        addRows(split.perpendicular, to: &sums[1])
      }
      return sums
    }
    let count = groups.reduce(0) { $0 + $1.count }
    let overall = (0..<2).map { side in
      center.indices.map { column in
        sums.reduce(0) { $0 + $1[side][column] } / Double(max(count, 1))
      }
    }
    let scatters = Parallel.map(groups.count) { index in
      let means = sums[index].map { side in side.map { $0 / Double(groups[index].count) } }
      var scatter = Scatter()
      Self.forEachSplit(features, groups[index], center: center, basis: basis) { split in
        scatter.add(split, classMeans: means, overallMeans: overall)
      }
      for side in 0..<2 {
        scatter.between[side] =
          Double(groups[index].count) * squaredDistance(means[side], overall[side])
      }
      return scatter
    }
    func error(_ side: Int) -> Double? {
      let total = scatters.reduce(0) { $0 + $1.total[side] }
      let parts = scatters.reduce(0) { $0 + $1.between[side] + $1.within[side] }
      return ratio(abs(total - parts), total)
    }
    parallelError = error(0)
    perpendicularError = error(1)
    orthogonalityError = scatters.reduce(0) { max($0, $1.orthogonalityError) }
  }

  /// Traces of one class's scatter matrices, inside and outside the subspace.
  private struct Scatter {
    var within = [0.0, 0]
    var between = [0.0, 0]
    var total = [0.0, 0]
    var orthogonalityError = 0.0

    mutating func add(_ split: SplitRows, classMeans: [[Double]], overallMeans: [[Double]]) {
      for (side, part) in [split.parallel, split.perpendicular].enumerated() {
        within[side] += squaredDistances(part, to: classMeans[side])
        total[side] += squaredDistances(part, to: overallMeans[side])
      }
      for row in 0..<split.parallel.rowCount {
        let inside = split.parallel.row(row)
        let outside = split.perpendicular.row(row)
        let energy = dot(inside, inside) + dot(outside, outside)
        if energy > 0 {
          orthogonalityError = max(orthogonalityError, abs(dot(inside, outside)) / energy)
        }
      }
    }
  }

  /// Splits the group's rows by blocks, so that a large class needs little memory.
  private static func forEachSplit(
    _ features: Matrix<Float>, _ group: [Int], center: [Double], basis: Matrix<Double>,
    _ body: (SplitRows) -> Void
  ) {
    let grid = BlockGrid(count: group.count, size: 32)
    for block in 0..<grid.blockCount {
      body(SplitRows(features, rows: group[grid.range(block)], center: center, basis: basis))
    }
  }
}

private func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}

/// Adds every row to `sums`.
private func addRows(_ matrix: Matrix<Double>, to sums: inout [Double]) {
  let width = matrix.columnCount
  matrix.elements.withUnsafeBufferPointer { source in
    sums.withUnsafeMutableBufferPointer { sums in
      for row in 0..<matrix.rowCount {
        let start = row * width
        for column in 0..<width { sums[column] += source[start + column] }
      }
    }
  }
}

/// Σ‖row − center‖².
private func squaredDistances(_ matrix: Matrix<Double>, to center: [Double]) -> Double {
  let width = matrix.columnCount
  return matrix.elements.withUnsafeBufferPointer { source in
    center.withUnsafeBufferPointer { center in
      var sum = 0.0
      for row in 0..<matrix.rowCount {
        let start = row * width
        for column in 0..<width {
          let difference = source[start + column] - center[column]
          sum += difference * difference
        }
      }
      return sum
    }
  }
}
