import LinearAlgebra

/// Calls `body` with ranges that cover `0..<count`, cut where the count alone says.
func forEachBlock(_ count: Int, size: Int = 1 << 14, _ body: @Sendable (Range<Int>) -> Void) {
  let grid = BlockGrid(count: count, size: size)
  Parallel.forEach(grid.blockCount) { body(grid.range($0)) }
}

/// Sets `count` elements to `value`.
func fill(_ base: UnsafeMutablePointer<Float>, count: Int, with value: Float) {
  nonisolated(unsafe) let base = base
  forEachBlock(count, size: 1 << 16) { range in
    (base + range.lowerBound).update(repeating: value, count: range.count)
  }
}

/// target += scale·source.
func add(
  _ source: UnsafePointer<Float>, scaledBy scale: Float = 1, count: Int,
  to target: UnsafeMutablePointer<Float>
) {
  nonisolated(unsafe) let source = source
  nonisolated(unsafe) let target = target
  forEachBlock(count) { range in
    for i in range { target[i] += scale * source[i] }
  }
}

/// target (+)= scale·source.
func write(
  _ source: UnsafePointer<Float>, scaledBy scale: Float = 1, count: Int,
  to target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
) {
  guard !target.accumulates else {
    add(source, scaledBy: scale, count: count, to: target.base)
    return
  }
  nonisolated(unsafe) let source = source
  nonisolated(unsafe) let base = target.base
  forEachBlock(count) { range in
    for i in range { base[i] = scale * source[i] }
  }
}

/// Σ body(range) over the blocks of `0..<count`, in block order.
func blockSum(
  _ count: Int, size: Int = 1 << 14, _ body: @Sendable (Range<Int>) -> Double
) -> Double {
  let grid = BlockGrid(count: count, size: size)
  return Parallel.map(grid.blockCount) { body(grid.range($0)) }.reduce(0, +)
}
