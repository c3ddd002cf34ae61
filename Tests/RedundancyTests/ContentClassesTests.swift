import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Content classes")
struct ContentClassesTests {
  @Test func `are fifty clusters of directions, named as such`() throws {
    let x = MeasureWorlds.gaussian(800, 6, seed: 1)
    let classes = try ContentClasses(
      clustering: x, modality: "text", streams: RandomStreams(seed: 1))
    #expect(classes.count == 50)
    #expect(classes.labels.count == 800)
    #expect(
      classes.name == "content classes (k-means of the row-normalised text, 50 clusters)")
    // Lengths do not matter.
    let scaled = MeasureWorlds.mapped(x) { value, _ in 8 * value }
    let again = try ContentClasses(
      clustering: scaled, modality: "text", streams: RandomStreams(seed: 1))
    #expect(again == classes)
  }

  @Test func `follow directions that differ`() throws {
    // Ten rays; items on one ray differ in length only.
    let rays = MeasureWorlds.doubleGaussian(10, 12, seed: 4)
    let x = Matrix<Float>(
      rows: (0..<100).map { item in rays.row(item % 10).map { Float($0 * Double(1 + item / 10)) } })
    let classes = try ContentClasses(
      clustering: x, modality: "text", streams: RandomStreams(seed: 3))
    #expect(classes.count == 10)
    for item in 10..<100 { #expect(classes.labels[item] == classes.labels[item % 10]) }
    #expect(classes.name.contains("10 clusters"))
  }

  @Test func `of a sample reach all items`() throws {
    let rays = MeasureWorlds.doubleGaussian(10, 12, seed: 4)
    // More items than one block of those that join a cluster.
    let x = Matrix<Float>(
      rows: (0..<20_000).map { item in
        rays.row(item % 10).map { Float($0 * Double(1 + item / 10)) }
      })
    let classes = try ContentClasses(
      clustering: x, modality: "text", itemLimit: 100, streams: RandomStreams(seed: 3))
    #expect(classes.count == 10)
    #expect((10..<20_000).allSatisfy { classes.labels[$0] == classes.labels[$0 % 10] })
    #expect(classes.name.hasSuffix("10 clusters of 100 sampled items)"))
  }

  @Test func `need twenty items`() {
    #expect(throws: RedundancyError.tooFewItems(count: 19, needed: 20)) {
      try ContentClasses(
        clustering: MeasureWorlds.gaussian(19, 3, seed: 1), modality: "text",
        streams: RandomStreams(seed: 1))
    }
  }

  @Test func `may come with the data`() {
    let classes = ContentClasses(labels: [3, 7, 3, -1], name: "labels.npy")
    #expect(classes.count == 3)
    #expect(classes.name == "labels.npy")
  }
}
