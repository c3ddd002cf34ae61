import LinearAlgebra
import Statistics

/// Singular vector canonical correlation: the mean correlation between what two modalities say in
/// their leading principal directions.
///
///     SVCCA(X, Y) = (1/k)·Σ ρᵢ,  k = min(k_x, k_y)
///
/// with ρ the canonical correlations of the principal coordinates that hold 99 % of the variance
/// of either modality, k_x and k_y of them. Unrelated modalities are far from 0 where the
/// directions are many beside the items; at n − 1 directions every ρ is 1.
///
/// - Range: 0 to 1 (the same subspace of items).
/// - Reference: [RGYS17].
public struct SVCCA: Codable, Sendable, Equatable {
  /// The mean correlation; nil when a modality has no variance.
  public let value: Double?
  /// ρ, largest first.
  public let correlations: [Double]
  /// Principal directions k_x that were kept.
  public let firstDirections: Int
  /// Principal directions k_y that were kept.
  public let secondDirections: Int

  /// Share of the variance that the directions hold.
  public static let varianceShare = 0.99

  public static let card = MeasureCard(
    name: "svcca", title: "Singular vector canonical correlation",
    direction: .growsWithLikeness, lowerBound: 0, upperBound: 1, isSymmetric: true,
    invariances: [.itemOrder, .translation, .uniformScaling, .rotation, .commonRotation],
    source: "[RGYS17]")

  /// Measures features n × p and n × q.
  ///
  /// - Throws: ``RedundancyError`` when the items do not line up, ``LinearAlgebraError`` when
  ///   features are not finite.
  /// - Complexity: O(n·p·min(n, p) + min(n, p)³), the same for q, and 2·n·k_x·k_y; O(n·(p + q))
  ///   memory. Hours beyond some thousand features and items.
  public init(between first: Matrix<Float>, and second: Matrix<Float>) throws {
    try requireComparable(first, second)
    let (x, y) = (try WhitenedCoordinates(first), try WhitenedCoordinates(second))
    let rho = try singularValues(product(x.scores, .transposed, y.scores, .none))
    correlations = rho.map { min(1, $0) }
    value = mean(correlations)
    firstDirections = x.scores.columnCount
    secondDirections = y.scores.columnCount
  }

  /// The smallest number of leading variances that hold ``varianceShare`` of `total`; 0 when there
  /// is none. All of `variances` when they hold less.
  ///
  /// - Precondition: the variances are in descending order and not negative.
  package static func directionCount(_ variances: [Double], total: Double) -> Int {
    guard total > 0 else { return 0 }
    var held = 0.0
    for (index, variance) in variances.enumerated() {
      guard variance > 0 else { return index }
      held += variance
      if held >= varianceShare * total { return index + 1 }
    }
    return variances.count
  }
}

/// Orthonormal scores of the items on the principal directions that hold 99 % of the variance.
struct WhitenedCoordinates {
  /// Z, n × k with orthonormal columns.
  let scores: Matrix<Double>
  /// X̄ᵀZ, p × k: how far each feature goes along each direction.
  let loadings: Matrix<Double>

  init(_ features: Matrix<Float>) throws(LinearAlgebraError) {
    let means = columnMeans(features)
    var centered = Matrix<Double>(features)
    for row in 0..<centered.rowCount {
      for column in means.indices { centered[row, column] -= means[column] }
    }
    let isWide = features.columnCount > features.rowCount
    let eigen = try symmetricEigen(
      isWide
        ? product(centered, .none, centered, .transposed)
        : product(centered, .transposed, centered, .none))
    let values = eigen.values.map { max(0, $0) }
    let count = SVCCA.directionCount(values, total: values.reduce(0, +))
    let vectors = eigen.vectors.leadingColumns(count)
    let roots = values.prefix(count).map { $0.squareRoot() }
    if isWide {
      scores = vectors
      loadings = product(centered, .transposed, vectors, .none)
    } else {
      scores = product(centered, vectors.scalingColumns(by: roots.map { 1 / $0 }))
      loadings = vectors.scalingColumns(by: roots)
    }
  }
}
