import Audit
import Datasets
import LinearAlgebra
import Redundancy
import Testing

@Suite("Summary of a checkpoint")
struct CheckpointSummaryTests {
  typealias World = CheckpointAuditTests

  func summary(
    trainedWith setting: TrainedModel.Setting?, applied: FittedProjection? = nil
  ) throws -> CheckpointSummary {
    let dataset = try World.dataset(
      World.embeddings(), trained: World.model(projection: setting), projection: applied)
    return try #require(World.report(dataset).checkpoint)
  }

  @Test func `says whose projection the report shows`() throws {
    let setting = TrainedModel.Setting(rank: 2, strength: 0.5)
    let fitted = try NullSpaceProjection(modalities: World.embeddings(), rank: 2, strength: 0.5)
    let own = FittedProjection(
      rank: 2, strength: 0.5,
      bases: ["image": Matrix<Float>(fitted.bases[0]), "text": Matrix<Float>(fitted.bases[1])])
    let applied = try summary(trainedWith: setting, applied: own)
    #expect(applied.isOwnProjection)
    for words in ["° in image and ", "° in text"] { #expect(applied.sentence.contains(words)) }
    let without = try summary(trainedWith: nil)
    #expect(!without.isOwnProjection && without.sentence.contains("trained without projection"))
    let aside = try summary(trainedWith: setting)
    #expect(!aside.isOwnProjection && aside.sentence.contains("is set aside"))
  }

  @Test func `measures the angle by which a projection is stale`() throws {
    // A basis turned by a known angle out of the plane that a refresh finds.
    let fitted = try NullSpaceProjection(modalities: World.embeddings(), rank: 8, strength: 0.5)
    let degrees = 30.0
    let (cosine, sine) = (0.75.squareRoot(), 0.5)
    var bases: [String: Matrix<Float>] = [:]
    for (name, basis) in zip(["image", "text"], fitted.bases) {
      var turned = basis.leadingColumns(2)
      for row in 0..<turned.rowCount {
        turned[row, 1] = cosine * basis[row, 1] + sine * basis[row, 5]
      }
      bases[name] = Matrix<Float>(turned)
    }
    let drift = try #require(
      summary(
        trainedWith: .init(rank: 2, strength: 0.5),
        applied: FittedProjection(rank: 2, strength: 0.5, bases: bases)
      ).drift)
    #expect(drift.map(\.modality) == ["image", "text"])
    #expect(drift.allSatisfy { abs($0.degrees - degrees) < 0.01 })
  }
}
