import LinearAlgebra
import Statistics

/// What several checks measure on the data, measured once.
public struct TheoremEvidence: Sendable {
  package let context: TheoremContext
  /// Means and covariance of the features themselves. The context's subspace may have been fitted
  /// elsewhere; statements about it are tested against this.
  package let covariance: CrossCovariance
  /// Ranks at which cheap statements are checked: 2, 4, 8, 16, 20 and k, as far as they exist.
  package let ranks: [Int]
  /// Ranks at which a covariance is recomputed from projected features.
  package let gridRanks: [Int]
  /// Strengths at which a covariance is recomputed from projected features.
  package let gridStrengths: [Double]
  /// Coordinates of the centred items in the leading shared directions of the first modality.
  package let firstCoordinates: Matrix<Double>
  /// The same for the second modality.
  package let secondCoordinates: Matrix<Double>
  /// ⟨‖v‖²⟩ and ⟨‖t‖²⟩ of the centred features.
  package let firstEnergy: Double
  package let secondEnergy: Double
  /// Mean square of each coordinate, so that ⟨‖v∥‖²⟩ at rank k is the sum of the first k.
  package let firstDirectionEnergies: [Double]
  package let secondDirectionEnergies: [Double]

  /// Operations up to which the whole grid, and all the coordinates, are computed.
  static let affordableOperations = 2e10

  /// Measures `context`.
  ///
  /// - Throws: ``TheoremError`` or ``RedundancyError`` for input that does not fit together.
  /// - Complexity: a covariance, O(n·p·q), and coordinates, O(n·(p + q)·K) with K all the shared
  ///   directions, or the largest rank of the grid where that would cost too much.
  public init(_ context: TheoremContext) throws {
    try context.validate()
    self.context = context
    let (first, second, subspace) = (context.first, context.second, context.subspace)
    covariance = context.covariance ?? crossCovariance(first, second)
    let available = subspace.singularValues.count
    ranks = Set([2, 4, 8, 16, 20, context.rank]).filter { $0 <= available }.sorted()
    let strengths = Set([0, 0.3, 0.5, 0.7, 0.9, 1, context.strength]).sorted()

    let passCost = 2 * Double(first.rowCount) * Double(first.columnCount)
    let gridSize = Double(ranks.count * strengths.count)
    let affordsGrid =
      passCost * Double(second.columnCount) * gridSize <= Self.affordableOperations
    gridRanks = affordsGrid ? ranks : [context.rank]
    gridStrengths = affordsGrid ? strengths : Set([context.strength, 1]).sorted()

    let widest = Double(max(first.columnCount, second.columnCount))
    let coordinateCost = 2 * Double(first.rowCount) * widest * Double(available)
    let count =
      coordinateCost <= Self.affordableOperations ? available : ranks.max() ?? context.rank
    firstCoordinates = centeredCoordinates(
      first, subspace.first.leadingColumns(count), center: covariance.firstMean)
    secondCoordinates = centeredCoordinates(
      second, subspace.second.leadingColumns(count), center: covariance.secondMean)
    firstDirectionEnergies = columnMeanSquares(firstCoordinates)
    secondDirectionEnergies = columnMeanSquares(secondCoordinates)
    firstEnergy = meanSquaredNorm(first, center: covariance.firstMean)
    secondEnergy = meanSquaredNorm(second, center: covariance.secondMean)
  }

  var itemCount: Int { context.first.rowCount }
  var singularValues: [Double] { context.subspace.singularValues }

  /// Whether ⟨v, t⟩ means anything.
  var widthsAgree: Bool { context.first.columnCount == context.second.columnCount }

  /// Why a statement about ⟨v, t⟩ was not checked.
  var widthsDifferExplanation: String {
    "The statement adds features of both modalities, and ⟨v, t⟩ is undefined for widths "
      + "\(context.first.columnCount) (\(context.names[0])) and "
      + "\(context.second.columnCount) (\(context.names[1]))."
  }

  /// The items of each class with at least `minimumCount` of them, by ascending label.
  ///
  /// - Parameter includingUnclassified: Treat the items of negative label as one more class.
  func classMembers(minimumCount: Int, includingUnclassified: Bool = false) -> [[Int]]? {
    guard let classes = context.classes else { return nil }
    let groups = Dictionary(grouping: classes.indices) { max(classes[$0], -1) }
    let kept = groups.keys.filter {
      (includingUnclassified || $0 >= 0) && (groups[$0]?.count ?? 0) >= minimumCount
    }
    return kept.sorted().compactMap { groups[$0] }
  }
}

/// Coordinates in `basis` of the rows about `center`.
private func centeredCoordinates(
  _ features: Matrix<Float>, _ basis: Matrix<Double>, center: [Double]
) -> Matrix<Double> {
  let offset = serialProduct(
    Matrix(rowCount: 1, columnCount: center.count, elements: center), basis)
  var result = coordinates(of: features, in: basis)
  for row in 0..<result.rowCount {
    for column in 0..<result.columnCount {
      result.elements[row * result.columnCount + column] -= offset.elements[column]
    }
  }
  return result
}

/// Mean of the squares of each column.
private func columnMeanSquares(_ matrix: Matrix<Double>) -> [Double] {
  var sums = [Double](repeating: 0, count: matrix.columnCount)
  for row in 0..<matrix.rowCount {
    for (column, value) in matrix.row(row).enumerated() { sums[column] += value * value }
  }
  return sums.map { $0 / Double(matrix.rowCount) }
}

/// ⟨‖x − a‖²⟩ over the rows.
private func meanSquaredNorm(_ features: Matrix<Float>, center: [Double]) -> Double {
  let grid = BlockGrid(count: features.rowCount, size: 32)
  let partials = Parallel.map(grid.blockCount) { block in
    centeredRows(features, grid.range(block), center: center).squaredNorm
  }
  return partials.reduce(0, +) / Double(features.rowCount)
}
