import Datasets
import LinearAlgebra
import Testing

@Suite("Item removal")
struct ItemRemovalTests {
  let lists = PrecomputedNeighbors(
    modality: "b", items: 5, width: 4,
    indices: [0, 1, 2, 3, 1, 0, 2, 4, 2, 1, 0, 3, 3, 4, 2, 1, 4, 3, 1, 0],
    cosines: [
      1, 0.9, 0.8, 0.7, 1, 0.9, 0.6, 0.5, 1, 0.6, 0.5, 0.4, 1, 0.9, 0.4, 0.3, 1, 0.9, 0.2, 0.1,
    ],
    path: "b.npy")

  func dataset() throws -> FeatureDataset {
    try FeatureDataset(
      name: "x",
      modalities: [
        .features(FeatureMatrix(name: "a", generated: normalMatrix(5, 3, seed: 1))),
        .neighbors(lists),
      ],
      classes: ItemClasses(ids: [0, 1, 2, 3, 4], names: nil, description: "five"), digests: [:])
  }

  @Test func `cuts neighbour lists to the shortest that is left`() throws {
    let original = try dataset()
    let result = try original.removing(items: [2], because: "of no use")
    #expect(result.itemCount == 4 && result.classes?.ids == [0, 1, 3, 4])
    #expect(
      result.featureMatrices[0].matrix == original.featureMatrices[0].matrix.rows([0, 1, 3, 4]))
    let left = result.neighborLists[0]
    #expect(left.items == 4 && left.width == 3)
    #expect(left.indices == [0, 1, 2, 1, 0, 3, 2, 3, 1, 3, 2, 1])
    #expect(left.cosines == [1, 0.9, 0.7, 1, 0.9, 0.5, 1, 0.9, 0.3, 1, 0.9, 0.2])
    #expect(
      result.notes == [
        "dropped 1 of 5 items of no use (first: item 2)",
        "cut the neighbour lists of b from 4 to 3 entries, the shortest being that long without "
          + "those items",
      ])
  }

  @Test func `refuses to leave a list without a neighbour`() throws {
    #expect(
      throws: DatasetError.features(
        .listsTooShort(modality: "b (b.npy)", items: 3, row: 0, left: 1))
    ) { try dataset().removing(items: [1, 2, 3], because: "of no use") }
  }

  @Test func `keeps what removal of the others leaves`() throws {
    let original = try dataset()
    let kept = try original.keeping([0, 1, 3, 4])
    let result = try original.removing(items: [2], because: "of no use")
    #expect(kept.modalities == result.modalities && kept.itemCount == 4)
    #expect(kept.classes?.ids == [0, 1, 3, 4])
    #expect(kept.notes == Array(result.notes.dropFirst()))
  }

  @Test func `of nothing changes nothing`() throws {
    let original = try dataset()
    let result = try original.removing(items: [], because: "of no use")
    #expect(result.modalities == original.modalities && result.notes.isEmpty)
  }
}
