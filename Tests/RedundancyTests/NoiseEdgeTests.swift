import LinearAlgebra
import Redundancy
import Testing

@Suite("Noise edge")
struct NoiseEdgeTests {
  func largest(_ x: Matrix<Float>, _ y: Matrix<Float>) throws -> Double {
    try SharedSubspace(between: x, and: y).singularValues[0]
  }

  @Test(arguments: [(500, 64, 32), (1000, 512, 128), (4000, 300, 100), (2000, 16, 700)])
  func `lies just above the first value of independent noise`(
    items: Int, firstWidth: Int, secondWidth: Int
  ) throws {
    let x = MeasureWorlds.gaussian(items, firstWidth, seed: 41)
    let y = MeasureWorlds.gaussian(items, secondWidth, seed: 42)
    let ratio = try largest(x, y) / NoiseEdge(between: x, and: y).value
    #expect((0.82...1.02).contains(ratio), "σ₁ is \(ratio) of the edge")
  }

  @Test func `follows its formula`() {
    // Norms 3 and 2, spreads 5 and 6, √n = 20: (3·6 + 5·(2 − 6/20))/20.
    let edge = NoiseEdge(
      itemCount: 400, firstPrincipalVariance: 9, firstTotalVariance: 25, firstWidth: 10,
      secondPrincipalVariance: 4, secondTotalVariance: 36, secondWidth: 30)
    #expect(abs(edge.value - 1.325) < 1e-14)
    // A norm below that of white noise is raised to it: 6/√9 = 2 beats 2 − 0.3.
    let white = NoiseEdge(
      itemCount: 400, firstPrincipalVariance: 9, firstTotalVariance: 25, firstWidth: 10,
      secondPrincipalVariance: 4, secondTotalVariance: 36, secondWidth: 9)
    // With the second modality held fixed it is smaller: (2·5 + 6·2.75)/20.
    #expect(abs(white.value - 1.325) < 1e-14)
  }

  @Test func `is (√p + √q)/√n for many items of white noise`() throws {
    let x = MeasureWorlds.gaussian(40_000, 30, seed: 43)
    let y = MeasureWorlds.gaussian(40_000, 8, seed: 44)
    let expected = (30.0.squareRoot() + 8.0.squareRoot()) / 200
    #expect(abs(try NoiseEdge(between: x, and: y).value - expected) < 0.03 * expected)
  }

  @Test func `is passed by a planted factor and stands above coloured noise`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 1000, widths: (80, 40), rank: 1, strength: 1.5, seed: 45)
    #expect(try largest(x, y) > 1.5 * NoiseEdge(between: x, and: y).value)
    func colour(_ value: Double, _ column: Int) -> Double {
      value / Double(column + 1).squareRoot()
    }
    let red = MeasureWorlds.mapped(MeasureWorlds.gaussian(1000, 80, seed: 46), colour)
    let brown = MeasureWorlds.mapped(MeasureWorlds.gaussian(1000, 40, seed: 47), colour)
    let ratio = try largest(red, brown) / NoiseEdge(between: red, and: brown).value
    #expect((0.3...1).contains(ratio))
  }

  @Test func `scales with the features and is symmetric`() throws {
    let x = MeasureWorlds.gaussian(300, 20, seed: 48)
    let y = MeasureWorlds.gaussian(300, 9, seed: 49)
    let edge = try NoiseEdge(between: x, and: y).value
    let scaled = try NoiseEdge(between: MeasureWorlds.mapped(x) { value, _ in 4 * value }, and: y)
    #expect(abs(scaled.value - 4 * edge) < 1e-6 * edge)
    #expect(abs(try NoiseEdge(between: y, and: x).value - edge) < 1e-12)
  }

  @Test func `is zero when nothing varies`() throws {
    let x = MeasureWorlds.gaussian(30, 5, seed: 50)
    let constant = Matrix<Float>(rowCount: 30, columnCount: 2, repeating: 1)
    #expect(try NoiseEdge(between: x, and: constant).value == 0)
  }

  @Test func `names both item counts when the modalities do not line up`() {
    #expect(throws: RedundancyError.itemCountMismatch(first: 30, second: 29)) {
      try NoiseEdge(
        between: MeasureWorlds.gaussian(30, 5, seed: 1),
        and: MeasureWorlds.gaussian(29, 5, seed: 2))
    }
  }
}
