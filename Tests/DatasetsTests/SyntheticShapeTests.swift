import Datasets
import LinearAlgebra
import Testing

@Suite("Synthetic shapes")
struct SyntheticShapeTests {
  static let baby = SyntheticShape.baby.make(seed: 999)

  @Test func `have the sizes of Table 1`() throws {
    let table = try #require(Self.baby.interactions)
    #expect(table.userCount == 19_445 && table.itemCount == 7_050 && table.count == 160_792)
    #expect(Self.baby.featureMatrices.map(\.matrix.columnCount) == [4_096, 384])
    #expect(Self.baby.itemCount == 7_050)
    #expect(abs(table.sparsity - 0.998827) < 1e-6)
    #expect(SyntheticShape.sports.size == (35_598, 18_357, 296_337))
    #expect(SyntheticShape.clothing.size == (39_387, 23_033, 278_677))
  }

  @Test func `have sparse non-negative images and texts of unit length`() throws {
    let image = Self.baby.featureMatrices[0].matrix
    #expect(image.elements.allSatisfy { $0 >= 0 })
    let zeros = Double(image.elements.count { $0 == 0 }) / Double(image.elements.count)
    #expect(zeros > 0.6 && zeros < 0.95)
    let norms = rowNorms(Self.baby.featureMatrices[1].matrix)
    #expect(norms.allSatisfy { abs($0 - 1) < 1e-6 })
    for found in try FeatureGate.requireUsable(Self.baby) { #expect(found.duplicateRows == 0) }
  }

  @Test func `share factors between the modalities`() throws {
    let text = Self.baby.featureMatrices[1].matrix
    let image = Self.baby.featureMatrices[0].matrix.columns(0..<64)
    let shared = try sharedSpectrum(image, text)
    var shuffled = text
    for row in 0..<text.rowCount {
      for column in 0..<text.columnCount {
        shuffled[row, column] = text[(row + 1) % text.rowCount, column]
      }
    }
    let null = try sharedSpectrum(image, shuffled)[0]
    #expect(shared.count { $0 > 2 * null } >= 4)
  }

  @Test func `divide each user's interactions by the recipe, without repeats`() throws {
    let table = try #require(Self.baby.interactions)
    var pairs: Set<UInt64> = []
    var perUser = [[Int]](repeating: [0, 0, 0], count: table.userCount)
    var perItem = [Int](repeating: 0, count: table.itemCount)
    for row in 0..<table.count {
      pairs.insert(UInt64(table.users[row]) << 32 | UInt64(table.items[row]))
      perUser[Int(table.users[row])][Int(table.splits[row])] += 1
      perItem[Int(table.items[row])] += 1
    }
    #expect(pairs.count == table.count)
    #expect(perItem.min()! >= 5)
    #expect(perItem.max()! > 20 * perItem.sorted()[perItem.count / 2])
    let irregular = perUser.filter { counts in
      let n = counts.reduce(0, +)
      let held = n / 5
      return counts != (n < 10 ? [n - 2, 1, 1] : [n - held, held / 2, held - held / 2])
    }
    #expect(irregular.isEmpty)
  }

  @Test func `are the same for any number of threads`() {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let one = SyntheticShape.baby.make(seed: 999)
    Parallel.threadCount = 3
    let three = SyntheticShape.baby.make(seed: 999)
    #expect(one.digests == three.digests && one.interactions == three.interactions)
    #expect(one.classes == three.classes)
    #expect(one.digests["image"] == Self.baby.digests["image"])
  }
}
