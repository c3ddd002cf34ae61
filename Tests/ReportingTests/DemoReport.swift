import Audit
import Datasets
import LinearAlgebra

/// One audit of a small planted world, shared by the tests of what is made from it.
enum DemoReport {
  static let findings = Result { () throws -> AuditFindings in
    let world = World.sharedFactor(
      rank: 2, strength: 4, items: 220, firstWidth: 9, secondWidth: 6, seed: 3)
    let data = try FeatureDataset(
      name: "world <&>",
      modalities: [
        .features(FeatureMatrix(name: "image", generated: world.first)),
        .features(FeatureMatrix(name: "text", generated: world.second)),
        .features(FeatureMatrix(name: "audio", generated: world.first.leadingColumns(4))),
      ],
      classes: ItemClasses(
        ids: (0..<220).map { $0 % 4 }, names: ["a", "b & c", "d", "e"], description: "4 classes"),
      digests: ["image": "aa", "text": "bb"])
    var options = AuditOptions()
    options.rank = 2
    options.topK = [5, 20]
    options.perplexity = 10
    options.permutations = 39
    return try audit(data, options: options)
  }

  static func make(_ change: (inout RedundancyReport) -> Void = { _ in }) throws -> RedundancyReport {
    var report = try findings.get().report(
      provenance: Provenance(
        version: "test", command: "redundancy-report --dataset world", seed: 999, threads: 1,
        openblas: "OpenBLAS", digests: ["image": "aa", "text": "bb"], date: "2026-01-01T00:00:00Z"))
    change(&report)
    return report
  }
}
