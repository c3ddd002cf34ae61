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

  /// What `body` makes of the projections of both clouds on every direction, in their order.
  ///
  /// A projection's bits do not depend on where its row stands.
  ///
  /// - Shapes: `a` is n × d, `b` m × d; `body` gets n and m projections in single precision.
  /// - Complexity: 2·(n + m)·d·L operations, in parallel over groups of directions, few enough for
  ///   their projections to stay in a cache.
  func map<Result: Sendable>(
    _ a: Matrix<Float>, _ b: Matrix<Float>,
    _ body: @Sendable (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Result
  ) -> [Result] {
    let grid = BlockGrid(count: directions.rowCount, size: VectorKernels.directionCount)
    let groups = Parallel.map(grid.blockCount) { block in
      let group = directions.rows(grid.range(block))
      return VectorKernels.project([a, b], on: group).withUnsafeBufferPointer { values in
        let second = group.rowCount * a.rowCount
        return (0..<group.rowCount).map { direction in
          body(
            .init(rebasing: values[direction * a.rowCount..<(direction + 1) * a.rowCount]),
            .init(
              rebasing: values[
                second + direction * b.rowCount..<second + (direction + 1) * b.rowCount]))
        }
      }
    }
    return groups.flatMap { $0 }
  }
}
