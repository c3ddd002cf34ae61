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
    let width = x.columnCount
    let y = make(x.rowCount, 1, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    nonisolated(unsafe) let sums = scratch(x.rowCount)
    forEachBlock(x.rowCount, size: 64) { rows in
      let first = rows.lowerBound
      startLogSums(rows, peaks: target, sums: sums)
      ad_add_exponentials(
        source + first * width, rows.count, width, 1, target + first, sums + first)
      finishLogSums(rows, peaks: target, sums: sums)
    }
    record(y) { [self] gradient in
      nonisolated(unsafe) let (gradient, result) = (gradient, x.gradientToAddTo())
      nonisolated(unsafe) let shares = scratch(x.count)
      forEachBlock(x.rowCount, size: 64) { rows in
        let range = rows.lowerBound * width..<rows.upperBound * width
        let block = shares + range.lowerBound
        block.update(from: source + range.lowerBound, count: range.count)
        ad_shares(
          block, rows.count, width, 1, target + rows.lowerBound, gradient + rows.lowerBound)
        for i in range { result[i] += shares[i] }
      }
    }
    return y
  }
}

/// No exponentials yet.
func startLogSums(
  _ rows: Range<Int>, peaks: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
) {
  for row in rows { (peaks[row], sums[row]) = (-.infinity, 0) }
}

/// Replaces each peak by the logarithm of all exponentials' sum.
func finishLogSums(
  _ rows: Range<Int>, peaks: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
) {
  for row in rows { peaks[row] = Float(Double(peaks[row]) + log(Double(sums[row]))) }
}
