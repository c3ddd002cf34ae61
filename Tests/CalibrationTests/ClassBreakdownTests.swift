import Calibration
import Foundation
import LinearAlgebra
import Neighbors
import Redundancy
import Statistics
import Testing

@Suite struct ClassBreakdownTests {
  /// Classes 0 and 1 are the same in both modalities, class 2 is unrelated, 3 and 4 are small.
  private let labels =
    [Int](repeating: 0, count: 30) + [Int](repeating: 1, count: 20)
    + [Int](repeating: 2, count: 25) + [3, 3, 3, 4, 4]

  private func world() throws -> NeighborWorld {
    let x = NeighborWorld.classes(labels, 6, spread: 0.4, seed: 1)
    let other = NeighborWorld.classes(labels, 6, spread: 0.4, seed: 9)
    let y = Matrix(rows: labels.indices.map { Array((labels[$0] < 2 ? x : other).row($0)) })
    return try NeighborWorld(x, y, width: 12)
  }

  private func energies(_ features: Matrix<Float>) -> ClassBreakdown.Energies {
    ClassBreakdown.Energies(
      coordinates: Matrix<Double>(features.leadingColumns(2)),
      energies: centeredRowEnergies(features, center: columnMeans(features)))
  }

  @Test func `agrees with counting set by set`() throws {
    let world = try world()
    let (a, b) = world.lists
    let result = try ClassBreakdown(a, b, labels: labels, k: 8)
    for row in result.rows {
      let own = labels.indices.filter {
        row.label == nil ? labels[$0] > 2 : labels[$0] == row.label
      }
      var shares: [Double] = []
      var same = (0, 0, 0, 0)
      for item in own {
        let first = Set(a.neighbors(ofRow: item).prefix(8))
        let second = Set(b.neighbors(ofRow: item).prefix(8))
        let common = first.intersection(second)
        shares.append(Double(common.count) / 8)
        func count(_ items: Set<Int32>) -> Int {
          items.count { labels[Int($0)] == labels[item] }
        }
        same = (
          same.0 + count(first), same.1 + count(second), same.2 + count(common),
          same.3 + common.count
        )
      }
      let places = Double(8 * own.count)
      #expect(row.items == own.count && row.anchors == own.count)
      #expect(abs(row.overlap - (mean(shares) ?? 0)) < 1e-14)
      #expect(row.standardError == standardError(shares))
      #expect(abs(row.lift - row.overlap * 79 / 8) < 1e-12)
      #expect(row.first.sameClass == Double(same.0) / places)
      #expect(row.second.sameClass == Double(same.1) / places)
      #expect(row.commonSameClass == (same.3 > 0 ? Double(same.2) / Double(same.3) : nil))
    }
  }

  @Test func `sorts classes by overlap and counts small ones together at the end`() throws {
    let world = try world()
    let names = ["shoes", "bags", "toys", "hats", "pens"]
    let result = try ClassBreakdown(
      world.lists.first, world.lists.second, labels: labels, names: names)
    #expect(result.rows.count == 4)
    #expect(result.rows[0].overlap >= result.rows[1].overlap)
    #expect(result.best?.name == "toys" && result.best?.label == 2)
    #expect(["shoes", "bags"].contains(result.worst?.name))
    let others = result.rows[3]
    #expect(others.label == nil && others.name == "2 smaller classes" && others.items == 5)
    // Three items see two of their class among 79 others, two see one.
    #expect(abs(others.chanceSameClass - (3 * 2 + 2 * 1) / 79 / 5) < 1e-15)
    #expect(abs(result.rows[2].chanceSameClass - 24.0 / 79) < 1e-15)
  }

  @Test func `the shares of energy add up to one`() throws {
    let world = try world()
    let both = (first: energies(world.features.first), second: energies(world.features.second))
    let result = try ClassBreakdown(
      world.lists.first, world.lists.second, labels: labels, energies: both)
    for shares in [
      result.rows.map(\.first.sharedEnergy), result.rows.map(\.second.sharedEnergy),
      result.rows.map(\.first.variance), result.rows.map(\.second.variance),
    ] {
      #expect(abs(try shares.reduce(0) { try $0 + #require($1) } - 1) < 1e-13)
    }
    #expect(abs(try #require(result.overall.first.variance) - 1) < 1e-13)
    // A constant along the coordinates changes nothing: energies are about the mean.
    let moved = ClassBreakdown.Energies(
      coordinates: Matrix(
        rowCount: 80, columnCount: 2,
        elements: world.features.first.leadingColumns(2).elements.map { Double($0) + 5 }),
      energies: both.first.total)
    #expect(zip(moved.shared, both.first.shared).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func `the classes make up the whole`() throws {
    let world = try world()
    let result = try ClassBreakdown(world.lists.first, world.lists.second, labels: labels)
    let total = result.rows.reduce(0) { $0 + $1.overlap * Double($1.anchors) }
    #expect(abs(result.overall.overlap - total / 80) < 1e-14)
    let overall = try retrievalOverlaps(
      world.lists.first, world.lists.second, itemCount: 80, listLengths: [10]
    ).levels[0]
    #expect(abs(result.overall.overlap - overall.mean) < 1e-14)
    #expect(abs(result.overall.lift - overall.lift) < 1e-12)
  }

  @Test func `knows anchors of a sample, and leaves out classes without any`() throws {
    let full = try world()
    let world = try NeighborWorld(
      full.features.first, full.features.second, width: 5, anchors: [0, 1, 2, 60])
    let result = try ClassBreakdown(world.lists.first, world.lists.second, labels: labels)
    #expect(result.k == 5)
    #expect(Set(result.rows.map(\.label)) == [0, 2])
    #expect(result.rows.first { $0.label == 2 }?.standardError == nil)
    #expect(result.rows.first { $0.label == 0 }?.anchors == 3)
  }

  @Test func `a single class, constant features and two items have values`() throws {
    let constant = Matrix<Float>(rowCount: 2, columnCount: 2, repeating: 1)
    let world = try NeighborWorld(constant, constant, width: 1)
    let flat = ClassBreakdown.Energies(
      coordinates: Matrix(rowCount: 2, columnCount: 0), energies: [0, 0])
    let result = try ClassBreakdown(
      world.lists.first, world.lists.second, labels: [5, 5], energies: (flat, flat))
    #expect(result.rows.count == 1 && result.worst == nil && result.best == nil)
    #expect(result.rows[0].name == "class 5" && result.rows[0].overlap == 1)
    #expect(result.rows[0].first.sharedEnergy == nil && result.rows[0].second.variance == nil)
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(ClassBreakdown.self, from: data) == result)
  }
}
