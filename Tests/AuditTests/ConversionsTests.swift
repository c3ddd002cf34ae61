import Audit
import Datasets
import LinearAlgebra
import Neighbors
import Redundancy
import Testing

@Suite("Conversions")
struct ConversionsTests {
  let lists = PrecomputedNeighbors(
    modality: "image", items: 3, width: 2, indices: [0, 1, 1, 2, 2, 0],
    cosines: [1, 0.5, 1, 0.25, 1, 0.5], path: "lists.npy")

  @Test func `lists of some anchors are theirs, in the order asked for`() {
    let some = NeighborLists(lists, anchors: [2, 0])
    #expect(some.anchors == [2, 0] && some.width == 2)
    #expect(some.indices == [2, 0, 0, 1] && some.scores == [1, 0.5, 1, 0.5])
    let all = NeighborLists(lists, anchors: nil)
    #expect(all.anchors == [0, 1, 2] && all.indices == lists.indices)
  }

  @Test func `choices leave validation out`() {
    let choices = ItemChoices(
      Interactions(
        userCount: 2, itemCount: 4, users: [0, 0, 1, 1], items: [3, 2, 1, 0],
        splits: [0, 1, 2, 0]))
    #expect(
      choices
        == ItemChoices(
          userCount: 2, users: [0, 1, 1], items: [3, 1, 0], isTest: [false, true, false]))
  }

  @Test func `a modality of lists has no matrix`() {
    let features = Matrix<Float>(rows: [[1, 2]])
    #expect(Modality.features(FeatureMatrix(name: "a", generated: features)).matrix == features)
    #expect(Modality.neighbors(lists).matrix == nil)
  }
}
