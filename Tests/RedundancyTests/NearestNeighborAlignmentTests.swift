import LinearAlgebra
import Neighbors
import Redundancy
import Statistics
import Testing

@Suite struct NearestNeighborAlignmentTests {
  private func alignment(
    _ x: Matrix<Float>, _ y: Matrix<Float>, k: Int = 10
  ) throws -> NearestNeighborAlignment {
    try NearestNeighborAlignment(
      cosineNeighbors(x, count: k), cosineNeighbors(y, count: k), features: (x, y), k: k)
  }

  @Test func `agrees with an independent program`() throws {
    let fixture = try NeighborFixture.load()
    let lists = try fixture.lists()
    let result = try NearestNeighborAlignment(
      lists.first, lists.second, features: fixture.features, k: fixture.k)
    #expect(abs(try #require(result.value) - fixture.alignment) < 1e-6)
  }

  @Test func `is 1 for a modality and its scaled rotation, small for unrelated ones`() throws {
    let x = MeasureWorlds.gaussian(200, 6, seed: 1)
    let turned = MeasureWorlds.mapped(MeasureWorlds.rotated(x, seed: 2)) { value, _ in 3 * value }
    #expect(abs(try #require(try alignment(x, turned).value) - 1) < 1e-5)
    let unrelated = try alignment(x, MeasureWorlds.gaussian(200, 6, seed: 3))
    #expect(try #require(unrelated.value) < 0.1)
  }

  @Test func `over all items it is the alignment of row-centred kernels`() throws {
    let x = MeasureWorlds.gaussian(12, 3, seed: 4)
    let y = MeasureWorlds.gaussian(12, 4, seed: 5)
    func centered(_ features: Matrix<Float>) -> Matrix<Double> {
      let units = Matrix<Double>(rowNormalized(features))
      var kernel = product(units, .none, units, .transposed)
      for row in 0..<12 {
        let center = (mean(kernel.row(row))) ?? 0
        for column in 0..<12 { kernel[row, column] -= center }
        kernel[row, row] = 0
      }
      return kernel
    }
    let (a, b) = (centered(x), centered(y))
    let products = zip(a.elements, b.elements).reduce(0) { $0 + $1.0 * $1.1 }
    let expected = products / (a.squaredFrobeniusNorm * b.squaredFrobeniusNorm).squareRoot()
    #expect(abs(try #require(try alignment(x, y, k: 11).value) - expected) < 1e-6)
  }

  @Test func `the standard error is that of leaving out one anchor after the other`() throws {
    let world = MeasureWorlds.planted(
      items: 150, widths: (8, 6), rank: 2, strength: 2, seed: 6)
    let (x, y) = (world.first, world.second)
    let lists = (try cosineNeighbors(x, count: 10), try cosineNeighbors(y, count: 10))
    func without(_ row: Int?) -> (NeighborLists, NeighborLists) {
      let rows = (0..<150).filter { $0 != row }
      func part(_ lists: NeighborLists) -> NeighborLists {
        NeighborLists(
          anchors: rows, width: 10, indices: rows.flatMap { lists.neighbors(ofRow: $0) },
          scores: rows.flatMap { lists.scores[$0 * 10..<($0 + 1) * 10] })
      }
      return (part(lists.0), part(lists.1))
    }
    let values = try (0..<150).map { row in
      let part = without(row)
      return try #require(
        try NearestNeighborAlignment(part.0, part.1, features: (x, y)).value)
    }
    let all = try NearestNeighborAlignment(lists.0, lists.1, features: (x, y))
    let value = try #require(all.value)
    let jackknife = try #require(GroupJackknife(estimate: value, leaveOneOut: values))
    #expect(abs(try #require(all.standardError) / jackknife.standardError - 1) < 0.05)
  }

  @Test func `has no value where neighbours are no nearer than others`() throws {
    let x = MeasureWorlds.gaussian(20, 3, seed: 7)
    let constant = MeasureWorlds.mapped(x) { _, column in Double(column) + 0.3 }
    let zero = MeasureWorlds.mapped(x) { _, _ in 0 }
    for other in [constant, zero] {
      let result = try alignment(x, other, k: 5)
      #expect(result.value == nil && result.standardError == nil)
    }
  }
}
