import Foundation

extension Tape {
  /// The softmax of the entries in every row of `pattern`, entries × 1.
  ///
  /// - Complexity: O(entries).
  public func softmax(_ values: Tensor, of pattern: SparsePattern) -> Tensor {
    precondition(
      values.count == pattern.entryCount && values.columnCount == 1,
      "\(values.count) values for \(pattern.entryCount) entries")
    let y = make(pattern.entryCount, 1, from: values)
    nonisolated(unsafe) let (source, target) = (values.value, y.value)
    forEachBlock(pattern.rowCount, size: 256) { rows in
      for row in rows {
        let entries = pattern.rowStarts[row]..<pattern.rowStarts[row + 1]
        var (peak, sum) = (-Float.infinity, 0.0)
        for i in entries { peak = max(peak, source[i]) }
        for i in entries {
          target[i] = exp(source[i] - peak)
          sum += Double(target[i])
        }
        for i in entries { target[i] = Float(Double(target[i]) / sum) }
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let (gradient, result) = (gradient, values.gradientToAddTo())
      forEachBlock(pattern.rowCount, size: 256) { rows in
        for row in rows {
          let entries = pattern.rowStarts[row]..<pattern.rowStarts[row + 1]
          var along = 0.0
          for i in entries { along += Double(gradient[i]) * Double(target[i]) }
          for i in entries { result[i] += target[i] * (gradient[i] - Float(along)) }
        }
      }
    }
    return y
  }
}
