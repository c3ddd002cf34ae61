import DataQuality
import Datasets
import LinearAlgebra
import Neighbors
import Statistics
import Testing

@Suite("Tied neighbours")
struct TiedNeighborsTests {
  typealias Worlds = QualityWorlds

  /// The lists that would be stored of `matrix`: each item first in its own list.
  func stored(_ matrix: Matrix<Float>, width: Int) throws -> PrecomputedNeighbors {
    let lists = try cosineNeighbors(matrix, count: width - 1)
    var indices: [Int32] = []
    var cosines: [Float] = []
    for row in 0..<matrix.rowCount {
      indices += [Int32(row)] + lists.neighbors(ofRow: row)
      cosines += [1] + lists.scores[row * (width - 1)..<(row + 1) * (width - 1)]
    }
    return PrecomputedNeighbors(
      modality: "a", items: matrix.rowCount, width: width, indices: indices, cosines: cosines,
      path: "a.npy")
  }

  @Test func `recover the groups that the features have`() throws {
    var generator = SeededGenerator(seed: 1)
    var matrix = Worlds.gaussian(900, 12, seed: 2)
    for item in 200..<260 { matrix.setRow(item, Array(matrix.row(100))) }
    for _ in 0..<40 {
      let (from, to) = (generator.index(below: 100), 300 + generator.index(below: 600))
      matrix.setRow(to, Array(matrix.row(from)))
    }
    let features = QualityReport(Worlds.dataset(matrix, Worlds.gaussian(900, 6, seed: 3)))
    let lists = try stored(matrix, width: 10)
    let recovered = QualityReport(
      try FeatureDataset(name: "x", modalities: [.neighbors(lists)], digests: [:]))
    #expect(recovered.suspiciousItems == features.suspiciousItems)
    #expect(recovered.suspiciousItems == [100] + Array(200..<260))
    let (one, other) = (features.modalities[0].duplicates, recovered.modalities[0].duplicates)
    #expect(one.groupCount == other.groupCount && one.repeated == other.repeated)
    #expect(one.largest == other.largest && other.evidence == .neighborLists)
    #expect(recovered.modalities[0].sharedVectors.map(\.kind) == [nil])
    #expect(recovered.modalities[0].features == nil)
    #expect(recovered.kinds == [.sharedVector, .duplicates])
  }

  @Test func `of chains are no groups`() {
    // Every item ties with the next only: near neighbours along a line.
    let chain = NeighborLists(
      anchors: Array(0..<20), width: 2,
      indices: (0..<20).flatMap { (item: Int32) -> [Int32] in [(item + 1) % 20, (item + 7) % 20] },
      scores: (0..<20).flatMap { _ -> [Float] in [1, 0.5] })
    #expect(tiedGroups(chain, items: 20).isEmpty)
    let pairs = NeighborLists(
      anchors: Array(0..<4), width: 2, indices: [1, 2, 0, 2, 3, 0, 2, 0],
      scores: [1, 0.5, 1, 0.5, 0.999_99, 0.5, 0.999_99, 0.5])
    #expect(tiedGroups(pairs, items: 4) == [[0, 1]])
    let none = NeighborLists(anchors: [], width: 3, indices: [], scores: [])
    #expect(tiedGroups(none, items: 3).isEmpty)
  }

  @Test func `do not exist among distinct directions in few dimensions`() throws {
    for width in 2...4 {
      let lists = try stored(Worlds.gaussian(3000, width, seed: 5), width: 10)
      let report = QualityReport(
        try FeatureDataset(name: "x", modalities: [.neighbors(lists)], digests: [:]))
      #expect(report.suspiciousItems.isEmpty && report.modalities[0].sharedVectors.isEmpty)
    }
  }
}
