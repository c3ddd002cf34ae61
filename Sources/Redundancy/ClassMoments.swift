import LinearAlgebra
import Statistics

/// The items of the classes that are large enough to compare.
package struct ClassPartition: Sendable {
  /// Items of each kept class, ascending; classes in the order of their labels.
  package let members: [[Int]]
  /// Number of classes with too few items.
  package let droppedClasses: Int

  /// Groups items by label, keeping classes of at least `minimumItems`.
  package init(labels: [Int], minimumItems: Int) {
    var groups: [Int: [Int]] = [:]
    for (item, label) in labels.enumerated() { groups[label, default: []].append(item) }
    members = groups.sorted { $0.key < $1.key }.map(\.value).filter { $0.count >= minimumItems }
    droppedClasses = groups.count - members.count
  }

  /// Items in kept classes.
  package var itemCount: Int { members.reduce(0) { $0 + $1.count } }
}

/// Mean and spread of each class in some space.
package struct ClassMoments: Sendable {
  /// Items of each class.
  package let counts: [Int]
  /// Class means, classes × width.
  package let means: Matrix<Double>
  /// The trace of each class's covariance, divided by its number of items.
  package let variances: [Double]

  package init(counts: [Int], means: Matrix<Double>, variances: [Double]) {
    self.counts = counts
    self.means = means
    self.variances = variances
  }

  /// The moments of features or coordinates, in two passes over each class.
  ///
  /// - Complexity: O(n·width), in parallel over classes.
  package init<Scalar>(of rows: Matrix<Scalar>, _ partition: ClassPartition) {
    let width = rows.columnCount
    let moments: [(mean: [Double], variance: Double)] = Parallel.map(partition.members.count) {
      let items = partition.members[$0]
      return rows.elements.withUnsafeBufferPointer { source in
        var mean = [Double](repeating: 0, count: width)
        for item in items {
          for column in 0..<width { mean[column] += Double(source[item * width + column]) }
        }
        for column in 0..<width { mean[column] /= Double(items.count) }
        var squares = [Double](repeating: 0, count: width)
        for item in items {
          for column in 0..<width {
            let difference = Double(source[item * width + column]) - mean[column]
            squares[column] += difference * difference
          }
        }
        return (mean, squares.reduce(0, +) / Double(items.count))
      }
    }
    self.init(
      counts: partition.members.map(\.count),
      means: Matrix(
        rowCount: moments.count, columnCount: width, elements: moments.flatMap(\.mean)),
      variances: moments.map(\.variance))
  }

  /// tr(S_W) = Σ_c n_c·Var_c.
  package var withinScatter: Double {
    zip(counts, variances).reduce(0) { $0 + Double($1.0) * $1.1 }
  }

  /// tr(S_B) = Σ_c n_c·‖m_c − m‖², with m the mean over all items of the kept classes.
  package var betweenScatter: Double {
    let total = Double(counts.reduce(0, +))
    return (0..<means.columnCount).reduce(0) { sum, column in
      let values = means.column(column)
      let mean = zip(counts, values).reduce(0) { $0 + Double($1.0) * $1.1 } / total
      return zip(counts, values).reduce(sum) {
        $0 + Double($1.0) * ($1.1 - mean) * ($1.1 - mean)
      }
    }
  }

  /// ‖m_a − m_b‖² for every pair a < b, in lexicographic order.
  package var squaredMeanDistances: [Double] {
    let width = means.columnCount
    let rows: [[Double]] = Parallel.map(counts.count) { a in
      means.elements.withUnsafeBufferPointer { means in
        (a + 1..<max(counts.count, a + 1)).map { b in
          var sum = 0.0
          for column in 0..<width {
            let difference = means[a * width + column] - means[b * width + column]
            sum += difference * difference
          }
          return sum
        }
      }
    }
    return rows.flatMap { $0 }
  }
}
