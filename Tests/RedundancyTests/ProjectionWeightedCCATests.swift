import LinearAlgebra
import Redundancy
import Testing

@Suite("Projection-weighted canonical correlation")
struct ProjectionWeightedCCATests {
  @Test(arguments: [0, 1, 2]) func `agrees with numpy`(index: Int) throws {
    let reference = try SubspaceSimilarityReference.all()[index]
    let result = try ProjectionWeightedCCA(between: reference.x, and: reference.y)
    #expect(abs(try #require(result.value) - reference.pwcca) < 1e-9)
  }

  @Test func `keeps what its card says and no more`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 120, widths: (9, 6), rank: 2, strength: 2, seed: 81)
    func value(_ a: Matrix<Float>, _ b: Matrix<Float>) throws -> Double {
      try #require(ProjectionWeightedCCA(between: a, and: b).value)
    }
    let plain = try value(x, y)
    let moved = MeasureWorlds.mapped(x) { value, column in 4 * value + Double(column) }
    #expect(abs(try value(moved, y) - plain) < 1e-5)
    #expect(abs(try value(x, MeasureWorlds.rotated(y, seed: 82)) - plain) < 1e-5)
    #expect(abs(try value(MeasureWorlds.rotated(x, seed: 83), y) - plain) > 1e-4)
    #expect(abs(try value(y, x) - plain) > 1e-4)
    #expect(!ProjectionWeightedCCA.card.isSymmetric)
    #expect(!ProjectionWeightedCCA.card.invariances.contains(.rotation))
  }

  @Test func `weighs strong directions more than the plain mean does`() throws {
    // One strong shared direction among weak unrelated ones.
    let (x, y) = MeasureWorlds.planted(
      items: 300, widths: (8, 8), rank: 1, strength: 4, seed: 84)
    let weighted = try #require(ProjectionWeightedCCA(between: x, and: y).value)
    #expect(weighted > 1.5 * (try #require(SVCCA(between: x, and: y).value)))
  }

  @Test func `is one for a copy and undefined without variance`() throws {
    let x = MeasureWorlds.gaussian(50, 5, seed: 85)
    #expect(abs(try #require(ProjectionWeightedCCA(between: x, and: x).value) - 1) < 1e-9)
    let constant = Matrix<Float>(rowCount: 50, columnCount: 2, repeating: 3)
    #expect(try ProjectionWeightedCCA(between: constant, and: x).value == nil)
    #expect(try ProjectionWeightedCCA(between: x, and: constant).value == nil)
  }
}
