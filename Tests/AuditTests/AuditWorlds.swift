import Audit
import Datasets
import LinearAlgebra

/// A pair of matrices as the data set that an audit takes.
func dataset(
  _ first: Matrix<Float>, _ second: Matrix<Float>, classes: [Int]? = nil
) throws -> FeatureDataset {
  try FeatureDataset(
    name: "world",
    modalities: [
      .features(FeatureMatrix(name: "image", generated: first)),
      .features(FeatureMatrix(name: "text", generated: second)),
    ],
    classes: classes.map { ItemClasses(ids: $0, names: nil, description: "planted classes") },
    digests: [:])
}

/// The report of a small world with two shared directions.
func sharedFactorReport(
  _ diagnostics: [Diagnostic], permutations: Int
) throws -> RedundancyReport {
  let world = World.sharedFactor(
    rank: 2, strength: 4, items: 200, firstWidth: 8, secondWidth: 6, seed: 3)
  var options = AuditOptions()
  options.diagnostics = diagnostics
  options.rank = 2
  options.topK = [5]
  options.permutations = permutations
  return try audit(dataset(world.first, world.second), options: options).report(
    provenance: Provenance(
      version: "test", command: "test", seed: 1, threads: 1, openblas: "", digests: [:], date: ""))
}
