import Information
import Testing

@Suite struct MutualInformationTests {
  @Test func `of a noisy channel is one bit less the entropy of the noise`() {
    // A fair bit that is flipped with probability 0.11.
    let information = mutualInformation([0.89, 0.11, 0.11, 0.89], columnCount: 2)
    #expect(abs(information - (1 - InformationWorlds.binaryEntropy(0.11))) < 1e-15)
  }

  @Test func `is the sum of entropies less the joint one`() {
    for seed in 0..<20 as Range<UInt64> {
      let cells = InformationWorlds.random(3, 2, 4, exponent: 3, seed: seed).probabilities
      let rows = (0..<6).map { row in cells[row * 4..<row * 4 + 4].reduce(0, +) }
      let columns = (0..<4).map { column in (0..<6).reduce(0) { $0 + cells[$1 * 4 + column] } }
      let expected = entropy(rows) + entropy(columns) - entropy(cells)
      #expect(abs(mutualInformation(cells, columnCount: 4) - expected) < 1e-14)
      let counts = cells.map { 1000 * $0 }
      #expect(abs(mutualInformation(counts, columnCount: 4) - expected) < 1e-13)
    }
  }

  @Test func `is zero without weight, in one row and in one column`() {
    #expect(mutualInformation([0, 0, 0, 0], columnCount: 2) == 0)
    #expect(mutualInformation([1, 2, 3], columnCount: 3) == 0)
    #expect(mutualInformation([1, 2, 3], columnCount: 1) == 0)
    #expect(entropy([]) == 0 && entropy([5]) == 0)
  }
}
