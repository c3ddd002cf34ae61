import LinearAlgebra
import ProjectionCost
import Redundancy
import Statistics
import Testing

@Suite("Low-rank map")
struct LowRankMapTests {
  let features = CostWorlds.mixed(items: 700, widths: (12, 8), seed: 1)

  func oblique(_ width: Int, _ rank: Int, strength: Double, seed: UInt64) -> LowRankMap {
    LowRankMap(
      a: CostWorlds.gaussian(width, rank, seed: seed),
      b: CostWorlds.gaussian(width, rank, seed: seed + 1), strength: strength)
  }

  @Test(arguments: [(1, 0.3), (4, 1.0), (12, 0.5)])
  func `is the matrix written out`(rank: Int, strength: Double) {
    for map in [
      LowRankMap(orthonormal: CostWorlds.basis(12, rank, seed: 2), strength: strength),
      oblique(12, rank, strength: strength, seed: 3),
    ] {
      let plain = CostWorlds.applied(map, features.first)
      let found = Matrix<Double>(map.apply(features.first))
      #expect((found - plain).maximumMagnitude < 1e-6 * plain.maximumMagnitude)
    }
  }

  @Test func `of an orthonormal basis agrees with the null-space projection`() throws {
    let projection = try NullSpaceProjection(
      modalities: [features.first, features.second], rank: 3, strength: 0.9)
    let map = LowRankMap(orthonormal: projection.bases[0], strength: 0.9)
    #expect(map.apply(features.first) == projection.apply(features.first, modality: 0))
  }

  @Test func `of strength zero and of rank zero changes nothing`() {
    #expect(oblique(12, 3, strength: 0, seed: 4).apply(features.first) == features.first)
    #expect(LowRankMap.identity(width: 12).apply(features.first) == features.first)
    let empty = Matrix<Float>(rowCount: 0, columnCount: 12)
    #expect(oblique(12, 3, strength: 1, seed: 4).apply(empty).rowCount == 0)
  }

  @Test func `in whitened coordinates is a projection of them`() throws {
    let factor = try Cholesky(
      covariance(features.first) + CostWorlds.scaled(.identity(12), 0.1))
    let basis = CostWorlds.basis(12, 3, seed: 5)
    let map = LowRankMap(whitened: basis, by: factor, strength: 0.6)
    let rows = Matrix<Double>(features.first)
    func whitened(_ x: Matrix<Double>) -> Matrix<Double> {
      factor.solvingLower(x.transposed()).transposed()
    }
    let plain = product(
      whitened(rows), CostWorlds.written(LowRankMap(orthonormal: basis, strength: 0.6)))
    let found = whitened(CostWorlds.applied(map, features.first))
    #expect((found - plain).maximumMagnitude < 1e-9)
  }

  @Test func `has the same bits for any number of threads`() {
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let results = [1, 3].map { count in
      Parallel.threadCount = count
      return oblique(12, 3, strength: 0.7, seed: 8).apply(features.first)
    }
    #expect(results[0] == results[1])
  }
}
