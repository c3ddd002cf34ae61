import Foundation
import LinearAlgebra

/// The conditional probabilities of each point's neighbours at a given perplexity.
///
///     p(j|i) = exp(−βᵢ·dᵢⱼ²) / Σ_l exp(−βᵢ·dᵢₗ²)
///
/// with βᵢ such that −Σ_j p(j|i)·ln p(j|i) = ln perplexity.
///
/// A row in which more neighbours than the perplexity share the smallest distance cannot reach it;
/// its probability is spread evenly over those, in the limit of large β.
///
/// - Returns: one entry for each of `neighbors.indices`; each row sums to 1.
/// - Complexity: O(n·k) exponentials for each step of the search, about ten.
/// - Reference: [MH08], Equation 1.
package func perplexityProbabilities(
  _ neighbors: ExactNeighbors, perplexity: Double
) -> [Double] {
  let width = neighbors.width
  let count = neighbors.squaredDistances.count / width
  var result = neighbors.squaredDistances
  let rows = BlockGrid(count: count, size: 128)
  result.withUnsafeMutableBufferPointer { values in
    let values = SharedBuffer(values)
    Parallel.forEach(rows.blockCount) { block in
      for row in rows.range(block) {
        let slice = UnsafeMutableBufferPointer(start: values.base + row * width, count: width)
        calibrate(slice, entropy: log(perplexity))
      }
    }
  }
  return result
}

/// Replaces squared distances, the smallest first, by probabilities of the given entropy.
private func calibrate(_ row: UnsafeMutableBufferPointer<Double>, entropy target: Double) {
  // Shifting all distances changes no probability and keeps the largest weight at 1.
  let nearest = row[0]
  var total = 0.0
  for index in row.indices {
    row[index] -= nearest
    total += row[index]
  }
  guard total > 0 else {
    row.update(repeating: 1 / Double(row.count))
    return
  }
  let precision = solvePrecision(row, entropy: target, start: Double(row.count) / total)
  var sum = 0.0
  for index in row.indices {
    row[index] = exp(-precision * row[index])
    sum += row[index]
  }
  for index in row.indices { row[index] /= sum }
}

/// β by Newton's method on ln β, kept inside the bracket that the steps so far have shown.
private func solvePrecision(
  _ distances: UnsafeMutableBufferPointer<Double>, entropy target: Double, start: Double
) -> Double {
  var precision = start
  var lower = 0.0
  var upper = Double.infinity
  for _ in 0..<100 {
    var sum = 0.0
    var first = 0.0
    var second = 0.0
    for distance in distances {
      let weight = exp(-precision * distance)
      let moment = weight * distance
      sum += weight
      first += moment
      second += moment * distance
    }
    let mean = first / sum
    let excess = log(sum) + precision * mean - target
    let variance = second / sum - mean * mean
    if abs(excess) < 1e-10 { return precision }
    if excess > 0 { lower = precision } else { upper = precision }
    // dH/d(ln β) = −β²·variance; without variance the weights have reached their limit.
    let slope = precision * precision * variance
    guard slope > 1e-300 else { return precision }
    let next = precision * exp(min(max(excess / slope, -3), 3))
    let middle = upper.isFinite ? (lower + upper) / 2 : 8 * lower
    let candidate = next > lower && next < upper ? next : middle
    guard candidate != precision, candidate.isFinite else { return precision }
    precision = candidate
  }
  return precision
}
