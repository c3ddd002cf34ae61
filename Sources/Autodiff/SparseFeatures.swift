internal import CAutodiff
import LinearAlgebra

/// Features of which most are zero, as a product with them is made: by rows for X·V, and by columns
/// for Xᵀ·G.
final class SparseFeatures: Sendable {
  /// Beyond this share of features that are not zero a dense product is faster.
  static let largestShare = 0.35

  /// X.
  let matrix: Matrix<Float>
  let rows: BlockedRows
  /// Xᵀ.
  let columns: BlockedRows

  /// Nil where too few features are zero.
  init?(_ matrix: Matrix<Float>) {
    let count = matrix.elements.withUnsafeBufferPointer { elements in
      nonisolated(unsafe) let elements = elements
      return blockSum(elements.count) { range in
        var count = 0
        for i in range where elements[i] != 0 { count += 1 }
        return Double(count)
      }
    }
    guard count > 0, count <= Self.largestShare * Double(matrix.elements.count) else { return nil }
    self.matrix = matrix
    rows = BlockedRows(matrix, transposed: false)
    columns = BlockedRows(matrix, transposed: true)
  }
}

/// The entries of a sparse matrix S in blocks of columns: the rows of x that a block of S meets in
/// S·x stay in the nearest cache while all rows of S pass.
struct BlockedRows: Sendable {
  /// Columns of a block; of x, as many rows 128 wide are 32 KB.
  static let blockSize = 64
  private static let tileSize = 256

  let rowCount: Int
  let columnCount: Int
  /// Row r of block b has the entries from `starts[b·(rowCount + 1) + r]` to the next.
  fileprivate let starts: [UInt32]
  /// Column of each entry within its block.
  fileprivate let places: [UInt8]
  fileprivate let values: [Float]

  /// S = X, or its transpose.
  ///
  /// - Complexity: O(elements of X), in parallel over blocks.
  init(_ x: Matrix<Float>, transposed: Bool) {
    let (rowCount, columnCount) = (
      transposed ? x.columnCount : x.rowCount, transposed ? x.rowCount : x.columnCount
    )
    (self.rowCount, self.columnCount) = (rowCount, columnCount)
    let grid = BlockGrid(count: columnCount, size: Self.blockSize)
    /// Every entry of a block, in the order of X.
    @Sendable func forEachEntry(
      _ block: Int, _ body: (_ row: Int, _ place: Int, _ value: Float) -> Void
    ) {
      let own = grid.range(block)
      x.elements.withUnsafeBufferPointer { elements in
        for i in transposed ? own : 0..<x.rowCount {
          for j in transposed ? 0..<x.columnCount : own {
            let value = elements[i * x.columnCount + j]
            if value != 0 {
              body(transposed ? j : i, (transposed ? i : j) - own.lowerBound, value)
            }
          }
        }
      }
    }
    let counts = Parallel.map(grid.blockCount) { block in
      var counts = [UInt32](repeating: 0, count: rowCount + 1)
      forEachEntry(block) { row, _, _ in counts[row] += 1 }
      return counts
    }
    var starts: [UInt32] = []
    starts.reserveCapacity(counts.count * (rowCount + 1))
    var total: UInt32 = 0
    for ofBlock in counts {
      for count in ofBlock {
        starts.append(total)
        total += count
      }
    }
    self.starts = starts
    var places = [UInt8](repeating: 0, count: Int(total))
    var values = [Float](repeating: 0, count: Int(total))
    places.withUnsafeMutableBufferPointer { places in
      values.withUnsafeMutableBufferPointer { values in
        let (places, values) = (SharedBuffer(places), SharedBuffer(values))
        Parallel.forEach(grid.blockCount) { [starts] block in
          var next = Array(starts[block * (rowCount + 1)..<(block + 1) * (rowCount + 1)])
          forEachEntry(block) { row, place, value in
            let entry = Int(next[row])
            next[row] += 1
            places.base[entry] = UInt8(place)
            values.base[entry] = value
          }
        }
      }
    }
    self.places = places
    self.values = values
  }

  /// Number of entries.
  var entryCount: Int { values.count }

  /// Calls `body` for tiles of rows of S, or of those that are chosen, in parallel.
  func forEachTile(_ chosen: [Int32]? = nil, _ body: @Sendable (Tile) -> Void) {
    forEachBlock(chosen?.count ?? rowCount, size: Self.tileSize) { rows in
      body(Tile(rows: rows, chosen: chosen, matrix: self))
    }
  }

  /// Some rows of S, or of those that are chosen.
  struct Tile {
    let rows: Range<Int>
    fileprivate let chosen: [Int32]?
    fileprivate let matrix: BlockedRows

    /// Adds the tile's rows of S·x to the same rows of y.
    ///
    /// - Shapes: x is columns of S × `width`, 64 or 128; rows of y are `stride` apart.
    /// - Complexity: 2·entries·width operations.
    func addProduct(
      _ x: UnsafePointer<Float>, width: Int, to y: UnsafeMutablePointer<Float>, stride: Int
    ) {
      let grid = BlockGrid(count: matrix.columnCount, size: BlockedRows.blockSize)
      matrix.starts.withUnsafeBufferPointer { starts in
        matrix.places.withUnsafeBufferPointer { places in
          matrix.values.withUnsafeBufferPointer { values in
            (chosen ?? []).withUnsafeBufferPointer { indices in
              guard let starts = starts.baseAddress else { return }
              for block in 0..<grid.blockCount {
                var entries = ad_feature_block(
                  starts: starts + block * (matrix.rowCount + 1), places: places.baseAddress,
                  values: values.baseAddress)
                ad_add_block_rows(
                  &entries, chosen == nil ? nil : indices.baseAddress, rows.lowerBound,
                  rows.upperBound, x + grid.range(block).lowerBound * width, width, y, stride)
              }
            }
          }
        }
      }
    }
  }
}
