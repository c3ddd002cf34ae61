internal import CAutodiff
import Foundation

extension Tape {
  /// The softmax of every row.
  public func softmax(_ x: Tensor) -> Tensor {
    let y = make(x.rowCount, x.columnCount, from: x)
    let width = x.columnCount
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    forEachBlock(x.rowCount, size: 256) { rows in
      for row in rows {
        let (x, y) = (source + row * width, target + row * width)
        let peak = (0..<width).reduce(-Float.infinity) { max($0, x[$1]) }
        var sum = 0.0
        for i in 0..<width {
          y[i] = exp(x[i] - peak)
          sum += Double(y[i])
        }
        for i in 0..<width { y[i] = Float(Double(y[i]) / sum) }
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      nonisolated(unsafe) let result = x.gradientToAddTo()
      forEachBlock(y.rowCount, size: 256) { rows in
        for row in rows {
          let start = row * width
          var along = 0.0
          for i in start..<start + width { along += Double(gradient[i]) * Double(target[i]) }
          for i in start..<start + width {
            result[i] += target[i] * (gradient[i] - Float(along))
          }
        }
      }
    }
    return y
  }

  /// ln Σ_c exp(x_rc) of every row r, n × 1, without overflow.
  public func logSumExpRows(_ x: Tensor) -> Tensor {
    let (n, width) = (x.rowCount, x.columnCount)
    let y = make(n, 1, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    nonisolated(unsafe) let (exponentials, sums) = (scratch(x.count), scratch(n))
    forEachBlock(n, size: 64) { rows in
      let (first, start) = (rows.lowerBound, rows.lowerBound * width)
      ad_exponentials(
        source + start, rows.count, width, 1, exponentials + start, target + first, sums + first)
      for row in rows { target[row] = Float(Double(target[row]) + log(Double(sums[row]))) }
    }
    record(y) { gradient in
      let (base, accumulates) = x.gradientToWrite()
      nonisolated(unsafe) let (gradient, result) = (gradient, base)
      forEachBlock(n, size: 64) { rows in
        for row in rows {
          let share = gradient[row] / sums[row]
          for i in row * width..<(row + 1) * width {
            let part = share * exponentials[i]
            result[i] = accumulates ? result[i] + part : part
          }
        }
      }
    }
    return y
  }
}
