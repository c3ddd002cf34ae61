import Calibration
import LinearAlgebra
import Statistics
import Testing

@Suite("Principal factors")
struct PrincipalFactorsTests {
  let streams = RandomStreams(seed: 11)

  /// X̄ by subtraction.
  func centered(_ features: Matrix<Float>) -> Matrix<Double> {
    var result = Matrix<Double>(features)
    for column in 0..<result.columnCount {
      let mean = result.column(column).reduce(0, +) / Double(result.rowCount)
      for row in 0..<result.rowCount { result[row, column] -= mean }
    }
    return result
  }

  @Test(arguments: [(90, 20, 384), (50, 120, 384), (50, 50, 50), (2, 5, 384), (3, 1, 1)])
  func `keep everything of a modality within the limit`(
    items: Int, width: Int, limit: Int
  ) throws {
    let features = SpectralWorlds.coloured(items, width, decay: 0.5, seed: 1)
    let factors = try PrincipalFactors(of: features, limit: limit, streams: streams)
    let x = centered(features)
    let sigma = try singularValues(x)
    #expect(factors.isExact)
    #expect(factors.tailVariance == 0)
    for (variance, value) in zip(factors.variances, sigma) {
      #expect(abs(variance - value * value / Double(items)) < 1e-6 * factors.totalVariance)
    }
    let rebuilt = product(
      Matrix<Double>(factors.scores), .none, factors.basis, .transposed)
    #expect((rebuilt - x).maximumMagnitude < 2e-6 * x.maximumMagnitude)
    let squares = sigma.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(items * items)
    #expect(abs(factors.squaredNorm - squares) < 1e-6 * squares)
  }

  @Test func `of a wide modality lead with the singular vectors of the features`() throws {
    // Twelve strong directions over weak noise.
    let loadings = orthonormalBasis(SpectralWorlds.noise(300, 12, seed: 2))
    let latent = SpectralWorlds.noise(400, 12, seed: 3).scaled(20)
    let features = Matrix<Float>(
      product(latent, .none, loadings, .transposed) + SpectralWorlds.noise(400, 300, seed: 4))
    let factors = try PrincipalFactors(of: features, limit: 60, streams: streams)
    let x = centered(features)
    let full = try singularValueDecomposition(x)
    #expect(!factors.isExact)
    #expect(factors.rank == 30)
    for i in 0..<12 {
      let variance = full.singularValues[i] * full.singularValues[i] / 400
      #expect(abs(factors.variances[i] - variance) < 1e-4 * variance)
      #expect(factors.variances[i] <= variance * (1 + 1e-5))
    }
    // The twelve-dimensional subspace is found as a whole.
    let overlap = product(
      full.v.leadingColumns(12), .transposed, factors.basis.leadingColumns(12), .none)
    #expect(try singularValues(overlap).last! > 1 - 1e-4)
    let scores = Matrix<Double>(factors.scores)
    let moments = product(scores, .transposed, scores, .none)
    for i in 0..<factors.rank {
      for j in 0..<factors.rank {
        let expected = i == j ? factors.variances[i] : 0
        #expect(abs(moments[i, j] / 400 - expected) < 1e-4 * factors.variances[0])
      }
    }
  }

  @Test(arguments: [0.0, 0.5]) func `measure the tail they leave`(decay: Double) throws {
    let features = SpectralWorlds.coloured(300, 500, decay: decay, seed: 5)
    let factors = try PrincipalFactors(of: features, limit: 45, streams: streams)
    let x = centered(features)
    let tail = x - product(x, product(factors.basis, .none, factors.basis, .transposed))
    let variance = tail.squaredFrobeniusNorm / 300
    #expect(abs(factors.tailVariance - variance) < 1e-4 * variance)
    let norm = product(tail, .none, tail, .transposed).squaredFrobeniusNorm / 90_000
    // Thirty-two random signs.
    #expect(abs(factors.squaredTailNorm - norm) < 0.1 * norm)
    let total = product(x, .none, x, .transposed).squaredFrobeniusNorm / 90_000
    #expect(abs(factors.squaredNorm - total) < 0.02 * total)
  }

  @Test func `have the same bits for any number of threads`() throws {
    let features = SpectralWorlds.coloured(700, 200, decay: 0.5, seed: 6)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let results = try [1, 2, 5].map { count in
      Parallel.threadCount = count
      return try PrincipalFactors(of: features, limit: 60, streams: streams)
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test(arguments: [(5, 3), (5, 400), (500, 400), (1, 400), (4, 0)])
  func `of a constant have no coordinates`(items: Int, width: Int) throws {
    let factors = try PrincipalFactors(
      of: Matrix(rowCount: items, columnCount: width, repeating: 3), limit: 384,
      streams: streams)
    #expect(factors.rank == 0)
    #expect(factors.totalVariance == 0)
    #expect(factors.isExact)
  }

  @Test func `name the place where a feature is not finite`() {
    for limit in [2, 384] {
      var features = SpectralWorlds.coloured(30, 5, decay: 0, seed: 7)
      features[7, 3] = .nan
      #expect(
        throws: LinearAlgebraError.nonFinite(routine: "principal factors", row: 7, column: 3)
      ) {
        try PrincipalFactors(of: features, limit: limit, streams: streams)
      }
    }
  }
}

extension Matrix where Scalar == Double {
  fileprivate func scaled(_ factor: Double) -> Matrix {
    Matrix(rowCount: rowCount, columnCount: columnCount, elements: elements.map { $0 * factor })
  }
}
