import Foundation

/// A joint distribution of three discrete variables V, T and Y.
package struct JointTable: Sendable {
  private let counts: (v: Int, t: Int, y: Int)
  private let probabilities: [Double]

  /// - Parameter weights: Non-negative, v-major then t then y; scaled to sum to 1.
  /// - Precondition: there is one weight for each cell and a positive one among them.
  package init(v: Int, t: Int, y: Int, weights: [Double]) {
    let total = weights.reduce(0, +)
    precondition(weights.count == v * t * y && total > 0, "a table needs a weight for each cell")
    counts = (v, t, y)
    probabilities = weights.map { $0 / total }
  }

  /// Y = V xor T with V and T independent fair coins.
  package static let exclusiveOr = JointTable(
    v: 2, t: 2, y: 2, weights: [1, 0, 0, 1, 0, 1, 1, 0])

  /// I(V;T) in bits.
  package var modalities: Double { information { ($0.v, $0.t) } }
  /// I(V;Y), I(T;Y) and I(V,T;Y) in bits.
  package var firstTask: Double { information { ($0.v, $0.y) } }
  package var secondTask: Double { information { ($0.t, $0.y) } }
  package var jointTask: Double { information { ($0.v * counts.t + $0.t, $0.y) } }

  /// I(V;T|Y) in bits, the mean over y of the information between V and T given Y = y.
  package var modalitiesGivenTask: Double {
    (0..<counts.y).reduce(0) { sum, y in
      let slice = cells.filter { $0.y == y }
      let weight = slice.reduce(0) { $0 + $1.p }
      guard weight > 0 else { return sum }
      return sum + weight * Self.information(slice.map { ($0.v, $0.t, $0.p / weight) })
    }
  }

  /// I(V;T) − I(V;T|Y), which Equation 2 calls redundancy.
  package var bracket: Double { modalities - modalitiesGivenTask }

  /// |bracket − (I(V;Y) + I(T;Y) − I(V,T;Y))|, zero but for rounding.
  package var identityError: Double { abs(bracket - (firstTask + secondTask - jointTask)) }

  private typealias Cell = (v: Int, t: Int, y: Int, p: Double)

  private var cells: [Cell] {
    probabilities.enumerated().map { index, p in
      (index / (counts.t * counts.y), index / counts.y % counts.t, index % counts.y, p)
    }
  }

  private func information(_ pair: (Cell) -> (Int, Int)) -> Double {
    Self.information(
      cells.map { cell in
        let (a, b) = pair(cell)
        return (a, b, cell.p)
      })
  }

  /// Σ p(a, b) log₂(p(a, b) / p(a)p(b)).
  private static func information(_ entries: [(Int, Int, Double)]) -> Double {
    var joint: [[Int]: Double] = [:]
    var order: [[Int]] = []
    var first: [Int: Double] = [:]
    var second: [Int: Double] = [:]
    for (a, b, p) in entries where p > 0 {
      if joint[[a, b]] == nil { order.append([a, b]) }
      joint[[a, b], default: 0] += p
      first[a, default: 0] += p
      second[b, default: 0] += p
    }
    // Summed in order of appearance: a dictionary's own order changes from run to run.
    return order.reduce(0) { sum, key in
      let p = joint[key, default: 0]
      let independent = first[key[0], default: 1] * second[key[1], default: 1]
      return sum + p * log2(p / independent)
    }
  }
}
