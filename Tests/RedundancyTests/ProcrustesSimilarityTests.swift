import Foundation
import LinearAlgebra
import Redundancy
import Testing

@Suite("Procrustes similarity")
struct ProcrustesSimilarityTests {
  @Test(arguments: [0, 1, 2]) func `agrees with scipy`(index: Int) throws {
    let reference = try SubspaceSimilarityReference.all()[index]
    let result = try ProcrustesSimilarity(between: reference.x, and: reference.y)
    #expect(abs(try #require(result.similarity) - reference.procrustes) < 1e-7)
    #expect(abs(try #require(result.angle) - acos(reference.procrustes)) < 1e-7)
  }

  @Test func `is one for a turned, moved and rescaled copy, also in a wider space`() throws {
    let x = MeasureWorlds.gaussian(80, 6, seed: 91)
    let copy = MeasureWorlds.mapped(MeasureWorlds.rotated(x, seed: 92)) { value, column in
      2 * value - Double(column)
    }
    let result = try ProcrustesSimilarity(between: x, and: copy)
    #expect(abs(try #require(result.similarity) - 1) < 1e-6)
    #expect(try #require(result.angle) < 2e-3)
    let wider = Matrix<Float>(
      rowCount: 80, columnCount: 9,
      elements: (0..<80).flatMap { Array(copy.row($0)) + [1, 1, 1] })
    #expect(abs(try #require(ProcrustesSimilarity(between: x, and: wider).similarity) - 1) < 1e-6)
  }

  @Test func `is symmetric and changes with the pairing`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 120, widths: (9, 6), rank: 2, strength: 1.5, seed: 93)
    let value = try #require(ProcrustesSimilarity(between: x, and: y).similarity)
    #expect(abs(try #require(ProcrustesSimilarity(between: y, and: x).similarity) - value) < 1e-9)
    let order = Array((0..<120).reversed())
    let broken = try #require(ProcrustesSimilarity(between: x, and: y.rows(order)).similarity)
    #expect(broken < value - 0.05)
    #expect(ProcrustesSimilarity.card.pairing == .paired)
    #expect(ProcrustesSimilarity.angleCard.direction == .fallsWithLikeness)
  }

  @Test func `has an angle that obeys the triangle inequality`() throws {
    let shapes = (0..<6).map { MeasureWorlds.gaussian(20, 3 + $0 % 3, seed: 94 + UInt64($0)) }
    func angle(_ a: Int, _ b: Int) throws -> Double {
      try #require(ProcrustesSimilarity(between: shapes[a], and: shapes[b]).angle)
    }
    for a in 0..<6 {
      for b in 0..<6 {
        for c in 0..<6 { #expect(try angle(a, c) <= angle(a, b) + angle(b, c) + 1e-6) }
      }
    }
  }

  @Test func `is undefined without variance`() throws {
    let constant = Matrix<Float>(rowCount: 20, columnCount: 2, repeating: 3)
    let result = try ProcrustesSimilarity(
      between: MeasureWorlds.gaussian(20, 2, seed: 99), and: constant)
    #expect(result.similarity == nil && result.angle == nil)
  }
}
