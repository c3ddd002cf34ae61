import LinearAlgebra
import Statistics

/// Pairs for the spectral tests, and relabelings done the slow way.
enum SpectralWorlds {
  static func noise(_ items: Int, _ width: Int, seed: UInt64) -> Matrix<Double> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(rowCount: items, columnCount: width, elements: generator.normals(items * width))
  }

  /// Independent normal features whose j-th column has standard deviation (j + 1)^-decay, around
  /// means that are not zero.
  static func coloured(
    _ items: Int, _ width: Int, decay: Double, seed: UInt64
  ) -> Matrix<Float> {
    var matrix = noise(items, width, seed: seed)
    for column in 0..<width {
      let scale = power(Double(column + 1), -decay)
      for row in 0..<items { matrix[row, column] = 0.5 + scale * matrix[row, column] }
    }
    return Matrix<Float>(matrix)
  }

  /// Modalities that share nothing but the classes: class means plus independent noise.
  static func classesOnly(
    items: Int, widths: (Int, Int), classes: Int, spread: Double, seed: UInt64
  ) -> (first: Matrix<Float>, second: Matrix<Float>, labels: [Int]) {
    let labels = (0..<items).map { $0 * 7 % classes }
    func modality(_ width: Int, _ seed: UInt64) -> Matrix<Float> {
      let means = noise(classes, width, seed: seed)
      var matrix = noise(items, width, seed: seed + 1)
      for row in 0..<items {
        for column in 0..<width { matrix[row, column] += spread * means[labels[row], column] }
      }
      return Matrix<Float>(matrix)
    }
    return (modality(widths.0, seed + 10), modality(widths.1, seed + 20), labels)
  }

  /// Columns of any matrix turned by a random rotation.
  static func rotated(_ features: Matrix<Float>, seed: UInt64) -> Matrix<Float> {
    let width = features.columnCount
    return Matrix<Float>(
      product(Matrix<Double>(features), orthonormalBasis(noise(width, width, seed: seed))))
  }

  /// The singular values of the covariance after literally moving the rows.
  static func plainSpectra(
    _ first: Matrix<Float>, _ second: Matrix<Float>, _ relabelings: Relabelings
  ) throws -> [[Double]] {
    try (0..<relabelings.count).map { k in
      try singularValues(crossCovariance(first, second.rows(relabelings.partners(k))).matrix)
    }
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    exponent == 0 ? 1 : exponent == -0.5 ? 1 / base.squareRoot() : 1 / base
  }
}
