import LinearAlgebra
import Statistics

/// Second moments of two compressed modalities for each of several groups of items.
///
/// Sums add up, so the covariances of all items but one group, or of half the groups, are a matter
/// of adding matrices r × r; the items are not read again.
struct GroupMoments: Sendable {
  /// The group of each item.
  let groups: [Int]
  /// Items in each group.
  let counts: [Int]
  /// Σ w·nᵀ of each group, wide × narrow.
  private let cross: [Matrix<Float>]
  private let wideSquares: [Matrix<Float>]
  private let narrowSquares: [Matrix<Float>]
  private let wideSums: [[Double]]
  private let narrowSums: [[Double]]

  /// - Complexity: 2·n·r² operations for each of the three products.
  init(_ pair: PairedFactors, groups: [Int], groupCount: Int) {
    self.groups = groups
    let members = (0..<groupCount).map { group in groups.indices.filter { groups[$0] == group } }
    counts = members.map(\.count)
    let wide = members.map { pair.wide.scores.rows($0) }
    let narrow = members.map { pair.narrow.scores.rows($0) }
    cross = zip(wide, narrow).map { product($0, .transposed, $1, .none) }
    wideSquares = wide.map { product($0, .transposed, $0, .none) }
    narrowSquares = narrow.map { product($0, .transposed, $0, .none) }
    wideSums = wide.map(\.columnSums)
    narrowSums = narrow.map(\.columnSums)
  }

  /// Covariances of some of the groups.
  struct Moments {
    let itemCount: Int
    let cross: Matrix<Double>
    let wideMean: [Double]
    let narrowMean: [Double]
  }

  /// The cross-covariance of the items of `chosen` groups.
  ///
  /// - Precondition: they hold an item.
  /// - Complexity: O(groups·r²).
  func moments(of chosen: [Int]) -> Moments {
    let count = chosen.reduce(0) { $0 + counts[$1] }
    precondition(count > 0, "groups without items have no moments")
    let wideMean = Self.mean(wideSums, of: chosen, count: count)
    let narrowMean = Self.mean(narrowSums, of: chosen, count: count)
    return Moments(
      itemCount: count,
      cross: Self.covariance(
        cross, of: chosen, count: count, firstMean: wideMean, secondMean: narrowMean),
      wideMean: wideMean, narrowMean: narrowMean)
  }

  /// ‖Σ‖²_F of the wide and of the narrow coordinates over the items of `chosen` groups.
  func squaredNorms(of chosen: [Int], _ moments: Moments) -> (wide: Double, narrow: Double) {
    func norm(_ squares: [Matrix<Float>], _ mean: [Double]) -> Double {
      Self.covariance(
        squares, of: chosen, count: moments.itemCount, firstMean: mean, secondMean: mean
      ).squaredFrobeniusNorm
    }
    return (norm(wideSquares, moments.wideMean), norm(narrowSquares, moments.narrowMean))
  }

  private static func mean(_ sums: [[Double]], of chosen: [Int], count: Int) -> [Double] {
    var total = [Double](repeating: 0, count: sums.first?.count ?? 0)
    for group in chosen {
      for column in total.indices { total[column] += sums[group][column] }
    }
    return total.map { $0 / Double(count) }
  }

  private static func covariance(
    _ products: [Matrix<Float>], of chosen: [Int], count: Int, firstMean: [Double],
    secondMean: [Double]
  ) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: firstMean.count, columnCount: secondMean.count)
    for group in chosen {
      for index in result.elements.indices {
        result.elements[index] += Double(products[group].elements[index])
      }
    }
    let width = secondMean.count
    for row in firstMean.indices {
      for column in 0..<width {
        result.elements[row * width + column] =
          result.elements[row * width + column] / Double(count)
          - firstMean[row] * secondMean[column]
      }
    }
    return result
  }
}

extension Matrix where Scalar == Float {
  /// The sum of every column, in double precision.
  fileprivate var columnSums: [Double] {
    var sums = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { sums[column] += Double(elements[row * columnCount + column]) }
    }
    return sums
  }
}
