import Audit
import Datasets
import LinearAlgebra
import Redundancy
import Testing

@Suite("Comparison with a baseline")
struct BaselineComparisonTests {
  typealias World = CheckpointAuditTests

  @Test func `compares with a baseline whatever its scale`() throws {
    let before = World.embeddings(seed: 9, scale: 7)
    let matrices = World.embeddings()
    let baseline = try World.dataset(
      before.reversed(), names: ["text", "image"], trained: World.model())
    let report = try World.report(
      World.dataset(matrices, trained: World.model()), baseline: baseline)
    let comparison = try #require(report.baseline)
    let expected = try SharedSubspace(between: before[0], and: before[1]).singularValues
    #expect(comparison.before.singularValues == expected)
    for (value, other) in zip(
      comparison.after.singularValues, report.spectrum?.projected.singularValues ?? [])
    {
      #expect(abs(value - other) < 1e-9 * expected[0])
    }
    let unscaled = try World.report(
      World.dataset(matrices, trained: World.model()),
      baseline: World.dataset(World.embeddings(seed: 9), trained: World.model()))
    for (value, other) in zip(
      comparison.before.normalizedValues, unscaled.baseline?.before.normalizedValues ?? [])
    {
      #expect(abs(value - other) < 1e-6 && value > 0 && value < 1)
    }
    #expect(comparison.isFlatter == true)
    let energies = try [comparison.before, comparison.after].map { try #require($0.energyOfTop) }
    #expect(energies[0] > 0.9 && energies[1] < energies[0])
  }

  @Test func `refuses a baseline of other data`() throws {
    let matrices = World.embeddings()
    let own = try World.dataset(matrices, trained: World.model())
    let fewer = matrices.map { $0.rows(0..<100) }
    let cases: [(FeatureDataset, BaselineError)] = [
      (
        try World.dataset(matrices, trained: World.model("other")),
        .otherDataset(checkpoint: "tiny", baseline: "other")
      ),
      (
        try World.dataset(matrices, trained: World.model(digest: "11")),
        .otherInputs(dataset: "tiny")
      ),
      (
        try World.dataset(
          matrices, trained: World.model(projection: .init(rank: 2, strength: 0.5))),
        .projected(rank: 2, strength: 0.5)
      ),
      (
        try World.dataset(fewer, trained: World.model()),
        .otherShape(modality: "image", checkpoint: [220, 8], baseline: [100, 8])
      ),
      (
        try World.dataset(matrices, names: ["image", "audio"], trained: World.model()),
        .otherShape(modality: "text", checkpoint: [220, 8], baseline: nil)
      ),
    ]
    for (baseline, expected) in cases {
      #expect(throws: expected) { try World.report(own, baseline: baseline) }
      #expect(!expected.description.contains("\n"))
    }
  }
}
