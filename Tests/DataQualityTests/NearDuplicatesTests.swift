import DataQuality
import LinearAlgebra
import Neighbors
import Statistics
import Testing

@Suite("Near duplicates")
struct NearDuplicatesTests {
  typealias Worlds = QualityWorlds

  @Test func `are found beside equal items, which are not among them`() throws {
    var matrix = Worlds.gaussian(800, 16, seed: 1)
    // 10, 11 and 12 are equal; 13 is nearly; 20 is 21 doubled; 30 and 31 are equal.
    for item in [11, 12, 13] { matrix.setRow(item, Array(matrix.row(10))) }
    matrix[13, 4] += 1e-4
    matrix.setRow(20, matrix.row(21).map { 2 * $0 })
    matrix.setRow(31, Array(matrix.row(30)))
    matrix.setRow(40, matrix.row(41).map { $0 * 1.2 + 0.2 })
    let report = try Worlds.report(
      Worlds.dataset(matrix, Worlds.gaussian(800, 12, seed: 2)))
    let near = try #require(report.modalities[0].features?.nearDuplicates)
    #expect(near.first == [10, 11, 12, 13, 20, 21] && near.count == 6)
    #expect(report.modalities[1].features?.nearDuplicates?.count == 0)
    #expect(report.kinds == [.duplicates, .nearDuplicates] && report.suspiciousItems.isEmpty)
  }

  @Test func `agree with all pairs`() throws {
    var generator = SeededGenerator(seed: 3)
    for seed in 0..<8 as Range<UInt64> {
      var matrix = Worlds.gaussian(120, 9, seed: seed)
      for _ in 0..<12 {
        let (from, to) = (generator.index(below: 120), generator.index(below: 120))
        var row = Array(matrix.row(from))
        if generator.index(below: 2) == 0 { row[2] += 1e-4 }
        matrix.setRow(to, row)
      }
      let norms = rowNorms(matrix)
      let plain = (0..<120).filter { i in
        (0..<120).contains { j in
          let dot = zip(matrix.row(i), matrix.row(j)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
          return i != j && dot >= (1 - 1e-5) * norms[i] * norms[j] && matrix.row(i) != matrix.row(j)
        }
      }
      let report = try Worlds.report(
        Worlds.dataset(matrix, Worlds.gaussian(120, 12, seed: 50)))
      let near = try #require(report.modalities[0].features?.nearDuplicates)
      #expect(near.count == plain.count && near.first == Array(plain.prefix(10)))
    }
  }

  @Test func `are no finding where all items point the same way`() throws {
    var matrix = Worlds.gaussian(500, 16, seed: 4)
    func count(_ matrix: Matrix<Float>) throws -> Int? {
      try Worlds.report(Worlds.dataset(matrix, Worlds.gaussian(500, 8, seed: 5)))
        .modalities[0].features?.nearDuplicates?.count
    }
    for index in matrix.elements.indices { matrix.elements[index] += 50 }
    #expect(try cosineNeighbors(matrix, count: 1).scores.contains { $0 > 1 - 1e-5 } == false)
    #expect(try count(matrix) == 0)
    for index in matrix.elements.indices { matrix.elements[index] += 2000 }
    #expect(try cosineNeighbors(matrix, count: 1).scores.allSatisfy { $0 > 1 - 1e-5 })
    #expect(try count(matrix) == nil)
    let flat = Worlds.dataset(Worlds.gaussian(500, 4, seed: 4), Worlds.gaussian(500, 8, seed: 5))
    #expect(try Worlds.report(flat).modalities[0].features?.nearDuplicates == nil)
  }
}
