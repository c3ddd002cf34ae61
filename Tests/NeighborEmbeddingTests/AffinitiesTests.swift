import Foundation
import LinearAlgebra
import NeighborEmbedding
import Statistics
import Testing

@Suite("Perplexity affinities")
struct AffinitiesTests {
  @Test(arguments: [2.0, 10, 30])
  func `have the wanted perplexity in every row`(perplexity: Double) {
    let points = clusteredPoints(400, 6, classes: 4, separation: 3, seed: 1)
    let neighbors = ExactNeighbors(of: DistanceTiles(points), count: Int(3 * perplexity))
    let probabilities = perplexityProbabilities(neighbors, perplexity: perplexity)
    for start in stride(from: 0, to: probabilities.count, by: neighbors.width) {
      let row = probabilities[start..<start + neighbors.width]
      let entropy = row.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
      #expect(abs(row.reduce(0, +) - 1) < 1e-12)
      #expect(abs(exp(entropy) - perplexity) < 1e-8 * perplexity)
      // Nearest first, so never increasing.
      #expect(zip(row, row.dropFirst()).allSatisfy { $0 >= $1 })
    }
  }

  @Test func `are symmetric and sum to one`() {
    let points = normalPoints(350, 5, seed: 2)
    let p = tsneAffinities(DistanceTiles(points), perplexity: 12)
    var entries = [Int: Double]()
    for row in 0..<p.rowCount {
      let range = p.rowStart[row]..<p.rowStart[row + 1]
      #expect(zip(p.columns[range], p.columns[range].dropFirst()).allSatisfy { $0 < $1 })
      for entry in range { entries[row * 350 + Int(p.columns[entry])] = p.values[entry] }
    }
    #expect(entries.count == p.values.count)
    #expect(entries.allSatisfy { $0.value > 0 && $0.key / 350 != $0.key % 350 })
    #expect(entries.allSatisfy { entries[$0.key % 350 * 350 + $0.key / 350] == $0.value })
    #expect(abs(p.values.reduce(0, +) - 1) < 1e-12)
  }

  @Test func `equal openTSNE's`() throws {
    let reference = try EmbeddingReference.load()
    let p = tsneAffinities(DistanceTiles(reference.matrix), perplexity: reference.perplexity)
    #expect(p.values.count == reference.affinityEntries)
    for expected in reference.affinityRows {
      let range = p.rowStart[expected.row]..<p.rowStart[expected.row + 1]
      #expect(Array(p.columns[range]) == expected.columns)
      for (value, other) in zip(p.values[range], expected.values) {
        // openTSNE stops its search for the bandwidth earlier.
        #expect(abs(value - other) < 1e-6 * other + 1e-12)
      }
    }
  }

  @Test func `spread evenly over more identical rows than the perplexity`() {
    // Rows 0...49 coincide, the others are far from them.
    var points = normalPoints(80, 3, seed: 3)
    for index in 0..<50 * 3 { points.elements[index] = 20 }
    let neighbors = ExactNeighbors(of: DistanceTiles(points), count: 60)
    let probabilities = perplexityProbabilities(neighbors, perplexity: 20)
    #expect(probabilities.allSatisfy { $0.isFinite })
    let first = probabilities.prefix(60)
    #expect(first.prefix(49).allSatisfy { abs($0 - 1 / 49) < 1e-9 })
    #expect(first.dropFirst(49).allSatisfy { $0 < 1e-9 })
  }

  @Test func `are uniform when all rows are identical`() {
    let points = Matrix<Float>(rowCount: 40, columnCount: 3, repeating: 2.5)
    let p = tsneAffinities(DistanceTiles(points), perplexity: 5)
    #expect(abs(p.values.reduce(0, +) - 1) < 1e-12)
    let unit = 1.0 / (2 * 40 * 15)
    #expect(p.values.allSatisfy { abs($0 - unit) < 1e-15 || abs($0 - 2 * unit) < 1e-15 })
  }
}
