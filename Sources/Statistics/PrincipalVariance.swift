import LinearAlgebra

/// The largest eigenvalue of a covariance, found without forming it.
public struct PrincipalVariance: Sendable, Equatable {
  /// The estimate of λ₁, in squared units of the features. Never above λ₁ but for rounding.
  public let value: Double
  /// Passes over the features.
  public let iterations: Int
  /// Whether the residual fell below a thousandth of ``value``, which puts an eigenvalue that
  /// close; the error of the value itself is then usually far smaller.
  public let converged: Bool
}

/// The variance of `matrix` along its first principal direction, by Lanczos iteration.
///
/// Each pass multiplies by (X − 1μᵀ)ᵀ(X − 1μᵀ)/n as two products with the rows, so a covariance of
/// width 4096 is never held. Directions handed to a pass are rounded to single precision, which
/// moves the value by about 1e-7 of itself. The start is drawn from a fixed seed.
///
/// - Shapes: `matrix` is n × d.
/// - Precondition: there is at least one row.
/// - Throws: ``LinearAlgebraError`` when the features are not finite.
/// - Complexity: O(n·d) a pass, at most `passes` of them; O(d) memory a pass.
/// - Reference: [Lan50].
public func principalVariance(
  _ matrix: Matrix<Float>, passes: Int = 24
) throws(LinearAlgebraError) -> PrincipalVariance {
  precondition(passes > 0, "Lanczos needs at least one pass, got \(passes)")
  let width = matrix.columnCount
  guard width > 0 else { return PrincipalVariance(value: 0, iterations: 0, converged: true) }
  let mean = columnMeans(matrix)
  var generator = SeededGenerator(seed: 1)
  var basis = [unit(generator.normals(width))]
  var diagonal: [Double] = []
  var offDiagonal: [Double] = []
  var value = 0.0
  for step in 1...min(passes, width) {
    let current = basis[step - 1]
    var image = covarianceTimes(current, matrix, mean: mean)
    diagonal.append(inner(current, image))
    // Twice is enough: without it rounding lets the leading direction back in.
    for _ in 0..<2 {
      for direction in basis {
        let overlap = inner(direction, image)
        for i in 0..<width { image[i] -= overlap * direction[i] }
      }
    }
    let tail = inner(image, image).squareRoot()
    let eigen = try symmetricEigen(tridiagonal(diagonal, offDiagonal))
    value = max(0, eigen.values[0])
    let residual = tail * abs(eigen.vectors[step - 1, 0])
    // Past here a direction would be rounding noise: the features span nothing more.
    let isExhausted = tail <= 1e-6 * value || step == width
    if isExhausted || residual <= 1e-3 * value {
      return PrincipalVariance(value: value, iterations: step, converged: true)
    }
    offDiagonal.append(tail)
    basis.append(unit(image))
  }
  return PrincipalVariance(value: value, iterations: min(passes, width), converged: false)
}

/// (X − 1μᵀ)ᵀ(X − 1μᵀ)·v/n.
private func covarianceTimes(
  _ vector: [Double], _ matrix: Matrix<Float>, mean: [Double]
) -> [Double] {
  let width = matrix.columnCount
  let rounded = vector.map { Float($0) }
  let offset = zip(mean, rounded).reduce(0) { $0 + $1.0 * Double($1.1) }
  let grid = BlockGrid(count: matrix.rowCount, size: 256)
  let partials: [(image: [Double], weight: Double)] = Parallel.map(grid.blockCount) { block in
    var image = [Double](repeating: 0, count: width)
    var weight = 0.0
    matrix.elements.withUnsafeBufferPointer { source in
      rounded.withUnsafeBufferPointer { direction in
        image.withUnsafeMutableBufferPointer { image in
          for item in grid.range(block) {
            let row = source.baseAddress! + item * width
            let score =
              VectorKernels.dot(row, direction.baseAddress!, count: width) - offset
            weight += score
            VectorKernels.add(row, times: score, to: image.baseAddress!, count: width)
          }
        }
      }
    }
    return (image, weight)
  }
  var total = [Double](repeating: 0, count: width)
  var weight = 0.0
  for partial in partials {
    weight += partial.weight
    for i in 0..<width { total[i] += partial.image[i] }
  }
  let scale = 1 / Double(matrix.rowCount)
  return (0..<width).map { (total[$0] - weight * mean[$0]) * scale }
}

private func inner(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

private func unit(_ vector: [Double]) -> [Double] {
  let scale = 1 / inner(vector, vector).squareRoot()
  return vector.map { $0 * scale }
}

private func tridiagonal(_ diagonal: [Double], _ offDiagonal: [Double]) -> Matrix<Double> {
  var result = Matrix<Double>(rowCount: diagonal.count, columnCount: diagonal.count)
  for i in diagonal.indices { result[i, i] = diagonal[i] }
  for i in 0..<diagonal.count - 1 {
    result[i, i + 1] = offDiagonal[i]
    result[i + 1, i] = offDiagonal[i]
  }
  return result
}
