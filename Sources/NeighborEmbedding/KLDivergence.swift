import Foundation
import LinearAlgebra

/// The Kullback–Leibler divergence of a map from its affinities, in nats.
///
///     KL = Σ p_ij·ln(p_ij / q_ij),   q_ij = 1 / ((1 + |y_i − y_j|²)·Z)
///
/// over the entries of P, given Z.
///
/// - Complexity: O(number of entries), in parallel over blocks of rows that meet in order.
package func klDivergence(
  of map: Matrix<Double>, from affinities: SparseAffinities, normalizer: Double
) -> Double {
  let rows = BlockGrid(count: affinities.rowCount, size: 512)
  let logNormalizer = log(normalizer)
  let shares: [Double] = Parallel.map(rows.blockCount) { block in
    var sum = 0.0
    for i in rows.range(block) {
      let x = map.elements[2 * i]
      let y = map.elements[2 * i + 1]
      for entry in affinities.rowStart[i]..<affinities.rowStart[i + 1] {
        let p = affinities.values[entry]
        guard p > 0 else { continue }
        let j = Int(affinities.columns[entry])
        let dx = x - map.elements[2 * j]
        let dy = y - map.elements[2 * j + 1]
        sum += p * (log(p) + log(1 + dx * dx + dy * dy) + logNormalizer)
      }
    }
    return sum
  }
  return shares.reduce(0, +)
}
