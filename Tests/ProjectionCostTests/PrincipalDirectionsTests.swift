import LinearAlgebra
import ProjectionCost
import Statistics
import Testing

@Suite("Principal directions")
struct PrincipalDirectionsTests {
  /// A covariance with given eigenvalues, in random directions.
  func covariance(_ values: [Double], seed: UInt64) -> Matrix<Double> {
    let q = CostWorlds.basis(values.count, values.count, seed: seed)
    var scaled = q
    for row in 0..<values.count {
      for column in 0..<values.count { scaled[row, column] *= values[column] }
    }
    return product(scaled, .none, q, .transposed)
  }

  func isOrthonormal(_ v: Matrix<Double>) -> Bool {
    (product(v, .transposed, v, .none) - .identity(v.columnCount)).maximumMagnitude < 1e-9
  }

  @Test func `of a narrow modality are the eigenvectors`() throws {
    let sigma = covariance((0..<30).map { 30 - Double($0) }, seed: 1)
    let v = try principalDirections(sigma, count: 7)
    #expect(v.columnCount == 7 && isOrthonormal(v))
    for index in 0..<7 {
      let image = product(sigma, v.columns(index..<index + 1))
      let expected = CostWorlds.scaled(v.columns(index..<index + 1), 30 - Double(index))
      #expect((image - expected).maximumMagnitude < 1e-10)
    }
    #expect(try principalDirections(sigma, count: 99).columnCount == 30)
  }

  @Test func `of a wide modality agree with the eigenvectors`() throws {
    let sigma = covariance((0..<700).map { 1 / Double($0 + 1) }, seed: 2)
    let v = try principalDirections(sigma, count: 100)
    #expect(v.columnCount == 100 && isOrthonormal(v))
    let exact = try symmetricEigen(sigma)
    let cosines = product(exact.vectors, .transposed, v, .none)
    for index in 0..<20 { #expect(abs(abs(cosines[index, index]) - 1) < 1e-8) }
    let held = product(v, .transposed, product(sigma, v), .none)
    let found = (0..<100).reduce(0) { $0 + held[$1, $1] }
    let best = exact.values.prefix(100).reduce(0, +)
    #expect(found <= best * (1 + 1e-12))
    #expect(found > 0.999 * best)
  }

  @Test func `of a wide flat spectrum hold nearly the most variance`() throws {
    let sigma = Statistics.covariance(
      Matrix<Float>(CostWorlds.gaussian(1500, 700, seed: 4)))
    let v = try principalDirections(sigma, count: 128)
    let held = product(v, .transposed, product(sigma, v), .none)
    let best = try symmetricEigen(sigma).values
    for (count, share) in [(5, 0.998), (20, 0.995), (128, 0.95)] {
      let found = (0..<count).reduce(0) { $0 + held[$1, $1] }
      #expect(found > share * best.prefix(count).reduce(0, +))
    }
  }

  @Test(arguments: [0, 1, 5, 90])
  func `of a wide modality of low rank are orthonormal and hold it all`(rank: Int) throws {
    let sigma = covariance(
      (0..<700).map { $0 < rank ? Double(rank - $0) : 0 }, seed: 3)
    let v = try principalDirections(sigma, count: 128)
    #expect(v.columnCount == 128 && isOrthonormal(v))
    let held = product(v, .transposed, product(sigma, v), .none)
    let total = (0..<700).reduce(0) { $0 + sigma[$1, $1] }
    #expect(abs((0..<128).reduce(0) { $0 + held[$1, $1] } - total) <= 1e-9 * max(total, 1))
  }

  @Test func `refuse what is not finite`() {
    for width in [4, 700] {
      var sigma = Matrix<Double>.identity(width)
      sigma[1, 1] = .nan
      #expect(throws: LinearAlgebraError.self) { try principalDirections(sigma, count: 2) }
    }
  }
}
