import Datasets
import Foundation
import LinearAlgebra
import Testing

@Suite("Precomputed neighbours")
struct PrecomputedNeighborsTests {
  /// Writes int32 ids as numpy does.
  static func ids(_ rows: [[Int32]]) -> [UInt8] {
    let width = rows[0].count
    let bytes = rows.joined().flatMap { value in
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    return NPYHeaderTests.file(
      "{'descr': '<i4', 'fortran_order': False, 'shape': (\(rows.count), \(width)), }", data: 0)
      + bytes
  }

  func read(_ rows: [[Int32]], _ cosines: [[Float]]) throws -> PrecomputedNeighbors {
    let work = try Workdir()
    let path = try work.write(Self.ids(rows), to: "image_knn3_idx.npy")
    let cosinePath = try work("image_knn3_cos.npy")
    try NPYFile.write(Matrix(rows: cosines), to: cosinePath)
    return try PrecomputedNeighbors.read(
      modality: "image", idsAt: path, cosinesAt: cosinePath)
  }

  func problem(_ rows: [[Int32]], _ cosines: [[Float]]) -> NeighborProblem? {
    guard case .neighbors(_, let problem) = datasetError({ _ = try read(rows, cosines) })
    else { return nil }
    return problem
  }

  let good: [[Float]] = [[1, 0.5, 0.2], [1, 0.5, 0.4], [1, 1, 0.2], [1, 0.9, 0.9]]

  @Test func `keep the order of the file and the item itself`() throws {
    let lists = try read([[0, 1, 2], [1, 0, 3], [0, 2, 1], [3, 2, 1]], good)
    #expect(lists.items == 4 && lists.width == 3)
    #expect(lists.indices == [0, 1, 2, 1, 0, 3, 0, 2, 1, 3, 2, 1])
  }

  @Test func `without the item itself are one shorter, ties by lower id`() throws {
    // Row 2 is second in its own list, row 3 does not list itself and ties at 0.9.
    let lists = try read([[0, 1, 2], [1, 0, 3], [0, 2, 1], [0, 2, 1]], good).removingSelf()
    #expect(lists.width == 2)
    #expect(lists.indices == [1, 2, 0, 3, 0, 1, 0, 1])
    #expect(lists.cosines == [0.5, 0.2, 0.5, 0.4, 1, 0.2, 1, 0.9])
  }

  @Test func `that are malformed are refused by row and column`() {
    let ids: [[Int32]] = [[0, 1, 2], [1, 0, 3], [2, 0, 1], [3, 2, 1]]
    var bad = ids
    bad[1][2] = 4
    #expect(problem(bad, good) == .idOutOfRange(row: 1, column: 2, id: 4, items: 4))
    bad[1][2] = -1
    #expect(problem(bad, good) == .idOutOfRange(row: 1, column: 2, id: -1, items: 4))
    bad[1][2] = 1
    #expect(problem(bad, good) == .repeated(row: 1, id: 1))
    var cosines = good
    cosines[2] = [1, 0.2, 0.3]
    #expect(problem(ids, cosines) == .unsorted(row: 2, column: 2))
    cosines[2] = [1, 0.2, 0.200_000_5]
    #expect(problem(ids, cosines) == nil)
    cosines[2] = [1.1, 0.2, 0.1]
    #expect(problem(ids, cosines) == .badCosine(row: 2, column: 0))
    cosines[2] = [1, .nan, 0.1]
    #expect(problem(ids, cosines) == .badCosine(row: 2, column: 1))
    #expect(
      problem(ids, Array(good[..<3])) == .shapesDiffer(ids: [4, 3], cosines: [3, 3]))
    #expect(problem([[0], [1]], [[1], [1]]) == .tooNarrow(width: 1))
  }

  @Test(
    .enabled(if: RealData.isThere),
    arguments: [("baby", 7_050, 53, 0.1167), ("sports", 18_357, 170, 0.1158)])
  func `of real data overlap as published`(
    name: String, items: Int, unlisted: Int, overlap: Double
  ) throws {
    let dataset = try DatasetFolder.load(name, in: RealData.search)
    #expect(dataset.modalities.map(\.name) == ["image", "text"])
    #expect(dataset.itemCount == items && dataset.featureMatrices.isEmpty)
    let image = dataset.neighborLists[0]
    let missing = (0..<items).count { item in
      !image.indices[item * 10..<(item + 1) * 10].contains(Int32(item))
    }
    #expect(missing == unlisted)
    let lists = dataset.neighborLists.map { $0.removingSelf() }
    var shared = 0
    for item in 0..<items {
      let row = item * 9..<(item + 1) * 9
      #expect(!lists[0].indices[row].contains(Int32(item)))
      shared += Set(lists[0].indices[row]).intersection(lists[1].indices[row]).count
    }
    #expect(abs(Double(shared) / Double(9 * items) - overlap) < 6e-5)
  }
}
