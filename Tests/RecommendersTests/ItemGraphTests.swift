import Datasets
import LinearAlgebra
import Recommenders
import Testing

@Suite("Item graph")
struct ItemGraphTests {
  private func modalities(_ matrices: [Matrix<Float>]) -> [Modality] {
    zip(["image", "text", "audio"], matrices).map {
      .features(FeatureMatrix(name: $0, generated: $1))
    }
  }

  private func graph(
    _ matrices: [Matrix<Float>], count: Int, firstWeight: Double = 0.1
  ) throws -> Matrix<Float> {
    try ItemGraph.frozen(modalities(matrices), count: count, firstWeight: firstWeight)
      .matrix.dense
  }

  /// Columns that are not zero, by row.
  private func links(_ graph: Matrix<Float>) -> [[Int]] {
    (0..<graph.rowCount).map { row in
      (0..<graph.columnCount).filter { graph[row, $0] != 0 }
    }
  }

  @Test(arguments: [1, 2, 3, 8, 9, 20], [0.0, 0.1, 0.5, 1.0])
  func `is the weighted mean of both modalities' nearest neighbours`(
    count: Int, firstWeight: Double
  ) throws {
    let found = try graph([TinyWorld.image, TinyWorld.text], count: count, firstWeight: firstWeight)
    let expected = plainItemGraph(
      [Plain(TinyWorld.image), Plain(TinyWorld.text)], count: min(count, 9),
      firstWeight: firstWeight)
    #expect((Plain(found) - expected).maximumMagnitude < 1e-6)
  }

  @Test func `rows have sum 1, the item itself and the values that the weights imply`() throws {
    let items = 60
    let found = try graph(
      [randomMatrix(items, 12, seed: 1), randomMatrix(items, 7, seed: 2)], count: 10)
    for (row, links) in links(found).enumerated() {
      #expect((10...20).contains(links.count))
      let values = links.map { found[row, $0] }
      #expect(abs(values.reduce(0, +) - 1) < 1e-5)
      for value in values {
        #expect([0.01, 0.09, 0.1].contains { abs(value - $0) < 1e-6 })
      }
      #expect(abs(found[row, row] - 0.1) < 1e-6)
    }
  }

  @Test func `is that of the modality where there is one only`() throws {
    let found = try graph([TinyWorld.text], count: 3)
    #expect(
      (Plain(found) - plainItemGraph([Plain(TinyWorld.text)], count: 3, firstWeight: 1))
        .maximumMagnitude < 1e-6)
  }

  @Test func `a third modality shares the rest of the weight`() throws {
    let audio = randomMatrix(9, 4, seed: 9)
    let found = try graph([TinyWorld.image, TinyWorld.text, audio], count: 3, firstWeight: 0.2)
    let parts = try [TinyWorld.image, TinyWorld.text, audio].map {
      Plain(try graph([$0], count: 3))
    }
    let expected = 0.2 * parts[0] + 0.4 * (parts[1] + parts[2])
    #expect((Plain(found) - expected).maximumMagnitude < 1e-6)
  }

  @Test func `an item of zero features does not enter everybody's list`() throws {
    // All but item 4 point the same way, more or less.
    var features = randomMatrix(12, 5, seed: 3, scale: 0.2)
    for row in 0..<12 { for column in 0..<5 { features[row, column] += 1 } }
    for column in 0..<5 { features[4, column] = 0 }
    let links = links(try graph([features], count: 4))
    for (row, links) in links.enumerated() where row != 4 { #expect(!links.contains(4)) }
    // Its own list: all cosines are 0, so the lowest indices, itself among the candidates.
    #expect(links[4] == [0, 1, 2, 3])
    let first = Matrix(
      rowCount: 12, columnCount: 5,
      elements: (0..<12).flatMap { features.row(($0 + 4) % 12) })
    #expect(self.links(try graph([first], count: 4))[0] == [0, 1, 2, 3])
  }

  @Test func `duplicates tie by the lower index, the item itself among them`() throws {
    // Items 1 to 6 are the same up to length; the others are different.
    var features = randomMatrix(9, 5, seed: 4)
    for row in 2...6 {
      for column in 0..<5 { features[row, column] = features[1, column] * Float(1 << (row % 3)) }
    }
    let links = links(try graph([features], count: 3))
    for row in 1...6 { #expect(links[row] == [1, 2, 3]) }
    #expect(links[0].contains(0) && links[8].contains(8))
  }

  @Test(arguments: [1, 3, 9])
  func `links may weigh what their cosines are, normalised by row sums on both sides`(
    count: Int
  ) throws {
    // Features of one sign, so that all row sums are positive.
    let start = randomMatrix(9, 6, seed: 12)
    let features = Matrix<Float>(
      rowCount: 9, columnCount: 6, elements: start.elements.map { abs($0) })
    let found = try ItemGraph.weighted(modalities([features])[0], count: count).matrix.dense
    let unit = Plain(features).normalizedRows
    let cosines = unit * unit.transposed
    var kept = plainItemGraph([Plain(features)], count: count, firstWeight: 1)
    for a in 0..<9 {
      for b in 0..<9 where kept.rows[a][b] > 0 { kept.rows[a][b] = cosines.rows[a][b] }
    }
    let sums = kept.rows.map { $0.reduce(0, +) }
    for a in 0..<9 { for b in 0..<9 { kept.rows[a][b] /= (sums[a] * sums[b]).squareRoot() } }
    #expect((Plain(found) - kept).maximumMagnitude < 1e-6)
  }

  @Test func `an item without features has no weighted links`() throws {
    var features = randomMatrix(6, 4, seed: 13)
    for column in 0..<4 { features[2, column] = 0 }
    let found = try ItemGraph.weighted(modalities([features])[0], count: 2).matrix
    #expect(found.values.allSatisfy { $0.isFinite })
    #expect((0..<6).allSatisfy { found.dense[2, $0] == 0 && found.dense[$0, 2] == 0 })
  }

  @Test func `the links of several embeddings are one pattern with a mask for each`() throws {
    let embeddings = [TinyWorld.image, TinyWorld.text]
    let (pattern, masks) = try ItemGraph.links(embeddings, count: 3)
    let graphs = try embeddings.map { try graph([$0], count: 3) }
    for (mask, graph) in zip(masks.map(\.matrix), graphs) {
      var own = Matrix<Float>(rowCount: 9, columnCount: 9)
      for (entry, row) in pattern.entryRows.enumerated() {
        own[Int(row), Int(pattern.columns[entry])] = mask[entry, 0]
      }
      #expect(links(own) == links(graph))
      #expect(own.elements.reduce(0, +) == 27)
    }
    #expect((27...54).contains(pattern.entryCount))
  }

  @Test func `precomputed lists are taken as they are`() throws {
    let lists = PrecomputedNeighbors(
      modality: "image", items: 3, width: 3, indices: [0, 2, 1, 1, 0, 2, 2, 1, 0],
      cosines: [1, 0.5, 0.1, 1, 0.5, 0.1, 1, 0.5, 0.1], path: "lists")
    let graph = try ItemGraph.frozen([.neighbors(lists)], count: 2, firstWeight: 0.1).matrix
    #expect(links(graph.dense) == [[0, 2], [0, 1], [1, 2]])
    #expect(throws: ModelError.listsTooShort(modality: "image", width: 3, needed: 4)) {
      let longer = PrecomputedNeighbors(
        modality: "image", items: 5, width: 3, indices: [Int32](repeating: 0, count: 15),
        cosines: [Float](repeating: 1, count: 15), path: "lists")
      return try ItemGraph.frozen([.neighbors(longer)], count: 4, firstWeight: 0.1)
    }
  }
}
