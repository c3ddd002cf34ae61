internal import CAutodiff
import Foundation
import LinearAlgebra

/// Calls `body` with ranges that cover `0..<count`, cut where the count alone says.
func forEachBlock(_ count: Int, size: Int = 1 << 14, _ body: @Sendable (Range<Int>) -> Void) {
  let grid = BlockGrid(count: count, size: size)
  Parallel.forEach(grid.blockCount) { body(grid.range($0)) }
}

/// Sets `count` elements to zero.
func clear(_ base: UnsafeMutablePointer<Float>, count: Int) {
  nonisolated(unsafe) let base = base
  forEachBlock(count, size: 1 << 16) { range in
    memset(base + range.lowerBound, 0, range.count * MemoryLayout<Float>.stride)
  }
}

/// target (+)= scale·source.
func write(
  _ source: UnsafePointer<Float>, scaledBy scale: Float = 1, count: Int,
  to target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
) {
  nonisolated(unsafe) let (source, target) = (source, target)
  forEachBlock(count) { range in
    ad_write(
      source + range.lowerBound, scale, range.count, target.accumulates ? 1 : 0,
      target.base + range.lowerBound)
  }
}

/// target (+)= the sum of matrices that lie one after another, in their order.
func writeSum(
  _ parts: UnsafePointer<Float>, partCount: Int, count: Int,
  to target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
) {
  nonisolated(unsafe) let (parts, target) = (parts, target)
  forEachBlock(count) { range in
    for part in 0..<partCount {
      ad_write(
        parts + part * count + range.lowerBound, 1, range.count,
        target.accumulates || part > 0 ? 1 : 0, target.base + range.lowerBound)
    }
  }
}

/// Σ body(range) over the blocks of `0..<count`, in block order.
func blockSum(
  _ count: Int, size: Int = 1 << 14, _ body: @Sendable (Range<Int>) -> Double
) -> Double {
  let grid = BlockGrid(count: count, size: size)
  // A few numbers lie on the stack: a step of training takes no memory for them.
  return withUnsafeTemporaryAllocation(of: Double.self, capacity: grid.blockCount) { sums in
    nonisolated(unsafe) let sums = sums
    Parallel.forEach(grid.blockCount) { sums[$0] = body(grid.range($0)) }
    return sums.reduce(0, +)
  }
}
