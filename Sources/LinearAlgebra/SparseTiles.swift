internal import CVectorKernels

/// The entries of a matrix that are not zero, in blocks of rows, for products between blocks that
/// cost what these entries cost.
///
/// A block of rows meets a strip of ``stripWidth`` rows of another: every entry of the former is
/// multiplied with a whole strip. A product of blocks with a share ρ of non-zeros thus takes ρ of
/// the dense operations, at about half the rate of a dense product.
///
/// - Complexity: O(n·d) to make, 5 bytes for each entry that is not zero.
package struct SparseTiles: Sendable {
  /// Columns of the products that one call of ``multiply(_:_:_:from:into:)`` makes.
  package static let stripWidth = Int(VK_STRIP)

  /// Rows of a block; the last block is filled up with rows of zeros.
  package let tile: Int
  private let chunkCount: Int
  private let blocks: [Block]

  private struct Block: Sendable {
    var starts: [UInt32]
    var values: [Float]
    var places: [UInt8]

    func withChunks(_ body: (vk_chunks) -> Void) {
      starts.withUnsafeBufferPointer { starts in
        values.withUnsafeBufferPointer { values in
          places.withUnsafeBufferPointer { places in
            body(
              vk_chunks(
                starts: starts.baseAddress, values: values.baseAddress,
                places: places.baseAddress))
          }
        }
      }
    }
  }

  /// Whether products of blocks of `matrix` are faster from its entries that are not zero.
  ///
  /// - Complexity: O(n·d).
  package static func isWorthwhile(for matrix: Matrix<Float>, tile: Int) -> Bool {
    guard UInt32(exactly: tile * matrix.columnCount) != nil else { return false }
    return matrix.isMostlyZero
  }

  /// The entries of `matrix` in blocks of `tile` rows.
  ///
  /// - Precondition: `tile` is a multiple of ``stripWidth``.
  package init(_ matrix: Matrix<Float>, tile: Int) {
    precondition(
      tile % Self.stripWidth == 0, "a tile is a multiple of \(Self.stripWidth), got \(tile)")
    self.tile = tile
    let width = matrix.columnCount
    let grid = BlockGrid(count: matrix.rowCount, size: tile)
    let chunks = BlockGrid(count: width, size: Int(VK_CHUNK))
    chunkCount = chunks.blockCount
    blocks = Parallel.map(grid.blockCount) { block in
      matrix.elements.withUnsafeBufferPointer {
        Self.entries(of: $0, width: width, rows: grid.range(block), tile: tile, chunks: chunks)
      }
    }
  }

  private static func entries(
    of elements: UnsafeBufferPointer<Float>, width: Int, rows: Range<Int>, tile: Int,
    chunks: BlockGrid
  ) -> Block {
    let count = nonZeros(
      in: .init(rebasing: elements[rows.lowerBound * width..<rows.upperBound * width]))
    // One place more, because every element is written and only those that are not zero stay.
    var values = [Float](repeating: 0, count: count + 1)
    var places = [UInt8](repeating: 0, count: count + 1)
    var starts: [UInt32] = []
    starts.reserveCapacity(chunks.blockCount * tile + 1)
    var next = 0
    values.withUnsafeMutableBufferPointer { values in
      places.withUnsafeMutableBufferPointer { places in
        for chunk in 0..<chunks.blockCount {
          let columns = chunks.range(chunk)
          for row in rows {
            starts.append(UInt32(next))
            for column in columns {
              let value = elements[row * width + column]
              values[next] = value
              places[next] = UInt8(truncatingIfNeeded: column &- columns.lowerBound)
              next &+= value != 0 ? 1 : 0
            }
          }
          starts += repeatElement(UInt32(next), count: tile - rows.count)
        }
      }
    }
    starts.append(UInt32(next))
    return Block(starts: starts, values: values, places: places)
  }

  /// products[r, c] = row r of block `row` · row `first` + c of block `column` of `other`.
  ///
  /// The bits of a product do not depend on which of the two rows comes first.
  ///
  /// - Parameter products: `tile` × ``stripWidth``, row-major, best aligned to 64 bytes.
  /// - Precondition: both have the same tile and the same number of columns.
  package func multiply(
    _ row: Int, _ other: SparseTiles, _ column: Int, from first: Int,
    into products: UnsafeMutablePointer<Float>
  ) {
    precondition(
      other.tile == tile && other.chunkCount == chunkCount && first + Self.stripWidth <= tile,
      "blocks of \(tile) and \(other.tile) rows in \(chunkCount) and \(other.chunkCount) chunks")
    blocks[row].withChunks { rows in
      other.blocks[column].withChunks { columns in
        var (rows, columns) = (rows, columns)
        vk_sparse_strip(&rows, &columns, tile, chunkCount, first, products)
      }
    }
  }
}
