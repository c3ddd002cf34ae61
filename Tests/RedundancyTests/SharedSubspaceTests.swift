import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Shared subspace")
struct SharedSubspaceTests {
  @Test func `rebuilds the covariance from orthonormal directions`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 400, widths: (15, 9), rank: 2, strength: 2, seed: 101)
    let subspace = try SharedSubspace(between: x, and: y)
    #expect(subspace.covariance == crossCovariance(x, y))
    #expect(subspace.first.rowCount == 15 && subspace.first.columnCount == 9)
    #expect(subspace.second.rowCount == 9 && subspace.second.columnCount == 9)
    var scaled = subspace.first
    for r in 0..<15 {
      for c in 0..<9 { scaled[r, c] *= subspace.singularValues[c] }
    }
    let rebuilt = product(scaled, .none, subspace.second, .transposed)
    #expect((rebuilt - subspace.covariance.matrix).maximumMagnitude < 1e-13)
    for basis in [subspace.first, subspace.second] {
      let gram = product(basis, .transposed, basis, .none)
      #expect((gram - .identity(9)).maximumMagnitude < 1e-13)
    }
  }

  @Test func `finds the planted directions`() throws {
    let latent = MeasureWorlds.doubleGaussian(5000, 1, seed: 102)
    var x = MeasureWorlds.doubleGaussian(5000, 6, seed: 103)
    var y = MeasureWorlds.doubleGaussian(5000, 4, seed: 104)
    for item in 0..<5000 {
      x[item, 2] += 3 * latent[item, 0]
      y[item, 1] -= 3 * latent[item, 0]
    }
    let subspace = try SharedSubspace(between: Matrix<Float>(x), and: Matrix<Float>(y))
    #expect(abs(subspace.first[2, 0]) > 0.99)
    #expect(abs(subspace.second[1, 0]) > 0.99)
    // The shared directions move against each other.
    #expect(subspace.first[2, 0] * subspace.second[1, 0] < 0)
    #expect(abs(subspace.singularValues[0] - 9) < 0.6)
    #expect(subspace.singularValues[1] < 0.2)
  }

  @Test func `swaps sides with its modalities`() throws {
    let x = MeasureWorlds.gaussian(60, 5, seed: 105)
    let y = MeasureWorlds.gaussian(60, 8, seed: 106)
    let forth = try SharedSubspace(between: x, and: y)
    let back = try SharedSubspace(between: y, and: x)
    for (a, b) in zip(forth.singularValues, back.singularValues) { #expect(abs(a - b) < 1e-14) }
    for column in 0..<5 {
      let cosine = (0..<5).reduce(0) { $0 + forth.first[$1, column] * back.second[$1, column] }
      #expect(abs(abs(cosine) - 1) < 1e-10)
    }
  }

  @Test func `needs items that line up, enough of them, and finite features`() {
    let x = MeasureWorlds.gaussian(20, 3, seed: 1)
    #expect(throws: RedundancyError.itemCountMismatch(first: 20, second: 19)) {
      try SharedSubspace(between: x, and: MeasureWorlds.gaussian(19, 3, seed: 2))
    }
    #expect(throws: RedundancyError.tooFewItems(count: 2, needed: 3)) {
      try SharedSubspace(between: x.rows([0, 1]), and: x.rows([0, 1]))
    }
    var broken = x
    broken[3, 1] = .infinity
    #expect(throws: LinearAlgebraError.self) { try SharedSubspace(between: broken, and: x) }
  }
}
