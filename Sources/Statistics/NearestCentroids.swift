import LinearAlgebra

/// The nearest centroid of every item.
struct NearestCentroids {
  /// Per item, its nearest centroid; ties go to the lower one.
  let clusters: [Int]
  /// Per item, the squared distance from that centroid.
  let squaredDistances: [Double]

  /// Searches by ‖c‖² − 2·x·c on centred rows, then measures the winner's distance directly, so
  /// that cancellation can cost a near tie but not the distance.
  ///
  /// - Shapes: `features` is n × d, `centroids` clusters × d and already centred by `mean`.
  init(_ features: Matrix<Float>, mean: [Double], centroids: Matrix<Double>) {
    let n = features.rowCount
    let width = features.columnCount
    let count = centroids.rowCount
    var clusters = [Int](repeating: 0, count: n)
    var distances = [Double](repeating: 0, count: n)
    guard n > 0, width > 0 else {
      self.clusters = clusters
      squaredDistances = distances
      return
    }
    let energies = (0..<count).map { cluster in
      centroids.row(cluster).reduce(0) { $0 + $1 * $1 }
    }
    let grid = BlockGrid(count: n, size: 256)
    clusters.withUnsafeMutableBufferPointer { clusters in
      distances.withUnsafeMutableBufferPointer { distances in
        let cluster = SharedBuffer(clusters)
        let distance = SharedBuffer(distances)
        Parallel.forEach(grid.blockCount) { block in
          let rows = grid.range(block)
          Self.search(
            features, rows, mean, centroids, energies, cluster.base + rows.lowerBound,
            distance.base + rows.lowerBound)
        }
      }
    }
    self.clusters = clusters
    squaredDistances = distances
  }

  private static func search(
    _ features: Matrix<Float>, _ rows: Range<Int>, _ mean: [Double],
    _ centroids: Matrix<Double>, _ energies: [Double],
    _ clusters: UnsafeMutablePointer<Int>, _ distances: UnsafeMutablePointer<Double>
  ) {
    let width = features.columnCount
    let count = centroids.rowCount
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count * (width + count)) {
      buffer in
      let items = buffer.baseAddress!
      let products = items + rows.count * width
      features.elements.withUnsafeBufferPointer { source in
        copyShifted(
          source.baseAddress!, width: width, rows: rows, columns: 0..<width, shift: mean,
          into: items)
      }
      centroids.elements.withUnsafeBufferPointer { centroids in
        DenseKernels.gemm(
          .init(base: items, stride: width),
          .init(base: centroids.baseAddress!, stride: width, transposition: .transposed),
          .init(base: products, stride: count, rows: rows.count, columns: count, inner: width))
        for row in 0..<rows.count {
          var best = 0
          var bestScore = Double.infinity
          for cluster in 0..<count {
            let score = energies[cluster] - 2 * products[row * count + cluster]
            if score < bestScore {
              best = cluster
              bestScore = score
            }
          }
          var distance = 0.0
          for column in 0..<width {
            let difference = items[row * width + column] - centroids[best * width + column]
            distance += difference * difference
          }
          clusters[row] = best
          distances[row] = distance
        }
      }
    }
  }
}
