import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Largest principal angle")
struct PrincipalAngleTests {
  func frame(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
    var generator = SeededGenerator(seed: seed)
    return orthonormalBasis(
      Matrix(rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns)))
  }

  @Test(arguments: [1e-9, 1e-4, 1, 30, 45, 60, 89.9999, 90])
  func `is the angle by which a plane was turned`(degrees: Double) throws {
    let angle = degrees * .pi / 180
    let a = Matrix<Double>(rows: [[1, 0], [0, 1], [0, 0], [0, 0]])
    let b = Matrix<Double>(rows: [[cos(angle), 0], [0, 1], [sin(angle), 0], [0, 0]])
    #expect(abs(try largestPrincipalAngle(between: a, and: b) - degrees) <= 1e-12 * degrees + 1e-14)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `is zero for another basis of the same subspace`(seed: UInt64) throws {
    let a = frame(20, 3, seed: seed)
    let turned = product(a, frame(3, 3, seed: seed + 10))
    #expect(try largestPrincipalAngle(between: a, and: turned) < 1e-12)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `does not depend on which subspace comes first`(seed: UInt64) throws {
    let a = frame(12, 3, seed: seed)
    let b = frame(12, 3, seed: seed + 10)
    let angle = try largestPrincipalAngle(between: a, and: b)
    #expect(angle > 10)
    #expect(abs(try largestPrincipalAngle(between: b, and: a) - angle) < 1e-10)
  }

  @Test func `is a right angle for subspaces that meet in a direction only`() throws {
    let a = Matrix<Double>(rows: [[1, 0], [0, 1], [0, 0]])
    let b = Matrix<Double>(rows: [[1, 0], [0, 0], [0, 1]])
    #expect(try largestPrincipalAngle(between: a, and: b) == 90)
  }
}
