import LinearAlgebra

/// The nearest centroid of every item, kept up to date as centroids move.
///
/// For every item two bounds follow the centroids: its own is at most u away, any other at least l.
/// A centroid that moves by δ widens them by δ; only items with u ≥ l are searched again.
///
/// - Reference: [Ham10].
struct NearestCentroids {
  /// Per item, its nearest centroid; ties go to the lower one.
  private(set) var clusters: [Int]
  private var upper: [Double]
  private var lower: [Double]

  /// Searches all items.
  ///
  /// - Shapes: `features` is n × d, `centroids` clusters × d and already centred by `mean`.
  /// - Complexity: 2·n·d·clusters operations.
  init(_ features: Matrix<Float>, mean: [Double], centroids: Matrix<Double>) {
    let n = features.rowCount
    clusters = [Int](repeating: 0, count: n)
    upper = [Double](repeating: 0, count: n)
    lower = [Double](repeating: 0, count: n)
    search(Array(0..<n), features, mean: mean, centroids)
  }

  /// Finds the nearest of the moved centroids.
  ///
  /// - Complexity: 2·d·clusters operations for each item that is searched again.
  mutating func update(
    _ features: Matrix<Float>, mean: [Double], from old: Matrix<Double>, to new: Matrix<Double>
  ) {
    // Bounds are widened by more than what rounding can take off them.
    let shifts = (0..<new.rowCount).map { cluster in
      zip(old.row(cluster), new.row(cluster)).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }.squareRoot() * (1 + 1e-12)
    }
    let largest = shifts.indices.max { shifts[$0] < shifts[$1] } ?? 0
    let second = shifts.indices.filter { $0 != largest }.map { shifts[$0] }.max() ?? 0
    var open: [Int] = []
    for item in clusters.indices {
      upper[item] += shifts[clusters[item]]
      lower[item] -= clusters[item] == largest ? second : shifts[largest]
      if upper[item] >= lower[item] { open.append(item) }
    }
    search(open, features, mean: mean, new)
  }

  /// Per item, the squared distance from its centroid, measured directly.
  ///
  /// - Complexity: O(n·d).
  func squaredDistances(
    _ features: Matrix<Float>, mean: [Double], centroids: Matrix<Double>
  ) -> [Double] {
    let width = features.columnCount
    let grid = BlockGrid(count: clusters.count, size: 256)
    let blocks: [[Double]] = Parallel.map(grid.blockCount) { block in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { row in
        features.elements.withUnsafeBufferPointer { source in
          centroids.elements.withUnsafeBufferPointer { centroids in
            grid.range(block).map { item in
              guard width > 0 else { return 0.0 }
              copyShifted(
                source.baseAddress!, width: width, rows: item..<item + 1, columns: 0..<width,
                shift: mean, into: row.baseAddress!)
              return squaredDistance(
                row.baseAddress!, centroids.baseAddress! + clusters[item] * width, count: width)
            }
          }
        }
      }
    }
    return blocks.flatMap { $0 }
  }

  /// Searches some items by ‖c‖² − 2·x·c on centred rows, then measures the winner's distance
  /// directly, so that cancellation can cost a near tie but not the distance.
  private mutating func search(
    _ items: [Int], _ features: Matrix<Float>, mean: [Double], _ centroids: Matrix<Double>
  ) {
    guard !items.isEmpty, features.columnCount > 0 else { return }
    let energies = (0..<centroids.rowCount).map { cluster in
      centroids.row(cluster).reduce(0) { $0 + $1 * $1 }
    }
    let grid = BlockGrid(count: items.count, size: 256)
    let found: [[Found]] = Parallel.map(grid.blockCount) { block in
      Self.nearest(items[grid.range(block)], features, mean, centroids, energies)
    }
    for (item, nearest) in zip(items, found.joined()) {
      clusters[item] = nearest.cluster
      upper[item] = nearest.upper
      lower[item] = nearest.lower
    }
  }

  private typealias Found = (cluster: Int, upper: Double, lower: Double)

  private static func nearest(
    _ items: ArraySlice<Int>, _ features: Matrix<Float>, _ mean: [Double],
    _ centroids: Matrix<Double>, _ energies: [Double]
  ) -> [Found] {
    let width = features.columnCount
    let count = centroids.rowCount
    return withUnsafeTemporaryAllocation(
      of: Double.self, capacity: items.count * (width + count)
    ) { buffer -> [Found] in
      let rows = buffer.baseAddress!
      let products = rows + items.count * width
      features.elements.withUnsafeBufferPointer { source in
        for (place, item) in items.enumerated() {
          copyShifted(
            source.baseAddress!, width: width, rows: item..<item + 1, columns: 0..<width,
            shift: mean, into: rows + place * width)
        }
      }
      return centroids.elements.withUnsafeBufferPointer { centroids -> [Found] in
        let centroids = centroids.baseAddress!
        DenseKernels.gemm(
          .init(base: rows, stride: width),
          .init(base: centroids, stride: width, transposition: .transposed),
          .init(base: products, stride: count, rows: items.count, columns: count, inner: width))
        return (0..<items.count).map { place -> Found in
          var best = (cluster: 0, score: Double.infinity)
          var second = best
          for cluster in 0..<count {
            let score = energies[cluster] - 2 * products[place * count + cluster]
            if score < best.score {
              second = best
              best = (cluster, score)
            } else if score < second.score {
              second = (cluster, score)
            }
          }
          let row = rows + place * width
          let distance = squaredDistance(row, centroids + best.cluster * width, count: width)
          // ‖x‖² + score is the squared distance; the margin is more than its rounding. Infinite
          // where there is no other cluster.
          let energy = distance - best.score
          let margin = 1e-11 * (energy + energies[best.cluster] + energies[second.cluster])
          return (
            best.cluster, distance.squareRoot() * (1 + 1e-12),
            max(0, energy + second.score - margin).squareRoot()
          )
        }
      }
    }
  }
}

/// ‖a − b‖², over eight sums so that the additions overlap.
private func squaredDistance(
  _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int
) -> Double {
  var lanes = SIMD8<Double>.zero
  let whole = count / 8 * 8
  for start in stride(from: 0, to: whole, by: 8) {
    var difference = SIMD8<Double>.zero
    for lane in 0..<8 { difference[lane] = a[start + lane] - b[start + lane] }
    lanes += difference * difference
  }
  var rest = 0.0
  for column in whole..<count {
    let difference = a[column] - b[column]
    rest += difference * difference
  }
  return lanes.sum() + rest
}
