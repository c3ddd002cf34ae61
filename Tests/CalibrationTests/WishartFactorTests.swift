import Calibration
import LinearAlgebra
import Statistics
import Testing

@Suite("Wishart draws")
struct WishartFactorTests {
  @Test(arguments: [0.5, 1, 2.5, 7, 300])
  func `of chi square have its mean and variance`(freedom: Double) {
    var generator = SeededGenerator(seed: 21)
    let values = (0..<20_000).map { _ in chiSquare(freedom, using: &generator) }
    // Four standard errors of the mean, and of the variance with its excess kurtosis 12/ν.
    #expect(abs(mean(values)! - freedom) < 4 * (2 * freedom / 20_000).squareRoot())
    let spread = 2 * freedom * ((2 + 12 / freedom) / 20_000).squareRoot()
    #expect(abs(sampleVariance(values)! - 2 * freedom) < 4 * spread)
    #expect(values.allSatisfy { $0 > 0 })
  }

  @Test(arguments: [1.0, 3, 4, 6.5, 40])
  func `have mean one and variances that fall with the degrees of freedom`(
    freedom: Double
  ) {
    var generator = SeededGenerator(seed: 22)
    let order = 4
    let draws = (0..<8000).map { _ in
      let factor = wishartFactor(order: order, freedom: freedom, using: &generator)
      return product(factor, .none, factor, .transposed)
    }
    // Below the order the degrees are rounded up to whole ones.
    let degrees = freedom < Double(order) ? freedom.rounded(.up) : freedom
    for i in 0..<order {
      for j in 0...i {
        let values = draws.map { $0[i, j] }
        let variance = (i == j ? 2 : 1) / degrees
        #expect(abs(mean(values)! - (i == j ? 1 : 0)) < 4 * (variance / 8000).squareRoot())
        #expect(abs(sampleVariance(values)! / variance - 1) < 0.2)
      }
    }
  }
}
