import Audit
import Datasets
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Pair matrix")
struct PairMatrixTests {
  /// Two modalities that share two factors, and a third that is independent of both.
  let shared = World.sharedFactor(
    rank: 2, strength: 4, items: 200, firstWidth: 9, secondWidth: 6, seed: 1)
  let other = World.independent(items: 200, firstWidth: 7, secondWidth: 7, seed: 2).first

  func pairs(rank: Int, permutations: Int = 50) throws -> PairMatrix {
    let modalities = [("a", shared.first), ("b", shared.second), ("c", other)]
    let data = try FeatureDataset(
      name: "world",
      modalities: modalities.map { .features(FeatureMatrix(name: $0, generated: $1)) },
      classes: nil, digests: [:])
    var options = AuditOptions()
    options.diagnostics = [.pairs]
    options.rank = rank
    options.permutations = permutations
    let provenance = Provenance(
      version: "test", command: "test", seed: 999, threads: 1, openblas: "", digests: [:],
      date: "2026-01-01T00:00:00Z")
    return try #require(try audit(data, options: options).report(provenance: provenance).pairs)
  }

  @Test func `finds the pair that shares, and no other`() throws {
    let found = try pairs(rank: 2)
    #expect(found.pairs.map { "\($0.first)\($0.second)" } == ["ab", "ac", "bc"])
    #expect(found.pairs.map { $0.directionsAboveNull == 2 } == [true, false, false])
    let values = try found.pairs.map { try #require($0.overlap) }
    #expect(values.map { $0.pValue < 0.05 } == [true, false, false])
    for pair in found.pairs.dropFirst() {
      #expect(abs(pair.overlapMean - pair.overlapRandom) < 0.03)
    }
    #expect(try pairs(rank: 2, permutations: 0).pairs.allSatisfy { $0.overlap == nil })
  }

  @Test func `what a projection leaves is the energy of the projected features' covariance`() throws {
    let found = try pairs(rank: 2).pairs[0]
    func left(_ projection: NullSpaceProjection) -> Double {
      let before = crossCovariance(shared.first, shared.second).matrix
      let after = crossCovariance(
        projection.apply(shared.first, modality: 0), projection.apply(shared.second, modality: 1))
      return after.matrix.squaredFrobeniusNorm / before.squaredFrobeniusNorm
    }
    let own = try NullSpaceProjection(
      SharedSubspace(between: shared.first, and: shared.second), rank: 2, strength: 0.9)
    let stacked = try NullSpaceProjection(
      modalities: [shared.first, shared.second, other], rank: 2, strength: 0.9)
    #expect(abs(try #require(found.leftByOwnProjection) - left(own)) < 1e-6)
    #expect(abs(try #require(found.leftByStackedProjection) - left(stacked)) < 1e-6)
  }

  @Test func `a rank beyond the modalities leaves the projections out`() throws {
    let found = try pairs(rank: 9, permutations: 0)
    #expect(found.pairs.allSatisfy { $0.leftByOwnProjection == nil })
    #expect(found.pairs.allSatisfy { $0.leftByStackedProjection == nil })
  }
}
