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

  /// The tensors side by side: the rows that have a row of `scales`, their parts scaled by its
  /// numbers, and the rest.
  ///
  /// - Shapes: every part is n × d, `scales` is s × parts; the results are s × parts·d and
  ///   (n − s) × parts·d.
  public func joined(
    _ parts: [Tensor], scaledBy scales: Tensor
  ) -> (scaled: Tensor, rest: Tensor) {
    let (n, own, count) = (parts[0].rowCount, parts[0].columnCount, parts.count)
    let (scaledCount, width) = (scales.rowCount, count * own)
    precondition(
      parts.allSatisfy { $0.rowCount == n && $0.columnCount == own }, "shapes differ")
    precondition(
      scales.columnCount == count && scaledCount <= n,
      "\(scaledCount) x \(scales.columnCount) scales for \(count) parts of \(n) rows")
    let scaled = make(scaledCount, width, from: parts + [scales])
    let rest = make(n - scaledCount, width, from: parts + [scales])
    /// Calls `body` with blocks of rows that have scales, and with blocks of those that have none.
    @Sendable func forEachRun(_ body: @Sendable (Range<Int>, Bool) -> Void) {
      let grids = (
        BlockGrid(count: scaledCount, size: 256), BlockGrid(count: n - scaledCount, size: 256)
      )
      Parallel.forEach(grids.0.blockCount + grids.1.blockCount) { block in
        if block < grids.0.blockCount {
          body(grids.0.range(block), true)
        } else {
          body(grids.1.range(block - grids.0.blockCount), false)
        }
      }
    }
    nonisolated(unsafe) let (scale, targets) = (scales.value, (scaled.value, rest.value))
    nonisolated(unsafe) let sources = parts.map(\.value)
    forEachRun { rows, hasScales in
      let first = rows.lowerBound
      let target = (hasScales ? targets.0 : targets.1) + first * width
      for place in 0..<count {
        ad_scale_rows(
          sources[place] + (first + (hasScales ? 0 : scaledCount)) * own, own,
          hasScales ? scale + first * count + place : nil, count, rows.count, own, 0,
          target + place * own, width)
      }
    }
    record(scaled, rest) { ofScaled, ofRest in
      nonisolated(unsafe) let upstream = (ofScaled, ofRest)
      nonisolated(unsafe) let ofScales = scales.needsGradient ? scales.gradientToAddTo() : nil
      nonisolated(unsafe) let results = parts.map {
        $0.needsGradient ? $0.gradientToWrite() : nil
      }
      forEachRun { rows, hasScales in
        let first = rows.lowerBound
        let row = first + (hasScales ? 0 : scaledCount)
        for place in 0..<count {
          let result = results[place].map { ($0.base + row * own, $0.accumulates) }
          guard let from = hasScales ? upstream.0 : upstream.1 else {
            if let result, !result.1 {
              result.0.update(repeating: 0, count: rows.count * own)
            }
            continue
          }
          ad_scale_rows_back(
            sources[place] + row * own, from + first * width + place * own, width,
            hasScales ? scale + first * count + place : nil, count, rows.count, own,
            result?.1 == true ? 1 : 0, result?.0,
            hasScales ? ofScales.map { $0 + first * count + place } : nil)
        }
      }
    }
    return (scaled, rest)
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
