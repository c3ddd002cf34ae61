import LinearAlgebra
import Statistics

/// Two modalities whose relation is known, for tests and notebooks.
public struct World: Sendable, Equatable {
  /// n × p.
  public let first: Matrix<Float>
  /// n × q; row i describes the same item as row i of `first`.
  public let second: Matrix<Float>

  /// Both modalities are the same standard normal matrix: everything is redundant.
  public static func identical(items: Int, width: Int, seed: UInt64) -> World {
    let matrix = noise(items, width, RandomStreams(seed: seed).generator(for: "identical"))
    return World(first: matrix, second: matrix)
  }

  /// Independent standard normal modalities: nothing is redundant.
  public static func independent(
    items: Int, firstWidth: Int, secondWidth: Int, seed: UInt64
  ) -> World {
    let streams = RandomStreams(seed: seed)
    return World(
      first: noise(items, firstWidth, streams.generator(for: "first")),
      second: noise(items, secondWidth, streams.generator(for: "second")))
  }

  /// Modalities that share `rank` factors and nothing else.
  ///
  ///     x = √s·z·Aᵀ + e,  y = √s·z·Bᵀ + f
  ///
  /// with standard normal z (k entries), e and f, and orthonormal A and B: the covariance between
  /// the modalities has k singular values s = `strength` and otherwise zeros.
  ///
  /// - Precondition: `rank` is at most either width, `strength` is not negative.
  public static func sharedFactor(
    rank: Int, strength: Double, items: Int, firstWidth: Int, secondWidth: Int, seed: UInt64
  ) -> World {
    precondition(strength >= 0, "a strength is not negative, got \(strength)")
    let streams = RandomStreams(seed: seed)
    var latentGenerator = streams.generator(for: "latent")
    let latent = Matrix(
      rowCount: items, columnCount: rank,
      elements: latentGenerator.normals(items * rank).map { $0 * strength.squareRoot() })
    func modality(_ name: String, width: Int) -> Matrix<Float> {
      let loadings = randomBasis(
        width: width, rank: rank, streams.generator(for: "\(name) loadings"))
      var generator = streams.generator(for: name)
      let own = Matrix(
        rowCount: items, columnCount: width, elements: generator.normals(items * width))
      return Matrix<Float>(product(latent, .none, loadings, .transposed) + own)
    }
    return World(
      first: modality("first", width: firstWidth), second: modality("second", width: secondWidth))
  }

  private static func noise(
    _ rows: Int, _ columns: Int, _ generator: SeededGenerator
  ) -> Matrix<Float> {
    var generator = generator
    return Matrix<Float>(
      Matrix(rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns)))
  }
}

/// A random orthonormal basis, width × rank.
func randomBasis(width: Int, rank: Int, _ generator: SeededGenerator) -> Matrix<Double> {
  var generator = generator
  return orthonormalBasis(
    Matrix(rowCount: width, columnCount: rank, elements: generator.normals(width * rank)))
}
