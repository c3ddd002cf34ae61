import LinearAlgebra
import ProjectionCost
import Redundancy
import Statistics
import Testing

@Suite("Shared covariance left")
struct SharedCovarianceLeftTests {
  let features = CostWorlds.mixed(items: 500, widths: (11, 7), seed: 51)

  @Test(arguments: [(1, 0.5), (3, 0.9), (3, 1.0), (7, 0.8)])
  func `is that of the damped features`(rank: Int, strength: Double) throws {
    let subspace = try SharedSubspace(between: features.first, and: features.second)
    let before = subspace.singularValues.reduce(0) { $0 + $1 * $1 }
    for maps in try CostWorlds.maps(features, rank: rank, strength: strength) {
      let left = try #require(try SharedCovarianceLeft(subspace, maps))
      let after = try SharedSubspace(
        between: maps.first.apply(features.first), and: maps.second.apply(features.second)
      ).singularValues
      #expect(abs(left.energy - after.reduce(0) { $0 + $1 * $1 } / before) < 1e-6)
      #expect(abs(left.leading - after[0] / subspace.singularValues[0]) < 1e-6)
    }
  }

  @Test func `of CLEAR's maps is (1 − λ)⁴ of the leading energy`() throws {
    let subspace = try SharedSubspace(between: features.first, and: features.second)
    let maps = try CostWorlds.maps(features, rank: 2, strength: 0.5)
    let squares = subspace.singularValues.map { $0 * $0 }
    let total = squares.reduce(0, +)
    let expected = 1 - (1 - 0.0625) * squares.prefix(2).reduce(0, +) / total
    let left = try #require(try SharedCovarianceLeft(subspace, maps[0]))
    #expect(abs(left.energy - expected) < 1e-12)
  }

  @Test func `is exactly all for the identity and nothing when all directions go`() throws {
    let subspace = try SharedSubspace(between: features.first, and: features.second)
    for maps in try CostWorlds.maps(features, rank: 3, strength: 0) {
      let left = try #require(try SharedCovarianceLeft(subspace, maps))
      #expect(left.energy == 1 && left.leading == 1)
    }
    let all = try CostWorlds.maps(features, rank: 7, strength: 1)[0]
    let left = try #require(try SharedCovarianceLeft(subspace, all))
    #expect(left.energy < 1e-24 && left.leading < 1e-12)
  }

  @Test func `has no value where nothing is shared`() throws {
    let constant = Matrix<Float>(rowCount: 500, columnCount: 3, repeating: 1)
    let subspace = try SharedSubspace(between: constant, and: features.second)
    let maps = DampingMaps(
      .shared, LowRankMap(orthonormal: subspace.first.leadingColumns(1), strength: 1),
      LowRankMap(orthonormal: subspace.second.leadingColumns(1), strength: 1))
    #expect(try SharedCovarianceLeft(subspace, maps) == nil)
  }
}
