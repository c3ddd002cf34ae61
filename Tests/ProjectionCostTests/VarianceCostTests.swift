import LinearAlgebra
import ProjectionCost
import Statistics
import Testing

@Suite("Variance cost")
struct VarianceCostTests {
  let features = CostWorlds.mixed(items: 700, widths: (12, 8), seed: 1)

  @Test func `is what applying the map shows`() throws {
    let sigma = covariance(features.first)
    for map in [
      LowRankMap(orthonormal: CostWorlds.basis(12, 4, seed: 6), strength: 0.8),
      LowRankMap(
        a: CostWorlds.gaussian(12, 2, seed: 7), b: CostWorlds.gaussian(12, 2, seed: 8),
        strength: 0.05),
    ] {
      let cost = try #require(VarianceCost(of: map, covariance: sigma))
      let after = map.apply(features.first)
      let before = totalVariance(features.first)
      let change = Matrix<Float>(
        Matrix<Double>(after) - Matrix<Double>(features.first))
      #expect(abs(cost.moved - totalVariance(change) / before) < 1e-5)
      let lost = 1 - totalVariance(after) / before
      #expect(abs(cost.lost - max(0, lost)) < 1e-5)
    }
  }

  @Test func `of a map that removes everything is all variance`() throws {
    let sigma = covariance(features.first)
    let all = LowRankMap(orthonormal: .identity(12), strength: 1)
    let cost = try #require(VarianceCost(of: all, covariance: sigma))
    #expect(abs(cost.lost - 1) < 1e-12 && cost.lost <= 1)
    #expect(abs(cost.moved - 1) < 1e-12)
    #expect(VarianceCost(of: all, covariance: Matrix(rowCount: 12, columnCount: 12)) == nil)
  }
}
