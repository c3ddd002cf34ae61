import LinearAlgebra
import Statistics

/// Standard deviation of the first coordinate of an initial map.
let initialDeviation = 1e-4

/// The two leading principal components of the points, divided so that the first has standard
/// deviation 1e-4.
///
/// Each component's loading of largest magnitude is positive. Points without spread start at 0;
/// with `jitter` above 0 every coordinate gets normal noise of that share of 1e-4.
///
/// - Returns: n × 2.
/// - Complexity: O(n·d² + d³).
/// - Reference: [KB19].
package func principalInitialization(
  _ points: Matrix<Float>, jitter: Double, streams: RandomStreams
) throws(LinearAlgebraError) -> Matrix<Double> {
  var map = Matrix<Double>(rowCount: points.rowCount, columnCount: 2)
  let width = points.columnCount
  if width > 0 {
    let means = columnMeans(points)
    let spectrum = try symmetricEigen(covariance(points))
    if spectrum.values[0] > 0 {
      let factor = initialDeviation / spectrum.values[0].squareRoot()
      for component in 0..<min(2, width) where spectrum.values[component] > 0 {
        let loadings = positivelyOriented(spectrum.vectors.column(component))
        for row in 0..<points.rowCount {
          var score = 0.0
          for (column, value) in points.row(row).enumerated() {
            score += (Double(value) - means[column]) * loadings[column]
          }
          map[row, component] = score * factor
        }
      }
    }
  }
  if jitter > 0 {
    var generator = streams.generator(for: "tsne-initialization")
    let noise = generator.normals(map.elements.count)
    for index in map.elements.indices {
      map.elements[index] += noise[index] * initialDeviation * jitter
    }
  }
  return map
}

private func positivelyOriented(_ vector: [Double]) -> [Double] {
  let largest = vector.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
  return largest < 0 ? vector.map { -$0 } : vector
}
