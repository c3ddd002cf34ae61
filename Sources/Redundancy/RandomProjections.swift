import LinearAlgebra
import Statistics

/// Directions drawn uniformly from the unit sphere, and clouds projected on them.
struct RandomProjections: Sendable {
  /// One unit vector per row, L × d.
  let directions: Matrix<Double>

  /// Directions whose l-th is drawn from the l-th generator of `purpose`, so that more directions
  /// extend fewer.
  init(count: Int, width: Int, purpose: String, streams: RandomStreams) {
    var elements: [Double] = []
    elements.reserveCapacity(count * width)
    for item in 0..<count {
      var generator = streams.generator(for: purpose, item: item)
      let vector = generator.normals(width)
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      elements += vector.map { $0 / norm }
    }
    directions = Matrix(rowCount: count, columnCount: width, elements: elements)
  }

  init(directions: Matrix<Double>) { self.directions = directions }

  /// The projections θ_l·xᵢ of every row on the directions in `range`, one row for each direction.
  ///
  /// A projection's bits do not depend on where its row stands.
  ///
  /// - Shapes: `features` is n × d, the result `range.count` × n, rounded to single precision.
  /// - Complexity: 2·n·d·L operations, in parallel over blocks of rows.
  func project(_ features: Matrix<Float>, on range: Range<Int>) -> Matrix<Float> {
    let n = features.rowCount
    let width = features.columnCount
    var result = Matrix<Float>(rowCount: range.count, columnCount: n)
    guard !result.elements.isEmpty, width > 0 else { return result }
    let size = 128
    let grid = BlockGrid(count: n, size: size)
    result.elements.withUnsafeMutableBufferPointer { target in
      directions.elements.withUnsafeBufferPointer { directions in
        features.elements.withUnsafeBufferPointer { source in
          guard let theta = directions.baseAddress else { return }
          let out = SharedBuffer(target)
          nonisolated(unsafe) let first = theta + range.lowerBound * width
          nonisolated(unsafe) let source = source
          Parallel.forEach(grid.blockCount) { block in
            let rows = grid.range(block)
            // The last block is padded: a product of another shape may sum in another order.
            var items = [Double](repeating: 0, count: size * width)
            for index in 0..<rows.count * width {
              items[index] = Double(source[rows.lowerBound * width + index])
            }
            var products = [Double](repeating: 0, count: range.count * size)
            items.withUnsafeBufferPointer { items in
              products.withUnsafeMutableBufferPointer { products in
                guard let items = items.baseAddress, let base = products.baseAddress else { return }
                DenseKernels.gemm(
                  .init(base: first, stride: width),
                  .init(base: items, stride: width, transposition: .transposed),
                  .init(
                    base: base, stride: size, rows: range.count, columns: size, inner: width))
              }
            }
            for direction in 0..<range.count {
              for (offset, row) in rows.enumerated() {
                out.base[direction * n + row] = Float(products[direction * size + offset])
              }
            }
          }
        }
      }
    }
    return result
  }
}
