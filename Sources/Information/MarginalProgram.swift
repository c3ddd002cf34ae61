import Foundation

/// The cells that may be occupied, and which marginals each one counts in.
struct MarginalProgram {
  /// One cell (v, t, y), cells of one (v, t) standing together.
  struct Cell {
    let pair: Int
    /// p(y).
    let weight: Double
    /// Its marginals among the constraints; the redundant one of each y is left out.
    let rows: [Int]
  }

  let cells: [Cell]
  /// Cells of each (v, t).
  let pairs: [Range<Int>]
  /// The marginals b.
  let marginals: [Double]
  /// V and T independent given Y: inside the feasible set.
  let start: [Double]

  init(_ table: JointTable) {
    let (first, second) = (table.firstTaskPairs, table.secondTaskPairs)
    var marginals: [Double] = []
    var rows: [[Int?]] = [
      Array(repeating: nil, count: first.count), Array(repeating: nil, count: second.count),
    ]
    var weights = [Double](repeating: 0, count: table.y)
    for y in 0..<table.y {
      for v in 0..<table.v where first[v * table.y + y] > 0 {
        weights[y] += first[v * table.y + y]
        rows[0][v * table.y + y] = marginals.count
        marginals.append(first[v * table.y + y])
      }
      // Both sides sum to p(y), so that one marginal follows from the others. The largest is left
      // out: the others would leave a small one to cancellation.
      let places = (0..<table.t).map { $0 * table.y + y }
      let largest = places.max { second[$0] < second[$1] }
      for place in places where second[place] > 0 && place != largest {
        rows[1][place] = marginals.count
        marginals.append(second[place])
      }
    }
    var cells: [Cell] = []
    var pairs: [Range<Int>] = []
    var start: [Double] = []
    for pair in 0..<table.v * table.t {
      let begin = cells.count
      for y in 0..<table.y {
        let v = pair / table.t * table.y + y
        let t = pair % table.t * table.y + y
        let q = weights[y] > 0 ? first[v] / weights[y] * second[t] : 0
        guard q > 0 else { continue }
        cells.append(
          Cell(
            pair: pairs.count, weight: weights[y],
            rows: [rows[0][v], rows[1][t]].compactMap(\.self)))
        start.append(q)
      }
      if cells.count > begin { pairs.append(begin..<cells.count) }
    }
    self.cells = cells
    self.pairs = pairs
    self.marginals = marginals
    self.start = start
  }

  /// Σ over each (v, t).
  func pairSums(_ values: [Double]) -> [Double] {
    pairs.map { range in range.reduce(0) { $0 + values[$1] } }
  }

  /// A·q.
  func marginals(of q: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: marginals.count)
    for (cell, value) in zip(cells, q) { for row in cell.rows { result[row] += value } }
    return result
  }

  /// Aᵀν.
  func spread(_ potentials: [Double]) -> [Double] {
    cells.map { cell in cell.rows.reduce(0) { $0 + potentials[$1] } }
  }

  /// ∇f in nats.
  func gradient(_ q: [Double]) -> [Double] {
    let sums = pairSums(q)
    return zip(cells, q).map { cell, value in log(value / (sums[cell.pair] * cell.weight)) }
  }

  /// f in nats.
  func information(_ q: [Double]) -> Double {
    zip(q, gradient(q)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The lower bound in nats that potentials give.
  func lowerBound(_ potentials: [Double]) -> Double {
    let exponents = zip(cells, spread(potentials)).map { cell, value in value + log(cell.weight) }
    let peak = exponents.max() ?? 0
    let largest = pairSums(exponents.map { exp($0 - peak) }).max() ?? 1
    return zip(marginals, potentials).reduce(0) { $0 + $1.0 * $1.1 } - peak - log(largest)
  }
}
