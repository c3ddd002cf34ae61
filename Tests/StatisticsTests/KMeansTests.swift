import LinearAlgebra
import Statistics
import Testing

@Suite("K-means")
struct KMeansTests {
  /// `clusters` blobs of equal size, far apart, in a row.
  func blobs(_ clusters: Int, size: Int, width: Int, offset: Double = 0) -> Matrix<Float> {
    var generator = SeededGenerator(seed: 77)
    let centers = generator.normals(clusters * width)
    let noise = generator.normals(clusters * size * width)
    return Matrix<Float>(
      Matrix(
        rowCount: clusters * size, columnCount: width,
        elements: noise.indices.map { index in
          let cluster = index / width / size
          return offset + 40 * centers[cluster * width + index % width] + noise[index]
        }))
  }

  func squaredDistance(_ x: Matrix<Float>, _ item: Int, _ fit: KMeans, _ cluster: Int) -> Double {
    zip(x.row(item), fit.centroids.row(cluster)).reduce(0) {
      $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
    }
  }

  @Test(arguments: [0.0, 500])
  func `finds well separated blobs`(offset: Double) {
    let x = blobs(6, size: 50, width: 10, offset: offset)
    var generator = SeededGenerator(seed: 1)
    let fit = KMeans(x, clusterCount: 6, using: &generator)
    for blob in 0..<6 {
      #expect(Set(fit.assignments[blob * 50..<(blob + 1) * 50]).count == 1)
    }
    #expect(Set(fit.assignments).count == 6)
    #expect(fit.converged)
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `puts other items with the nearest centroid`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let x = Matrix<Float>(Matrix(rowCount: 90, columnCount: 7, elements: generator.normals(630)))
    let fit = KMeans(x, clusterCount: 9, using: &generator)
    #expect(fit.clusters(of: x) == fit.assignments)
    let others = Matrix<Float>(
      Matrix(rowCount: 300, columnCount: 7, elements: generator.normals(2100)))
    for (item, cluster) in fit.clusters(of: others).enumerated() {
      let nearest = (0..<9).min {
        squaredDistance(others, item, fit, $0) < squaredDistance(others, item, fit, $1)
      }
      #expect(cluster == nearest)
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `puts items with their nearest centroid and centroids at their mean`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let x = Matrix<Float>(
      Matrix(rowCount: 600, columnCount: 7, elements: generator.normals(4200)))
    let fit = KMeans(x, clusterCount: 9, iterationLimit: 500, using: &generator)
    #expect(fit.converged)
    var inertia = 0.0
    for item in 0..<600 {
      let own = squaredDistance(x, item, fit, fit.assignments[item])
      inertia += own
      for cluster in 0..<9 { #expect(own <= squaredDistance(x, item, fit, cluster) + 1e-12) }
    }
    #expect(abs(fit.inertia - inertia) < 1e-10 * inertia)
    for cluster in 0..<9 {
      let members = x.rows((0..<600).filter { fit.assignments[$0] == cluster })
      for (a, b) in zip(columnMeans(members), fit.centroids.row(cluster)) {
        #expect(abs(a - b) < 1e-12)
      }
    }
  }

  /// Lloyd's iteration written out, from given centroids.
  func plainAssignments(
    _ x: Matrix<Float>, from start: Matrix<Double>, iterations: Int
  ) -> [[Int]] {
    var centroids = start
    return (0..<iterations).map { _ in
      let nearest = (0..<x.rowCount).map { item in
        let distances = (0..<centroids.rowCount).map { cluster in
          zip(x.row(item), centroids.row(cluster)).reduce(0) {
            $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
          }
        }
        return distances.indices.min { distances[$0] < distances[$1] }!
      }
      for cluster in 0..<centroids.rowCount {
        let members = nearest.indices.filter { nearest[$0] == cluster }
        guard !members.isEmpty else { continue }
        for (column, mean) in columnMeans(x.rows(members)).enumerated() {
          centroids[cluster, column] = mean
        }
      }
      return nearest
    }
  }

  @Test(arguments: [(900, 6, 5, 0.0), (700, 33, 11, 20.0), (400, 2, 2, -3.0)])
  func `passes over no item that Lloyd's iteration would move`(
    items: Int, width: Int, clusters: Int, offset: Double
  ) {
    var generator = SeededGenerator(seed: 7)
    let x = Matrix<Float>(
      Matrix(
        rowCount: items, columnCount: width,
        elements: generator.normals(items * width).map { $0 + offset }))
    func fit(_ limit: Int) -> KMeans {
      var generator = SeededGenerator(seed: 9)
      return KMeans(x, clusterCount: clusters, iterationLimit: limit, using: &generator)
    }
    let plain = plainAssignments(x, from: fit(0).centroids, iterations: 40)
    for limit in [0, 1, 2, 5, 20, 39] {
      let found = fit(limit)
      #expect(found.assignments == plain[found.iterations], "limit \(limit)")
    }
  }

  @Test func `never gets worse with another iteration`() {
    let x = blobs(3, size: 120, width: 4)
    var previous = Double.infinity
    for limit in 0..<12 {
      var generator = SeededGenerator(seed: 5)
      let fit = KMeans(x, clusterCount: 14, iterationLimit: limit, using: &generator)
      #expect(fit.inertia <= previous)
      #expect(fit.iterations <= limit)
      previous = fit.inertia
    }
  }

  /// scikit-learn 1.9.1: KMeans(4, n_init=200, tol=0).fit(X).inertia_ is 180.56904761904764.
  @Test func `reaches scikit-learn's optimum in one of many starts`() {
    let rows: [[Float]] = (0..<40).map { (i: Int) in
      [i % 7, i * i % 11, 3 * i % 5].map { Float($0) }
    }
    let x = Matrix<Float>(rows: rows)
    var generator = SeededGenerator(seed: 2)
    let fits = (0..<200).map { _ in KMeans(x, clusterCount: 4, using: &generator) }
    let best = fits.map(\.inertia).min() ?? .infinity
    #expect(abs(best - 180.56904761904764) < 1e-10)
  }

  @Test func `of one cluster is the variance`() {
    let x = blobs(2, size: 30, width: 3)
    var generator = SeededGenerator(seed: 3)
    let fit = KMeans(x, clusterCount: 1, using: &generator)
    #expect(abs(fit.inertia - 60 * totalVariance(x)) < 1e-9 * fit.inertia)
  }

  @Test func `survives fewer distinct rows than clusters`() {
    let x = Matrix<Float>(rows: (0..<20).map { $0 < 12 ? [1, 2] as [Float] : [3, -1] })
    var generator = SeededGenerator(seed: 4)
    let fit = KMeans(x, clusterCount: 5, using: &generator)
    #expect(fit.inertia == 0)
    #expect(fit.converged)
    #expect(Set(fit.assignments).count == 2)
    let isFinite = fit.centroids.elements.allSatisfy(\.isFinite)
    #expect(isFinite)
  }

  @Test func `gives every item its own cluster when asked`() {
    let x = blobs(4, size: 5, width: 3)
    var generator = SeededGenerator(seed: 6)
    let fit = KMeans(x, clusterCount: 20, using: &generator)
    #expect(Set(fit.assignments).count == 20)
    #expect(fit.inertia < 1e-20)
  }

  @Test func `has the same bits for any number of threads`() {
    let x = blobs(8, size: 200, width: 20)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let fits = [1, 2, 4].map { count in
      Parallel.threadCount = count
      var generator = SeededGenerator(seed: 8)
      return KMeans(x, clusterCount: 25, using: &generator)
    }
    #expect(fits[0] == fits[1])
    #expect(fits[0] == fits[2])
  }
}
