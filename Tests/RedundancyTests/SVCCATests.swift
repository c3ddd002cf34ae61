import Foundation
import LinearAlgebra
import Redundancy
import Testing

@Suite("Singular vector canonical correlation")
struct SVCCATests {
  @Test(arguments: [0, 1, 2]) func `agrees with scipy`(index: Int) throws {
    let reference = try SubspaceSimilarityReference.all()[index]
    let result = try SVCCA(between: reference.x, and: reference.y)
    #expect([result.firstDirections, result.secondDirections] == reference.directions)
    #expect(result.correlations.count == reference.correlations.count)
    for (a, b) in zip(result.correlations, reference.correlations) { #expect(abs(a - b) < 1e-9) }
    #expect(abs(try #require(result.value) - reference.svcca) < 1e-9)
  }

  @Test func `is one for a turned, moved and rescaled copy`() throws {
    let x = MeasureWorlds.gaussian(100, 8, seed: 71)
    let copy = MeasureWorlds.mapped(MeasureWorlds.rotated(x, seed: 72)) { value, column in
      3 * value + Double(column)
    }
    #expect(abs(try #require(SVCCA(between: x, and: copy).value) - 1) < 1e-5)
  }

  @Test func `keeps what its card says`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 120, widths: (9, 6), rank: 2, strength: 1.5, seed: 73)
    let value = try #require(SVCCA(between: x, and: y).value)
    let moved = MeasureWorlds.mapped(MeasureWorlds.rotated(x, seed: 74)) { value, column in
      0.25 * value - Double(column)
    }
    #expect(abs(try #require(SVCCA(between: moved, and: y).value) - value) < 1e-5)
    #expect(abs(try #require(SVCCA(between: y, and: x).value) - value) < 1e-9)
    let order = Array((0..<120).reversed())
    #expect(
      abs(try #require(SVCCA(between: x.rows(order), and: y.rows(order)).value) - value) < 1e-9)
    #expect(abs(try #require(SVCCA(between: x, and: y.rows(order)).value) - value) > 0.01)
    #expect(SVCCA.card.pairing == .paired)
  }

  @Test func `is one for any two modalities of more directions than items`() throws {
    let result = try SVCCA(
      between: MeasureWorlds.gaussian(10, 40, seed: 75),
      and: MeasureWorlds.gaussian(10, 60, seed: 76))
    #expect(abs(try #require(result.value) - 1) < 1e-9)
  }

  @Test func `is undefined without variance`() throws {
    let constant = Matrix<Float>(rowCount: 10, columnCount: 2, repeating: 3)
    let x = MeasureWorlds.gaussian(10, 4, seed: 77)
    #expect(try SVCCA(between: x, and: constant).value == nil)
    #expect(try SVCCA(between: x, and: Matrix(rowCount: 10, columnCount: 0)).value == nil)
    #expect(throws: RedundancyError.tooFewItems(count: 2, needed: 3)) {
      try SVCCA(between: x.rows([0, 1]), and: x.rows([0, 1]))
    }
  }
}
