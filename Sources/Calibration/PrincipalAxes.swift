import LinearAlgebra
import Statistics

/// The principal axes of a modality by the road that its shape asks for.
struct PrincipalAxes {
  let basis: Matrix<Double>
  let variances: [Double]
  let scores: Matrix<Float>
  let isExact: Bool

  /// No axes, for a modality without variance.
  static func none(_ features: Matrix<Float>) -> PrincipalAxes {
    PrincipalAxes(
      basis: Matrix(rowCount: features.columnCount, columnCount: 0), variances: [],
      scores: Matrix(rowCount: features.rowCount, columnCount: 0), isExact: true)
  }

  /// All d eigenvectors of the covariance.
  static func ofCovariance(
    _ features: Matrix<Float>, mean: [Double]
  ) throws(LinearAlgebraError) -> PrincipalAxes {
    let eigen = try symmetricEigen(covariance(features))
    return PrincipalAxes(
      basis: eigen.vectors, variances: eigen.values.map { max(0, $0) },
      scores: centeredProduct(features, mean: mean, Matrix<Float>(eigen.vectors)), isExact: true)
  }

  /// The eigenvectors of X̄X̄ᵀ that have a value, mapped to features.
  static func ofGram(
    _ features: Matrix<Float>, mean: [Double]
  ) throws(LinearAlgebraError) -> PrincipalAxes {
    let n = features.rowCount
    var centered = Matrix<Double>(features)
    for row in 0..<n {
      for column in mean.indices { centered[row, column] -= mean[column] }
    }
    let eigen = try symmetricEigen(product(centered, .none, centered, .transposed))
    // Centred rows sum to zero, so at least one value is rounding.
    let values = eigen.values.prefix(n - 1).prefix { $0 > 1e-10 * eigen.values[0] }
    let items = eigen.vectors.leadingColumns(values.count)
    let basis = product(centered, .transposed, items, .none)
      .scalingColumns(by: values.map { 1 / $0.squareRoot() })
    return PrincipalAxes(
      basis: basis, variances: values.map { $0 / Double(n) },
      scores: Matrix<Float>(items.scalingColumns(by: values.map { $0.squareRoot() })),
      isExact: true)
  }

  /// Two rounds of block subspace iteration from a random start, then the principal axes of what
  /// it spans.
  static func iterated(
    _ features: Matrix<Float>, mean: [Double], rank: Int, streams: RandomStreams
  ) throws(LinearAlgebraError) -> PrincipalAxes {
    let width = features.columnCount
    // Sixteen more than are kept: the last ones settle slowest.
    let block = min(rank + 16, width, features.rowCount)
    var generator = streams.generator(for: "principal-factors")
    var directions = Matrix(
      rowCount: width, columnCount: block, elements: generator.normals(width * block))
    for _ in 0..<2 {
      let image = centeredProduct(features, mean: mean, Matrix<Float>(directions))
      directions = orthonormalBasis(singlePrecisionCrossCovariance(features, image))
    }
    let scores = centeredProduct(features, mean: mean, Matrix<Float>(directions))
    let eigen = try symmetricEigen(singlePrecisionCovariance(scores))
    let turn = eigen.vectors.leadingColumns(min(rank, block))
    return PrincipalAxes(
      basis: product(directions, turn),
      variances: eigen.values.prefix(rank).map { max(0, $0) },
      scores: product(scores, Matrix<Float>(turn)), isExact: false)
  }
}
