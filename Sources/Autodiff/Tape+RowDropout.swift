internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// Rows that were gathered from a table, with the elements set to zero that
  /// ``dropout(_:rate:seed:)`` of the whole table sets to zero, and the others divided by 1 − rate:
  /// a row that occurs twice loses the same elements.
  ///
  /// - Shapes: x is n × d.
  /// - Parameter indices: Where in the table each row of x was.
  /// - Precondition: `rate` lies in 0..<1.
  /// - Complexity: O(n·d), however long the table is.
  public func dropout(
    _ x: Tensor, gatheredFrom indices: ArraySlice<Int32>, rate: Double, seed: UInt64
  ) -> Tensor {
    precondition(rate >= 0 && rate < 1, "dropout rate \(rate) is outside 0..<1")
    precondition(indices.count == x.rowCount, "\(indices.count) indices, \(x.rowCount) rows")
    guard rate > 0 else { return x }
    let width = x.columnCount
    let y = make(x.rowCount, width, from: x)
    nonisolated(unsafe) let mask = scratch(x.count)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    let kept = Float(1 / (1 - rate))
    let start = indices.startIndex
    forEachBlock(x.rowCount, size: 256) { rows in
      for row in rows {
        let place = Int(indices[start + row]) * width
        ad_dropout_mask(seed, place, width, rate, kept, mask + row * width)
        for i in row * width..<(row + 1) * width { target[i] = mask[i] * source[i] }
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      nonisolated(unsafe) let result = x.gradientToAddTo()
      forEachBlock(x.count) { range in
        for i in range { result[i] += mask[i] * gradient[i] }
      }
    }
    return y
  }
}
