internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// The rows of `x` at `indices`, which may repeat.
  ///
  /// - Complexity: O(indices · columns).
  public func gathered(_ x: Tensor, rows indices: ArraySlice<Int32>) -> Tensor {
    let width = x.columnCount
    let y = make(indices.count, width, from: x)
    let target = y.value
    for (place, index) in indices.enumerated() {
      (target + place * width).update(from: x.value + Int(index) * width, count: width)
    }
    record(y) { gradient in
      // Rows that repeat add up in the order of the batch, whatever the number of threads.
      let result = x.gradientToAddTo()
      for (place, index) in indices.enumerated() {
        let (from, to) = (gradient + place * width, result + Int(index) * width)
        for i in 0..<width { to[i] += from[i] }
      }
    }
    return y
  }

  /// The rows of `x` at `rows`, each once.
  ///
  /// A gradient flows back to these rows alone: where it is all that a parameter gets, ``Adam``
  /// puts off the steps of the other rows.
  ///
  /// - Complexity: O(rows · columns).
  public func gathered(_ x: Tensor, distinct rows: [Int32]) -> Tensor {
    let y = make(rows.count, x.columnCount, from: x)
    x.copy(rows, to: y.value)
    record(y) { _ in x.addGradient(of: y, rows: rows) }
    return y
  }

  /// The columns of `x` in `range`, copied.
  public func columns(_ range: Range<Int>, of x: Tensor) -> Tensor {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= x.columnCount,
      "columns \(range) of \(x.columnCount)")
    let (width, kept) = (x.columnCount, range.count)
    let y = make(x.rowCount, kept, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    forEachBlock(x.rowCount, size: 256) { rows in
      for row in rows {
        (target + row * kept).update(from: source + row * width + range.lowerBound, count: kept)
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      nonisolated(unsafe) let result = x.gradientToAddTo()
      forEachBlock(x.rowCount, size: 256) { rows in
        for row in rows {
          let to = result + row * width + range.lowerBound
          for i in 0..<kept { to[i] += gradient[row * kept + i] }
        }
      }
    }
    return y
  }

  /// Every row of `x` times the number in the same row of `scales`.
  ///
  /// - Shapes: x is n × d, `scales` is n × 1.
  public func scaledRows(_ x: Tensor, by scales: Tensor) -> Tensor {
    precondition(
      scales.columnCount == 1 && scales.rowCount == x.rowCount, "one scale for every row")
    let width = x.columnCount
    let y = make(x.rowCount, width, from: x, scales)
    nonisolated(unsafe) let (source, scale, target) = (x.value, scales.value, y.value)
    forEachBlock(x.rowCount, size: 256) { rows in
      for row in rows {
        for i in row * width..<(row + 1) * width { target[i] = scale[row] * source[i] }
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      nonisolated(unsafe) let ofX = x.needsGradient ? x.gradientToAddTo() : nil
      nonisolated(unsafe) let ofScales = scales.needsGradient ? scales.gradientToAddTo() : nil
      forEachBlock(x.rowCount, size: 256) { rows in
        for row in rows {
          let range = row * width..<(row + 1) * width
          if let ofX { for i in range { ofX[i] += scale[row] * gradient[i] } }
          if let ofScales {
            ofScales[row] += Float(
              range.reduce(0.0) { $0 + Double(source[$1]) * Double(gradient[$1]) })
          }
        }
      }
    }
    return y
  }

  /// Every row divided by max(‖row‖, floor).
  public func normalizedRows(_ x: Tensor, floor: Double = 1e-12) -> Tensor {
    normalizedRows(stacked: [x], floor: floor)
  }

  /// The rows of the tensors one under another, each divided by max(‖row‖, floor).
  ///
  /// - Precondition: they are equally wide, and there is at least one.
  public func normalizedRows(stacked parts: [Tensor], floor: Double = 1e-12) -> Tensor {
    let width = parts[0].columnCount
    precondition(parts.allSatisfy { $0.columnCount == width }, "widths differ")
    let floor = Float(floor)
    let y = make(parts.reduce(0) { $0 + $1.rowCount }, width, from: parts)
    nonisolated(unsafe) let inverse = scratch(y.rowCount)
    var above = 0
    for part in parts {
      nonisolated(unsafe) let (source, target) = (part.value, y.value + above * width)
      nonisolated(unsafe) let inverse = inverse + above
      forEachBlock(part.rowCount, size: 256) { rows in
        let at = rows.lowerBound * width
        ad_normalize_rows(
          source + at, rows.count, width, floor, target + at, inverse + rows.lowerBound)
      }
      above += part.rowCount
    }
    record(y) { gradient in
      var above = 0
      for part in parts {
        defer { above += part.rowCount }
        guard part.needsGradient else { continue }
        let (base, accumulates) = part.gradientToWrite()
        nonisolated(unsafe) let (upstream, result) = (gradient + above * width, base)
        nonisolated(unsafe) let (target, inverse) = (y.value + above * width, inverse + above)
        forEachBlock(part.rowCount, size: 256) { rows in
          let at = rows.lowerBound * width
          ad_normalize_rows_back(
            target + at, inverse + rows.lowerBound, upstream + at, rows.count, width, floor,
            accumulates ? 1 : 0, result + at)
        }
      }
    }
    return y
  }
}
