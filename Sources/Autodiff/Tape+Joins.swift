internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// The tensors one under another.
  ///
  /// - Precondition: they are equally wide, and there is at least one.
  public func stacked(_ parts: [Tensor]) -> Tensor {
    let width = parts[0].columnCount
    precondition(parts.allSatisfy { $0.columnCount == width }, "widths differ")
    let y = make(parts.reduce(0) { $0 + $1.rowCount }, width, from: parts)
    var first = 0
    for part in parts {
      write(part.value, count: part.count, to: (y.value + first, false))
      first += part.count
    }
    record(y) { gradient in
      var first = 0
      for part in parts {
        if part.needsGradient {
          write(gradient + first, count: part.count, to: part.gradientToWrite())
        }
        first += part.count
      }
    }
    return y
  }

  /// The tensors side by side.
  ///
  /// - Precondition: they have equally many rows, and there is at least one.
  public func joined(_ parts: [Tensor]) -> Tensor {
    let rowCount = parts[0].rowCount
    precondition(parts.allSatisfy { $0.rowCount == rowCount }, "row counts differ")
    let width = parts.reduce(0) { $0 + $1.columnCount }
    let y = make(rowCount, width, from: parts)
    var column = 0
    for part in parts {
      nonisolated(unsafe) let (source, target) = (part.value, y.value)
      let (from, at) = (part.columnCount, column)
      forEachBlock(rowCount, size: 256) { rows in
        for row in rows {
          (target + row * width + at).update(from: source + row * from, count: from)
        }
      }
      column += part.columnCount
    }
    record(y) { gradient in
      var column = 0
      for part in parts {
        if part.needsGradient { addColumns(gradient, width: width, from: column, to: part) }
        column += part.columnCount
      }
    }
    return y
  }

  /// The tensors side by side, each row's parts scaled by the numbers in the row of `scales`; rows
  /// beyond those of `scales` are not.
  ///
  /// - Shapes: every part is n × d, `scales` is up to n × parts; the result is n × parts·d.
  public func joined(_ parts: [Tensor], scaledBy scales: Tensor) -> Tensor {
    let (n, own, count) = (parts[0].rowCount, parts[0].columnCount, parts.count)
    precondition(
      parts.allSatisfy { $0.rowCount == n && $0.columnCount == own }, "shapes differ")
    precondition(
      scales.columnCount == count && scales.rowCount <= n,
      "\(scales.rowCount) x \(scales.columnCount) scales for \(count) parts of \(n) rows")
    let y = make(n, count * own, from: parts + [scales])
    nonisolated(unsafe) let (target, scale) = (y.value, scales.value)
    let scaledCount = scales.rowCount
    let width = count * own
    /// Blocks of rows that have scales, or have none.
    @Sendable func forEachRun(_ body: @Sendable (Range<Int>, UnsafePointer<Float>?) -> Void) {
      forEachBlock(scaledCount, size: 256) { body($0, UnsafePointer(scale)) }
      forEachBlock(n - scaledCount, size: 256) { rows in
        body(rows.lowerBound + scaledCount..<rows.upperBound + scaledCount, nil)
      }
    }
    for (place, part) in parts.enumerated() {
      nonisolated(unsafe) let source = part.value
      forEachRun { rows, scale in
        let first = rows.lowerBound
        ad_scale_rows(
          source + first * own, own, scale.map { $0 + first * count + place }, count, rows.count,
          own, 0, target + first * width + place * own, width)
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      nonisolated(unsafe) let ofScales = scales.needsGradient ? scales.gradientToAddTo() : nil
      for (place, part) in parts.enumerated() {
        nonisolated(unsafe) let source = part.value
        nonisolated(unsafe) let result = part.needsGradient ? part.gradientToWrite() : nil
        forEachRun { rows, scale in
          let (first, from) = (rows.lowerBound, gradient + place * own)
          if let ofScales, scale != nil {
            for row in rows {
              var dot: Float = 0
              ad_row_dots(source + row * own, from + row * width, 1, own, &dot)
              ofScales[row * count + place] += dot
            }
          }
          guard let result else { return }
          ad_scale_rows(
            from + first * width, width, scale.map { $0 + first * count + place }, count,
            rows.count, own, result.accumulates ? 1 : 0, result.base + first * own, own)
        }
      }
    }
    return y
  }
}

/// Adds the columns of an upstream gradient that belong to `part`.
private func addColumns(
  _ gradient: UnsafePointer<Float>, width: Int, from column: Int, to part: Tensor
) {
  let (base, accumulates) = part.gradientToWrite()
  let own = part.columnCount
  nonisolated(unsafe) let (gradient, result) = (gradient, base)
  forEachBlock(part.rowCount, size: 256) { rows in
    for row in rows {
      let (from, to) = (gradient + row * width + column, result + row * own)
      for i in 0..<own { to[i] = accumulates ? to[i] + from[i] : from[i] }
    }
  }
}
