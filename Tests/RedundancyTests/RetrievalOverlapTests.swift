import Foundation
import LinearAlgebra
import Neighbors
import Redundancy
import Statistics
import Testing

@Suite("Retrieval overlap")
struct RetrievalOverlapTests {
  func lists(_ rows: [[Int32]]) -> NeighborLists {
    let width = rows[0].count
    return NeighborLists(
      anchors: Array(rows.indices), width: width, indices: rows.flatMap { $0 },
      scores: [Float](repeating: 0.5, count: rows.count * width))
  }

  func randomLists(seed: UInt64, items: Int, anchors: Int, width: Int) -> NeighborLists {
    var generator = SeededGenerator(seed: seed)
    return lists(
      (0..<anchors).map { row in
        generator.permutation(items).filter { $0 != row }.prefix(width).map(Int32.init)
      })
  }

  @Test func `counts common items by hand`() throws {
    let a = lists([[1, 2, 3], [0, 2, 3], [3, 0, 4]])
    let b = lists([[2, 1, 4], [4, 0, 2], [1, 5, 3]])
    let result = try retrievalOverlaps(a, b, itemCount: 6, listLengths: [1, 2, 3])
    // Common at K = 1: 0, 0, 0; at K = 2: {1, 2}, {0}, {}; at K = 3: 2, 2, 1.
    #expect(result.levels.map(\.k) == [1, 2, 3])
    #expect(result.levels[0].mean == 0)
    #expect(abs(result.levels[1].mean - 0.5) < 1e-15)
    #expect(abs(result.levels[2].mean - 5.0 / 9) < 1e-15)
    #expect(result.levels[0].standardError == 0)
    // Shares 1, 1/2, 0: deviation 1/2 over three anchors.
    #expect(abs((result.levels[1].standardError ?? 0) - 0.5 / 3.0.squareRoot()) < 1e-15)
    #expect(result.levels[1].random == 0.4)
    #expect(abs(result.levels[1].lift - 1.25) < 1e-15)
    #expect(result.pairing == .paired && result.anchorCount == 3 && result.notes.isEmpty)
  }

  @Test func `agrees with sets at every length`() throws {
    let a = randomLists(seed: 1, items: 300, anchors: 300, width: 60)
    let b = randomLists(seed: 2, items: 300, anchors: 300, width: 50)
    let result = try retrievalOverlaps(a, b, itemCount: 300, listLengths: [50, 7, 20])
    for level in result.levels {
      let shares = (0..<300).map { row in
        Double(
          Set(a.neighbors(ofRow: row).prefix(level.k))
            .intersection(b.neighbors(ofRow: row).prefix(level.k)).count) / Double(level.k)
      }
      #expect(abs(level.mean - (mean(shares) ?? 0)) < 1e-14)
      #expect(abs((level.standardError ?? 0) - (standardError(shares) ?? 0)) < 1e-14)
    }
  }

  @Test func `of random lists is as expected from chance`() throws {
    let a = randomLists(seed: 3, items: 400, anchors: 400, width: 40)
    let b = randomLists(seed: 4, items: 400, anchors: 400, width: 40)
    for level in try retrievalOverlaps(a, b, itemCount: 400, listLengths: [5, 20, 40]).levels {
      let deviation = try #require(level.randomStandardDeviation)
      #expect(abs(level.mean - level.random) < 4 * deviation)
      // The scatter over anchors estimates the same deviation.
      #expect(abs((level.standardError ?? 0) / deviation - 1) < 0.15)
    }
  }

  @Test func `of a modality with itself is complete`() throws {
    let a = randomLists(seed: 5, items: 100, anchors: 30, width: 20)
    for level in try retrievalOverlaps(a, a, itemCount: 100, listLengths: [5, 20]).levels {
      #expect(level.mean == 1 && level.standardError == 0)
      #expect(abs(level.lift - 99 / Double(level.k)) < 1e-12)
    }
  }

  @Test func `leaves out lengths that are not there and says so`() throws {
    let a = randomLists(seed: 6, items: 12, anchors: 12, width: 11)
    let result = try retrievalOverlaps(a, a, itemCount: 12)
    #expect(result.levels.map(\.k) == [5, 10])
    #expect(result.notes.count == 4)
    #expect(result.notes[0] == "K = 20 was left out: an item has only 11 others.")
    let narrow = randomLists(seed: 6, items: 500, anchors: 12, width: 11)
    #expect(
      try retrievalOverlaps(narrow, a, itemCount: 500).notes.last
        == "K = 200 was left out: the neighbour lists hold 11 items.")
  }

  @Test func `has no standard error for a single anchor`() throws {
    let a = randomLists(seed: 7, items: 50, anchors: 1, width: 5)
    #expect(
      try retrievalOverlaps(a, a, itemCount: 50, listLengths: [5]).levels[0].standardError == nil)
  }

  @Test func `refuses lists that do not belong together`() {
    let a = randomLists(seed: 8, items: 50, anchors: 10, width: 5)
    let b = randomLists(seed: 8, items: 50, anchors: 9, width: 5)
    #expect(throws: OverlapError.anchorsDiffer(first: 10, second: 9)) {
      try retrievalOverlaps(a, b, itemCount: 50)
    }
    #expect(throws: OverlapError.noListLength(requested: [0, 6], available: 5)) {
      try retrievalOverlaps(a, a, itemCount: 50, listLengths: [0, 6])
    }
    #expect(throws: OverlapError.neighborOutOfRange(neighbor: 9, row: 1, items: 8)) {
      try retrievalOverlaps(lists([[1], [9]]), lists([[1], [0]]), itemCount: 8, listLengths: [1])
    }
  }

  @Test func `gives the mutual nearest neighbours`() throws {
    let a = randomLists(seed: 9, items: 80, anchors: 80, width: 15)
    let b = randomLists(seed: 10, items: 80, anchors: 80, width: 12)
    let level = try retrievalOverlaps(a, b, itemCount: 80, listLengths: [10]).levels[0]
    #expect(try mutualNearestNeighbors(a, b, itemCount: 80) == level.mean)
    #expect(try mutualNearestNeighbors(a, b, itemCount: 80, k: 13) == nil)
  }

  @Test(.enabled(if: RealData.exists("baby")), arguments: [("baby", 0.1167), ("sports", 0.1158)])
  func `of the published neighbour graphs is the known one`(name: String, known: Double) throws {
    let image = try RealData.neighborLists("\(name)/image_knn10_idx.npy")
    let text = try RealData.neighborLists("\(name)/text_knn10_idx.npy")
    let result = try retrievalOverlaps(
      image, text, itemCount: image.anchors.count, listLengths: [9])
    #expect(abs(result.levels[0].mean - known) < 5e-5)
    #expect(result.levels[0].lift > 80)
  }
}

/// Real neighbour graphs beside the package, where they are available.
enum RealData {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data").standardized

  static func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  /// Ten int32 neighbours per item, the item itself among them or not; nine others are kept.
  static func neighborLists(_ path: String) throws -> NeighborLists {
    let data = try Data(contentsOf: folder.appending(path: path))
    let header = 10 + Int(data[8]) + 256 * Int(data[9])
    let values = data[header...].withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self) }
    }
    var rows: [[Int32]] = []
    for row in 0..<values.count / 10 {
      let others = values[row * 10..<row * 10 + 10].filter { $0 != Int32(row) }
      rows.append(Array(others.prefix(9)))
    }
    return NeighborLists(
      anchors: Array(rows.indices), width: 9, indices: rows.flatMap { $0 },
      scores: [Float](repeating: 0, count: rows.count * 9))
  }
}
