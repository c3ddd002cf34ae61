import LinearAlgebra
import Neighbors
import Redundancy
import Testing

@Suite struct SecondOrderNeighborsTests {
  @Test func `agrees with an independent program`() throws {
    let fixture = try NeighborFixture.load()
    let lists = try fixture.lists()
    let result = try SecondOrderNeighbors(
      lists.first, lists.second, features: fixture.features, k: fixture.k)
    #expect(abs(try #require(result.mean) - fixture.secondOrder) < 1e-7)
    // The item without a direction has no profile.
    #expect(result.anchorCount == fixture.secondOrderAnchors)
  }

  @Test func `is 1 for a modality and a rotation of it, and symmetric`() throws {
    let x = MeasureWorlds.gaussian(60, 5, seed: 1)
    let y = MeasureWorlds.gaussian(60, 9, seed: 2)
    let turned = MeasureWorlds.rotated(x, seed: 3)
    let lists = (
      try cosineNeighbors(x, count: 10), try cosineNeighbors(y, count: 10),
      try cosineNeighbors(turned, count: 10)
    )
    let same = try SecondOrderNeighbors(lists.0, lists.2, features: (x, turned))
    #expect(abs(try #require(same.mean) - 1) < 1e-6)
    let forward = try SecondOrderNeighbors(lists.0, lists.1, features: (x, y))
    let backward = try SecondOrderNeighbors(lists.1, lists.0, features: (y, x))
    #expect(abs(try #require(forward.mean) - #require(backward.mean)) < 1e-14)
    #expect(try #require(forward.mean) < 0.5)
  }

  @Test func `has no value where no item has a direction`() throws {
    let zero = Matrix<Float>(rowCount: 4, columnCount: 3)
    let empty = Matrix<Float>(rowCount: 4, columnCount: 0)
    for features in [zero, empty] {
      let lists = try cosineNeighbors(features, count: 2)
      let result = try SecondOrderNeighbors(lists, lists, features: (features, features))
      #expect(result.mean == nil && result.standardError == nil && result.anchorCount == 0)
    }
  }

  @Test func `refuses features that do not fit`() throws {
    let x = MeasureWorlds.gaussian(6, 2, seed: 4)
    let lists = try cosineNeighbors(x, count: 2)
    #expect(throws: OverlapError.itemCountMismatch(first: 6, second: 5)) {
      try SecondOrderNeighbors(
        lists, lists, features: (x, MeasureWorlds.gaussian(5, 2, seed: 4)))
    }
    var broken = x
    broken[3, 1] = .nan
    #expect(throws: OverlapError.nonFinite(modality: 1, row: 3)) {
      try SecondOrderNeighbors(lists, lists, features: (x, broken))
    }
  }
}
