import Foundation
import Information
import LinearAlgebra
import Statistics
import Testing

@Suite("Partial information decomposition")
struct PartialInformationTests {
  /// Redundant, unique V, unique T and synergistic bits of gates, [BROJA14] and by hand.
  @Test(arguments: [
    ("RDN", InformationWorlds.redundant, [1, 0, 0, 0]),
    ("UNQ", InformationWorlds.unique, [0, 1, 0, 0]),
    ("XOR", InformationWorlds.exclusiveOr, [0, 0, 0, 1]),
    ("AND", InformationWorlds.and, [0.3112781244591328, 0, 0, 0.5]),
    ("OR", InformationWorlds.or, [0.3112781244591328, 0, 0, 0.5]),
    ("SUM", InformationWorlds.sum, [0.5, 0, 0, 1]),
    ("COPY", InformationWorlds.copy, [0, 1, 1, 0]),
  ])
  func `of a gate is what everyone finds`(name: String, table: JointTable, known: [Double]) {
    let parts = PartialInformation(table)
    #expect(parts.errorBound <= PartialInformation.tolerance)
    for (part, value) in zip(fields(parts), known) {
      #expect(abs(part - value) < 2 * PartialInformation.tolerance, "\(name)")
    }
  }

  struct Reference: Decodable {
    let way: String
    let shape: [Int]
    let weights: [Double]
    let parts: [Double]
  }

  /// A grid over the free numbers of 2 × 2 × 2 tables, and alternating projections.
  @Test func `of random tables agrees with a grid and with alternating projections`() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/partial_information.json")
    let references = try JSONDecoder().decode([Reference].self, from: Data(contentsOf: url))
    #expect(references.count == 16)
    for reference in references {
      let parts = PartialInformation(
        JointTable(
          v: reference.shape[0], t: reference.shape[1], y: reference.shape[2],
          weights: reference.weights))
      for (part, value) in zip(fields(parts), reference.parts) {
        #expect(abs(part - value) < 1e-6, "\(reference.way) \(reference.shape)")
      }
    }
  }

  /// Y = V xor T, flipped with probability p: only the synergy pays for the noise.
  @Test(arguments: [0.01, 0.1, 0.3, 0.5])
  func `of a noisy exclusive-or is synergy alone`(noise: Double) {
    let clean = InformationWorlds.exclusiveOr.probabilities
    let weights = clean.indices.map { (1 - noise) * clean[$0] + noise * clean[$0 ^ 1] }
    let parts = PartialInformation(JointTable(v: 2, t: 2, y: 2, weights: weights))
    let known = [0, 0, 0, 1 - InformationWorlds.binaryEntropy(noise)]
    for (part, value) in zip(fields(parts), known) { #expect(abs(part - value) < 2e-8) }
  }

  /// T is V flipped with probability p and Y is V: T says nothing that V does not.
  @Test(arguments: [0.01, 0.1, 0.3])
  func `of a noisy copy is redundant as far as it goes and unique in the rest`(noise: Double) {
    let same = (1 - noise) / 2
    let parts = PartialInformation(
      JointTable(v: 2, t: 2, y: 2, weights: [same, 0, noise / 2, 0, 0, noise / 2, 0, same]))
    let redundant = 1 - InformationWorlds.binaryEntropy(noise)
    let known = [redundant, 1 - redundant, 0, 0]
    for (part, value) in zip(fields(parts), known) { #expect(abs(part - value) < 2e-8) }
  }

  @Test(arguments: [(2, 2, 2), (3, 3, 3), (4, 5, 2), (8, 8, 3), (1, 4, 3), (3, 1, 2), (2, 2, 1)])
  func `keeps its identities on random tables`(v: Int, t: Int, y: Int) {
    for seed in 0..<20 as Range<UInt64> {
      for exponent in [1, 4, 12] {
        let table = InformationWorlds.random(v, t, y, exponent: exponent, seed: seed)
        let information = CoInformation(table)
        let parts = PartialInformation(table)
        #expect(parts.errorBound <= PartialInformation.tolerance)
        #expect(parts.iterations < 60)
        #expect(fields(parts).allSatisfy { $0 >= -1e-12 })
        #expect(abs(fields(parts).reduce(0, +) - information.jointTask) < 1e-12)
        #expect(abs(parts.redundant + parts.uniqueFirst - information.firstTask) < 1e-12)
        #expect(abs(parts.redundant + parts.uniqueSecond - information.secondTask) < 1e-12)
        #expect(
          abs(parts.redundant - parts.synergistic - information.coInformation) < 1e-12)
      }
    }
  }

  /// No distribution with the same marginals has less information: the parts are a minimum.
  @Test func `lets no coupling with the same marginals have less information`() {
    let table = InformationWorlds.random(3, 4, 3, exponent: 2, seed: 8)
    let parts = PartialInformation(table)
    let least = CoInformation(table).jointTask - parts.synergistic
    var generator = SeededGenerator(seed: 9)
    var found = Double.infinity
    for _ in 0..<200 {
      // Moving mass around a square of cells of one y keeps both marginals.
      var q = table.probabilities
      for _ in 0..<200 {
        let y = generator.index(below: 3)
        let (a, b) = (generator.index(below: 3), generator.index(below: 3))
        let (c, d) = (generator.index(below: 4), generator.index(below: 4))
        guard a != b, c != d else { continue }
        func cell(_ v: Int, _ t: Int) -> Int { (v * 4 + t) * 3 + y }
        let mass = generator.uniform() * min(q[cell(a, c)], q[cell(b, d)])
        q[cell(a, c)] -= mass
        q[cell(b, d)] -= mass
        q[cell(a, d)] += mass
        q[cell(b, c)] += mass
      }
      found = min(found, mutualInformation(q, columnCount: 3))
    }
    #expect(found >= least - PartialInformation.tolerance)
    #expect(found < CoInformation(table).jointTask)
  }

  @Test func `of modalities that change places changes the unique parts`() {
    let table = InformationWorlds.random(3, 4, 3, exponent: 3, seed: 5)
    var swapped = table.probabilities
    for v in 0..<3 {
      for t in 0..<4 {
        for y in 0..<3 { swapped[(t * 3 + v) * 3 + y] = table.probabilities[(v * 4 + t) * 3 + y] }
      }
    }
    let parts = PartialInformation(table)
    let other = PartialInformation(JointTable(v: 4, t: 3, y: 3, weights: swapped))
    #expect(abs(parts.redundant - other.redundant) < 2e-8)
    #expect(abs(parts.uniqueFirst - other.uniqueSecond) < 2e-8)
    #expect(abs(parts.uniqueSecond - other.uniqueFirst) < 2e-8)
    #expect(abs(parts.synergistic - other.synergistic) < 2e-8)
  }

  @Test func `of the largest usual table takes a moment`() {
    for seed in 0..<3 as Range<UInt64> {
      let table = InformationWorlds.random(8, 8, 16, exponent: 3, seed: seed)
      let start = ContinuousClock.now
      let parts = PartialInformation(table)
      #expect(parts.errorBound <= PartialInformation.tolerance)
      #expect(ContinuousClock.now - start < .seconds(5))
      #expect(PartialInformation(table) == parts)
    }
  }

  @Test func `of marginals of very different size still closes the gap`() {
    for seed in 0..<20 as Range<UInt64> {
      let table = InformationWorlds.random(3, 3, 3, exponent: 60, seed: seed)
      let parts = PartialInformation(table)
      #expect(parts.errorBound <= 1e-6)
      #expect(fields(parts).allSatisfy { $0.isFinite && $0 >= -1e-12 })
    }
  }

  private func fields(_ parts: PartialInformation) -> [Double] {
    [parts.redundant, parts.uniqueFirst, parts.uniqueSecond, parts.synergistic]
  }
}
