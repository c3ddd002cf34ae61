import Autodiff
import LinearAlgebra

/// A row of numbers over all items for each user of a batch, of low rank but for the users' own
/// training items, and never written out:
///
///     rows = diag(s)·(L·Qᵀ + E)
///
/// A product with it costs as much as those with L and Q.
package struct AffinityRows {
  /// L, batch × width.
  private let left: Tensor
  /// Q, items × width.
  private let right: Tensor
  /// Values of E at the users' own items, entries × 1.
  private let values: Tensor
  /// The training items of every user of the batch.
  private let own: SparsePattern
  /// Squared lengths of the rows of L·Qᵀ + E, batch × 1.
  private let squares: Tensor
  /// s = 1/√squares, batch × 1; 0 for a row of zeros.
  private let scales: Tensor

  private init(
    left: Tensor, right: Tensor, values: Tensor, own: SparsePattern, squares: Tensor, on tape: Tape
  ) {
    self.left = left
    self.right = right
    self.values = values
    self.own = own
    self.squares = squares
    scales = tape.inverseSquareRoot(squares)
  }

  /// The affinities ⟨p_u, q_i⟩, zero at the users' own items, in rows of length 1; a row of zeros
  /// stays one.
  ///
  /// A row's squared length is p_u·(Qᵀ·Q)·p_uᵀ less the squares at its own items.
  package init(users p: Tensor, items q: Tensor, own: SparsePattern, on tape: Tape) {
    let dots = tape.rowDots(p, q, at: own)
    let all = tape.rowDots(tape.product(p, tape.product(transposed: q, q)), p)
    self.init(
      left: p, right: q, values: tape.scaled(dots, by: -1), own: own,
      squares: tape.difference(all, tape.rowSums(tape.squared(dots), of: own)), on: tape)
  }

  /// `share` at the users' own items plus `weight` times the affinities, which are zero there, in
  /// rows of length 1.
  ///
  /// - Parameter ones: A one for every item.
  package init(
    share: Tensor, plus affinities: AffinityRows, weight: Double, ones: Tensor, on tape: Tape
  ) {
    let factors = tape.scaled(affinities.scales, by: weight)
    let lengths = tape.multiplied(affinities.squares, tape.squared(factors))
    let own = affinities.own
    self.init(
      left: tape.scaledRows(affinities.left, by: factors), right: affinities.right,
      values: tape.sum(
        share, tape.scaled(affinities.values, byRows: factors, columns: ones, at: own)),
      own: own, squares: tape.sum(tape.rowSums(tape.squared(share), of: own), lengths), on: tape)
  }

  /// rows·W, batch × m, for a matrix W of items × m.
  package func product(_ w: Tensor, on tape: Tape) -> Tensor {
    let lowRank = tape.product(left, transposed: tape.product(transposed: w, right))
    return tape.scaledRows(
      tape.sum(lowRank, tape.product(own, values: values, w)), by: scales)
  }

  /// The `count` items with the largest number in every row, largest first, ties by lower index.
  ///
  /// - Parameter tape: Holds some rows at a time; it begins a step for each.
  package func nearest(_ count: Int, on tape: Tape) -> [Int32] {
    let itemCount = right.rowCount
    let grid = BlockGrid(count: left.rowCount, size: 128)
    return (0..<grid.blockCount).flatMap { block in
      let rows = grid.range(block)
      tape.begin()
      let tile = tape.product(tape.rows(rows, of: left), transposed: right)
      nonisolated(unsafe) let (scores, additions) = (tile.value, values.value)
      let lists = Parallel.map(rows.count) { place in
        let row = scores + place * itemCount
        for entry in own.rowStarts[rows.lowerBound + place]..<own.rowStarts[
          rows.lowerBound + place + 1]
        { row[Int(own.columns[entry])] += additions[entry] }
        return largest(count, of: UnsafeBufferPointer(start: row, count: itemCount))
      }
      return lists.flatMap { $0 }
    }
  }
}

/// The places of the `count` largest numbers, largest first, ties by lower place.
private func largest(_ count: Int, of numbers: UnsafeBufferPointer<Float>) -> [Int32] {
  var best: [(number: Float, place: Int32)] = []
  for (place, number) in numbers.enumerated() {
    if best.count == count {
      guard let last = best.last, number > last.number else { continue }
      best.removeLast()
    }
    let behind = best.lastIndex { $0.number >= number }.map { $0 + 1 } ?? 0
    best.insert((number, Int32(place)), at: behind)
  }
  return best.map(\.place)
}
