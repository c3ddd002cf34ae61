internal import CAutodiff
import LinearAlgebra

/// Transposes matrices that lie one after another.
package func transpose(
  _ x: UnsafePointer<Float>, slabs: Int, rows: Int, columns: Int,
  into y: UnsafeMutablePointer<Float>, accumulates: Bool = false
) {
  let grid = BlockGrid(count: rows, size: 64)
  nonisolated(unsafe) let (x, y) = (x, y)
  Parallel.forEach(slabs * grid.blockCount) { task in
    let (slab, own) = (task / grid.blockCount, grid.range(task % grid.blockCount))
    let base = slab * rows * columns
    ad_transpose(
      x + base + own.lowerBound * columns, columns, own.count, columns,
      y + base + own.lowerBound, rows, accumulates ? 1 : 0)
  }
}

/// Slabs of `width` columns of x, n × m, one after another; its rows become the `rows` of the
/// slabs, or keep their places.
package func cutIntoSlabs(
  _ x: UnsafePointer<Float>, _ n: Int, _ m: Int, width: Int, rows: [Int32]? = nil,
  slabRowCount: Int, into y: UnsafeMutablePointer<Float>
) {
  nonisolated(unsafe) let (x, y) = (x, y)
  forEachBlock(n, size: 256) { block in
    for place in block {
      let row = rows.map { Int($0[place]) } ?? place
      for slab in 0..<m / width {
        (y + (slab * slabRowCount + row) * width).update(
          from: x + place * m + slab * width, count: width)
      }
    }
  }
}
