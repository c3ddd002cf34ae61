import Audit
import Datasets
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Audit of a checkpoint")
struct CheckpointAuditTests {
  static let options = {
    var options = AuditOptions()
    options.diagnostics = [.spectrum, .swd]
    options.rank = 3
    return options
  }()

  /// Embeddings with two shared directions; `scale` multiplies them.
  static func embeddings(seed: UInt64 = 3, scale: Float = 1) -> [Matrix<Float>] {
    let world = World.sharedFactor(
      rank: 2, strength: 4, items: 220, firstWidth: 8, secondWidth: 8, seed: seed)
    return [world.first, world.second].map { matrix in
      Matrix(
        rowCount: matrix.rowCount, columnCount: matrix.columnCount,
        elements: matrix.elements.map { $0 * scale })
    }
  }

  static func model(
    _ dataset: String = "tiny", digest: String = "00", projection: TrainedModel.Setting? = nil
  ) -> TrainedModel {
    TrainedModel(
      model: "clear", dataset: dataset, epoch: 5, seed: 999, version: "test", digest: digest,
      metrics: .init(valid: ["recall@20": 0.1], test: nil), projection: projection)
  }

  static func dataset(
    _ matrices: [Matrix<Float>], names: [String] = ["image", "text"], trained: TrainedModel,
    projection: FittedProjection? = nil
  ) throws -> FeatureDataset {
    var dataset = try FeatureDataset(
      name: "clear on tiny",
      modalities: zip(names, matrices).map { .features(FeatureMatrix(name: $0, generated: $1)) },
      digests: [:])
    dataset.trained = trained
    dataset.projection = projection
    return dataset
  }

  static func report(
    _ dataset: FeatureDataset, baseline: FeatureDataset? = nil
  ) throws -> RedundancyReport {
    try audit(dataset, options: options, baseline: baseline)
      .report(provenance: RunComparisonTests.provenance)
  }

  @Test func `measures the projection that the model applied`() throws {
    let matrices = Self.embeddings()
    // Fitted to other items: not what a refresh would find.
    let older = Self.embeddings(seed: 4)
    let stale = try NullSpaceProjection(modalities: older, rank: 2, strength: 0.5)
    let own = FittedProjection(
      rank: 2, strength: 0.5,
      bases: ["image": Matrix<Float>(stale.bases[0]), "text": Matrix<Float>(stale.bases[1])])
    let report = try Self.report(
      Self.dataset(
        matrices, trained: Self.model(projection: .init(rank: 2, strength: 0.5)), projection: own))
    #expect(report.parameters.rank == 2 && report.parameters.strength == 0.5)
    let expected = try SharedSubspace(
      between: stale.apply(matrices[0], modality: 0), and: stale.apply(matrices[1], modality: 1))
    for (value, other) in zip(
      report.spectrum?.projected.singularValues ?? [], expected.singularValues)
    {
      #expect(abs(value - other) < 1e-4 * expected.singularValues[0])
    }
    let checkpoint = try #require(report.checkpoint)
    #expect(checkpoint.isOwnProjection && checkpoint.drift?.map(\.modality) == ["image", "text"])
    #expect(try #require(checkpoint.drift?[0].degrees) > 5)
    #expect(checkpoint.sentence.contains("the model itself applied"))
  }

  @Test func `leaves a modality without a basis as it is`() throws {
    let matrices = Self.embeddings()
    let fitted = try NullSpaceProjection(modalities: matrices, rank: 2, strength: 1)
    let report = try Self.report(
      Self.dataset(
        matrices, trained: Self.model(projection: .init(rank: 2, strength: 1)),
        projection: FittedProjection(
          rank: 2, strength: 1, bases: ["text": Matrix<Float>(fitted.bases[1])])))
    let expected = try SharedSubspace(
      between: matrices[0], and: fitted.apply(matrices[1], modality: 1))
    #expect(
      abs((report.spectrum?.projected.singularValues[0] ?? 0) - expected.singularValues[0]) < 1e-4)
    // Fitted to the same features, up to single precision.
    let angles = try #require(report.checkpoint?.drift)
    #expect(angles.count == 1 && angles[0].degrees < 0.1)
  }

  @Test func `fits a projection where the model has none`() throws {
    let report = try Self.report(Self.dataset(Self.embeddings(), trained: Self.model()))
    #expect(report.parameters.rank == 3 && report.parameters.strength == 0.9)
    let checkpoint = try #require(report.checkpoint)
    #expect(!checkpoint.isOwnProjection && checkpoint.drift == nil)
    #expect(checkpoint.sentence.contains("trained without projection"))
  }
}
