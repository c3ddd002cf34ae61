import LinearAlgebra

/// A partition of items into clusters around centroids.
public struct KMeans: Sendable, Equatable {
  /// The cluster of each item, that of its nearest centroid; ties go to the lower cluster.
  public let assignments: [Int]
  /// One centroid per cluster, clusters × d.
  public let centroids: Matrix<Double>
  /// Sum of squared distances from each item to its centroid.
  public let inertia: Double
  /// Times the centroids were moved.
  public let iterations: Int
  /// Whether the last move left every item in its cluster.
  public let converged: Bool

  /// Clusters the rows of `features` by Lloyd's iteration from a k-means++ start.
  ///
  /// A cluster that loses its last item restarts at the item farthest from its own centroid. It
  /// can stay empty only when there are fewer distinct rows than clusters.
  ///
  /// - Shapes: `features` is n × d.
  /// - Precondition: `clusterCount` lies in 1...n and `iterationLimit` is not negative.
  /// - Complexity: O(n·d·clusters) an iteration at most: items that cannot have changed clusters
  ///   are passed over (``NearestCentroids``). Same result for any number of threads.
  /// - Reference: [Llo82]; start [AV07].
  public init(
    _ features: Matrix<Float>, clusterCount: Int, iterationLimit: Int = 50,
    using generator: inout some RandomNumberGenerator
  ) {
    precondition(
      clusterCount >= 1 && clusterCount <= features.rowCount,
      "\(features.rowCount) items cannot make \(clusterCount) clusters")
    precondition(iterationLimit >= 0, "the iteration limit is \(iterationLimit)")
    let mean = columnMeans(features)
    let starts = Self.plusPlus(features, clusterCount, using: &generator)
    var centroids = centered(features.rows(starts), mean)
    var nearest = NearestCentroids(features, mean: mean, centroids: centroids)
    var sums = ClusterSums(clusterCount: clusterCount, width: features.columnCount)
    sums.add(features, movedTo: nearest.clusters)
    var iterations = 0
    var converged = false
    while iterations < iterationLimit, !converged {
      let previous = nearest.clusters
      let moved = Self.moved(centroids, features, mean: mean, nearest: nearest, sums)
      nearest.update(features, mean: mean, from: centroids, to: moved)
      centroids = moved
      sums.add(features, movedFrom: previous, movedTo: nearest.clusters)
      iterations += 1
      converged = nearest.clusters == previous
    }
    inertia = nearest.squaredDistances(features, mean: mean, centroids: centroids).reduce(0, +)
    for cluster in 0..<clusterCount {
      for column in 0..<features.columnCount { centroids[cluster, column] += mean[column] }
    }
    assignments = nearest.clusters
    self.centroids = centroids
    self.iterations = iterations
    self.converged = converged
  }

  /// The cluster of the nearest centroid for every row of `features`; ties go to the lower cluster.
  ///
  /// - Shapes: `features` is n × d.
  /// - Complexity: O(n·d·clusters).
  public func clusters(of features: Matrix<Float>) -> [Int] {
    precondition(
      features.columnCount == centroids.columnCount,
      "features of width \(features.columnCount) for centroids of \(centroids.columnCount)")
    let origin = [Double](repeating: 0, count: features.columnCount)
    return NearestCentroids(features, mean: origin, centroids: centroids).clusters
  }

  /// Items to start from: the first at random, each other with a chance proportional to its
  /// squared distance from the nearest one chosen before.
  private static func plusPlus(
    _ features: Matrix<Float>, _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    let n = features.rowCount
    var chosen = [generator.index(below: n)]
    var distances = [Double](repeating: .infinity, count: n)
    while chosen.count < count {
      distances = shortened(distances, features, by: chosen[chosen.count - 1])
      let total = distances.reduce(0, +)
      guard total > 0 else {
        // Every row equals a chosen one: any item does.
        chosen.append(generator.index(below: n))
        continue
      }
      var remaining = generator.uniform() * total
      // Rounding may leave a crumb after the last item, which then must not be one at distance 0.
      var pick = distances.lastIndex { $0 > 0 } ?? n - 1
      for item in 0..<n where distances[item] > 0 {
        remaining -= distances[item]
        if remaining < 0 {
          pick = item
          break
        }
      }
      chosen.append(pick)
    }
    return chosen
  }

  /// The smaller of each distance and that from row `item`.
  private static func shortened(
    _ distances: [Double], _ features: Matrix<Float>, by item: Int
  ) -> [Double] {
    let width = features.columnCount
    guard width > 0 else { return [Double](repeating: 0, count: distances.count) }
    let grid = BlockGrid(count: distances.count, size: 1024)
    var result = distances
    result.withUnsafeMutableBufferPointer { target in
      let out = SharedBuffer(target)
      Parallel.forEach(grid.blockCount) { block in
        features.elements.withUnsafeBufferPointer { source in
          for row in grid.range(block) {
            let distance = VectorKernels.squaredDistance(
              source.baseAddress! + row * width, source.baseAddress! + item * width, count: width)
            out.base[row] = min(out.base[row], distance)
          }
        }
      }
    }
    return result
  }

  /// The centred mean of each cluster's items; an empty cluster takes the worst-placed item.
  private static func moved(
    _ centroids: Matrix<Double>, _ features: Matrix<Float>, mean: [Double],
    nearest: NearestCentroids, _ sums: ClusterSums
  ) -> Matrix<Double> {
    let width = features.columnCount
    var result = centroids
    for (cluster, count) in sums.counts.enumerated() where count > 0 {
      for column in 0..<width {
        result.elements[cluster * width + column] =
          sums.sums[cluster * width + column] / Double(count) - mean[column]
      }
    }
    let empty = sums.counts.indices.filter { sums.counts[$0] == 0 }
    guard !empty.isEmpty, width > 0 else { return result }
    let distances = nearest.squaredDistances(features, mean: mean, centroids: centroids)
    let farthest = distances.indices.filter { distances[$0] > 0 }
      .sorted { (-distances[$0], $0) < (-distances[$1], $1) }
    for (cluster, item) in zip(empty, farthest) {
      result.elements.replaceSubrange(
        cluster * width..<(cluster + 1) * width,
        with: centered(features.rows([item]), mean).elements)
    }
    return result
  }
}

/// The sum of every cluster's items, kept up to date as items change clusters.
private struct ClusterSums {
  /// Items of each cluster.
  private(set) var counts: [Int]
  /// Their sums, clusters × width.
  private(set) var sums: [Double]
  private let width: Int

  init(clusterCount: Int, width: Int) {
    counts = [Int](repeating: 0, count: clusterCount)
    sums = [Double](repeating: 0, count: clusterCount * width)
    self.width = width
  }

  /// Moves the items whose clusters differ; all of them join theirs when there were none before.
  ///
  /// - Complexity: O(width) for each item that moves, in parallel over clusters: the items of one
  ///   are added in order whatever the thread count.
  mutating func add(
    _ features: Matrix<Float>, movedFrom old: [Int]? = nil, movedTo new: [Int]
  ) {
    var leaving = [[Int]](repeating: [], count: counts.count)
    var joining = leaving
    for (item, cluster) in new.enumerated() where old?[item] != cluster {
      if let old { leaving[old[item]].append(item) }
      joining[cluster].append(item)
    }
    for cluster in counts.indices {
      counts[cluster] += joining[cluster].count - leaving[cluster].count
    }
    guard width > 0 else { return }
    let (left, joined, counts, width) = (leaving, joining, counts, width)
    sums.withUnsafeMutableBufferPointer { target in
      let out = SharedBuffer(target)
      Parallel.forEach(counts.count) { cluster in
        let sum = out.base + cluster * width
        features.elements.withUnsafeBufferPointer { source in
          guard let source = source.baseAddress else { return }
          for item in left[cluster] {
            VectorKernels.add(source + item * width, times: -1, to: sum, count: width)
          }
          for item in joined[cluster] {
            VectorKernels.add(source + item * width, to: sum, count: width)
          }
        }
        // Nothing is left of an empty cluster, not even rounding.
        if counts[cluster] == 0 { sum.update(repeating: 0, count: width) }
      }
    }
  }
}

/// Rows minus a centre, in double precision.
private func centered(_ features: Matrix<Float>, _ center: [Double]) -> Matrix<Double> {
  var result = Matrix<Double>(features)
  for index in result.elements.indices { result.elements[index] -= center[index % center.count] }
  return result
}
