internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// 1/max(‖x_r‖, floor) of every row r, n × 1: what rows of another matrix are divided by when
  /// they stand for those of x. Below the floor there is no gradient.
  ///
  /// - Complexity: O(elements).
  public func inverseRowNorms(_ x: Tensor, floor: Double = 1e-12) -> Tensor {
    let width = x.columnCount
    let y = make(x.rowCount, 1, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    // In double precision throughout: of norms near the floor, single precision has no squares.
    @Sendable func norm(_ row: Int) -> Double {
      var sum = 0.0
      for i in row * width..<(row + 1) * width { sum += Double(source[i]) * Double(source[i]) }
      return sum.squareRoot()
    }
    forEachBlock(x.rowCount, size: 256) { rows in
      for row in rows { target[row] = Float(1 / max(norm(row), floor)) }
    }
    record(y) { gradient in
      nonisolated(unsafe) let (gradient, result) = (gradient, x.gradientToAddTo())
      forEachBlock(x.rowCount, size: 256) { rows in
        for row in rows {
          let norm = norm(row)
          guard norm > floor else { continue }
          let factor = -Double(gradient[row]) / (norm * norm * norm)
          for i in row * width..<(row + 1) * width {
            result[i] += Float(factor * Double(source[i]))
          }
        }
      }
    }
    return y
  }

  /// Σ_R ‖x_R‖_F over the lists R of rows of x, 1 × 1; a row counts as often as it occurs. The
  /// gradient of a norm at zero is taken as zero.
  ///
  ///     ‖x_R‖²_F = Σ_r n_R(r)·‖x_r‖²,  ∂‖x_R‖_F/∂x_r = n_R(r)·x_r/‖x_R‖_F
  ///
  /// for n_R(r) times that R has row r: every row is read once, however often it occurs.
  ///
  /// - Complexity: O(rows in the lists · columns + lists · rows of x).
  public func frobeniusNorms(_ x: Tensor, rows lists: [ArraySlice<Int32>]) -> Tensor {
    let (n, width, listCount) = (x.rowCount, x.columnCount, lists.count)
    let y = make(1, 1, from: x)
    nonisolated(unsafe) let (source, counts) = (x.value, scratch(n * listCount))
    counts.update(repeating: 0, count: n * listCount)
    for (list, rows) in lists.enumerated() {
      for row in rows { counts[Int(row) * listCount + list] += 1 }
    }
    let norms = columnTotals(n, listCount) { rows, sums in
      for row in rows {
        let counts = counts + row * listCount
        guard (0..<listCount).contains(where: { counts[$0] > 0 }) else { continue }
        let square = VectorKernels.dot(source + row * width, source + row * width, count: width)
        for list in 0..<listCount { sums[list] += Double(counts[list]) * square }
      }
    }
    for list in norms.indices { norms[list] = norms[list].squareRoot() }
    y.value[0] = Float(norms.reduce(0, +))
    nonisolated(unsafe) let scales = scratch(n)
    record(y) { gradient in
      let factors = norms.map { $0 > 0 ? Float(Double(gradient[0]) / $0) : 0 }
      let (base, accumulates) = x.gradientToWrite()
      nonisolated(unsafe) let result = base
      forEachBlock(n, size: 256) { rows in
        for row in rows {
          scales[row] = 0
          for list in 0..<listCount {
            scales[row] += factors[list] * counts[row * listCount + list]
          }
        }
        let (first, at) = (rows.lowerBound, rows.lowerBound * width)
        ad_scale_rows(
          source + at, width, scales + first, 1, rows.count, width, accumulates ? 1 : 0,
          result + at, width)
      }
    }
    return y
  }
}
