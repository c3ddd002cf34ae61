import LinearAlgebra
import Statistics

/// Class moments in many random subspaces at once, the yardstick of the Fisher ratios.
///
/// The bases stand side by side, so that one product gives every coordinate. Products are in
/// single precision, which is ample for a null distribution; sums over items are in double.
struct RandomSubspaces {
  let features: Matrix<Float>
  let partition: ClassPartition
  /// Width k of each subspace.
  let rank: Int
  let streams: RandomStreams
  /// Names the streams, one for each subspace under it.
  let purpose: String

  /// Calls `body` with the class moments in each of `count` subspaces and returns the results.
  ///
  /// Coordinates are those of features minus their mean.
  ///
  /// - Complexity: 2·n·d·k·count operations; bases of at most about 1024 columns are held.
  func map<Result: Sendable>(
    count: Int, _ body: @Sendable (ClassMoments) -> Result
  ) -> [Result] {
    let batches = BlockGrid(count: count, size: max(1, 1024 / rank))
    let mean = columnMeans(features)
    return (0..<batches.blockCount).flatMap { batch in
      let range = batches.range(batch)
      let sums = accumulated(bases(range), count: range.count, mean: mean)
      return Parallel.map(range.count) { body(moments(sums, subspace: $0)) }
    }
  }

  /// Orthonormal bases of Gaussian columns side by side, d × k·(number of bases).
  private func bases(_ range: Range<Int>) -> Matrix<Float> {
    let width = features.columnCount
    let bases: [Matrix<Double>] = Parallel.map(range.count) { index in
      var generator = streams.generator(for: purpose, item: range.lowerBound + index)
      return orthonormalBasis(
        Matrix(rowCount: width, columnCount: rank, elements: generator.normals(width * rank)))
    }
    var result = Matrix<Float>(rowCount: width, columnCount: rank * range.count)
    for (index, basis) in bases.enumerated() {
      for row in 0..<width {
        for column in 0..<rank {
          result[row, index * rank + column] = Float(basis[row, column])
        }
      }
    }
    return result
  }

  /// Per subspace, then class: k sums of coordinates and the sum of their squares.
  private func accumulated(_ bases: Matrix<Float>, count: Int, mean: [Double]) -> [Double] {
    let classes = partition.members.count
    let stride = rank + 1
    var sums = [Double](repeating: 0, count: count * classes * stride)
    var classOfItem = [Int](repeating: -1, count: features.rowCount)
    for (index, items) in partition.members.enumerated() {
      for item in items { classOfItem[item] = index }
    }
    let owners = classOfItem
    let width = bases.columnCount
    let chunks = BlockGrid(count: features.rowCount, size: 2048)
    for chunk in 0..<chunks.blockCount {
      let items = chunks.range(chunk)
      let coordinates = centeredProduct(features, items: items, mean: mean, bases)
      sums.withUnsafeMutableBufferPointer { target in
        let out = SharedBuffer(target)
        // One subspace a block: its items are added in order whatever the thread count.
        Parallel.forEach(count) { subspace in
          coordinates.elements.withUnsafeBufferPointer { coordinates in
            for item in items where owners[item] >= 0 {
              let sum = out.base + (subspace * classes + owners[item]) * stride
              let start = (item - items.lowerBound) * width + subspace * rank
              for column in 0..<rank {
                let value = Double(coordinates[start + column])
                sum[column] += value
                sum[rank] += value * value
              }
            }
          }
        }
      }
    }
    return sums
  }

  private func moments(_ sums: [Double], subspace: Int) -> ClassMoments {
    let counts = partition.members.map(\.count)
    var means = Matrix<Double>(rowCount: counts.count, columnCount: rank)
    var variances = [Double](repeating: 0, count: counts.count)
    for index in counts.indices {
      let start = (subspace * counts.count + index) * (rank + 1)
      let scale = 1 / Double(counts[index])
      var energy = 0.0
      for column in 0..<rank {
        means[index, column] = sums[start + column] * scale
        energy += means[index, column] * means[index, column]
      }
      variances[index] = max(0, sums[start + rank] * scale - energy)
    }
    return ClassMoments(counts: counts, means: means, variances: variances)
  }
}
