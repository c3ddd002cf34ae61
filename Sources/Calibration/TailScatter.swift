import LinearAlgebra
import Statistics

/// The second moments of both sides of a pair around group means and between them, as
/// ``TailNull`` needs them.
struct TailScatter {
  /// Σ_c τ_c/(n_c − 1)·S_c / n², r × r.
  let within: Matrix<Double>
  /// The part of the tail's CᵀC that comes from group means, r × r.
  let between: Matrix<Double>
  /// The part of the leading covariance that comes from group means, wide × narrow.
  let leadingMean: Matrix<Double>
  /// Variances of the leading scores around group means.
  let leadingVariances: [Double]
  /// τ_c, the trace of the tail's Gram matrix around the means of each group.
  let traces: [Double]
  /// Σ_c tr K_c·tr L_c/n_c.
  let diagonal: Double

  /// - Complexity: O(n·(d + r²)), and O(groups·d·r) where there are several groups.
  init(_ wide: PrincipalFactors, _ narrow: PrincipalFactors, groups: [[Int]]) {
    let n = wide.itemCount
    let leadingEnergies = wide.scores.rowEnergies
    let narrowEnergies = narrow.scores.rowEnergies
    let tailEnergies = zip(wide.energies, leadingEnergies).map { max(0, $0 - $1) }
    let narrowMeans = groupMeans(narrow.scores, groups: groups)
    let wideMeans = groupMeans(wide.scores, groups: groups)
    var meanEnergies = [Double](repeating: 0, count: groups.count)
    if groups.count > 1 {
      let features = groupMeans(wide.features, groups: groups, center: wide.mean)
      meanEnergies = zip(features.rowEnergies, wideMeans.rowEnergies).map { max(0, $0 - $1) }
      let moments = Matrix<Double>(product(features, .transposed, narrowMeans, .none))
      let beyond = withoutComponents(along: wide.basis, moments)
        .scaled(by: 1 / Double(n))
      between = product(beyond, .transposed, beyond, .none)
    } else {
      between = Matrix(rowCount: narrow.rank, columnCount: narrow.rank)
    }
    leadingMean = Matrix<Double>(product(wideMeans, .transposed, narrowMeans, .none))
      .scaled(by: 1 / Double(n))
    let spread = centered(wide.scores, groups: groups, scaledMeans: wideMeans)
    leadingVariances = (0..<wide.rank).map { column in
      (0..<n).reduce(0) {
        let value = Double(spread.elements[$1 * wide.rank + column])
        return $0 + value * value
      } / Double(n)
    }
    var traces = [Double](repeating: 0, count: groups.count)
    var weights = [Float](repeating: 0, count: n)
    var diagonal = 0.0
    for (index, group) in groups.enumerated() {
      let energy = group.reduce(0) { $0 + tailEnergies[$1] }
      diagonal += energy * group.reduce(0) { $0 + narrowEnergies[$1] } / Double(group.count)
      // A group of one has no scatter; rounding must not give it any.
      guard group.count > 1 else { continue }
      traces[index] = max(0, energy - meanEnergies[index])
      let weight = Float((traces[index] / Double(group.count - 1)).squareRoot() / Double(n))
      for item in group { weights[item] = weight }
    }
    self.traces = traces
    self.diagonal = diagonal
    var rows = centered(narrow.scores, groups: groups, scaledMeans: narrowMeans)
    for item in 0..<n {
      for column in 0..<narrow.rank { rows[item, column] *= weights[item] }
    }
    within = Matrix<Double>(product(rows, .transposed, rows, .none))
  }
}

extension PrincipalFactors {
  /// ‖K‖²_F/n² of the tail's Gram matrix around group means.
  ///
  /// - Complexity: 4·n·d·32 operations for several groups, known already for one.
  func squaredTailNorm(within groups: [[Int]], streams: RandomStreams) -> Double {
    guard groups.count > 1 else { return squaredTailNorm }
    let probes = Self.probes(itemCount, streams: streams)
    let image = tailImage(
      of: centered(probes, groups: groups, scaledMeans: groupMeans(probes, groups: groups)))
    return centered(image, groups: groups, scaledMeans: groupMeans(image, groups: groups))
      .squaredFrobeniusNorm / Double(Self.probeCount)
  }
}

/// √n_c times the mean of each group's rows less the centre, groups × width.
private func groupMeans(
  _ matrix: Matrix<Float>, groups: [[Int]], center: [Double]? = nil
) -> Matrix<Float> {
  let width = matrix.columnCount
  let rows: [[Float]] = Parallel.map(groups.count) { index in
    var sums = [Double](repeating: 0, count: width)
    for item in groups[index] {
      let start = item * width
      for column in 0..<width { sums[column] += Double(matrix.elements[start + column]) }
    }
    let count = Double(groups[index].count)
    let root = count.squareRoot()
    return (0..<width).map { column in
      Float(sums[column] / root - root * (center?[column] ?? 0))
    }
  }
  return Matrix(rowCount: groups.count, columnCount: width, elements: rows.flatMap { $0 })
}

/// Rows less the means of their groups.
private func centered(
  _ matrix: Matrix<Float>, groups: [[Int]], scaledMeans: Matrix<Float>
) -> Matrix<Float> {
  var result = matrix
  let width = matrix.columnCount
  for (index, group) in groups.enumerated() {
    let root = Float(Double(group.count).squareRoot())
    for item in group {
      for column in 0..<width {
        result.elements[item * width + column] -= scaledMeans[index, column] / root
      }
    }
  }
  return result
}
