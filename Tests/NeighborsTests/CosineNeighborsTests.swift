import LinearAlgebra
import Neighbors
import Statistics
import Testing

@Suite("Cosine neighbours")
struct CosineNeighborsTests {
  /// The definition: every cosine in double precision, a full sort, ties by lower index.
  func plainNeighbors(_ x: Matrix<Float>, count: Int, anchors: [Int]) -> [[Int32]] {
    let rows = (0..<x.rowCount).map { Array(x.row($0)) }
    let norms = rows.map { VectorKernels.dot($0, $0, count: $0.count).squareRoot() }
    return anchors.map { i in
      let scored = rows.indices.filter { $0 != i }.map { j in
        let scale = norms[i] * norms[j]
        let dot = VectorKernels.dot(rows[i], rows[j], count: rows[i].count)
        return (score: scale > 0 ? dot / scale : 0, index: j)
      }
      return scored.sorted { ($0.score, $1.index) > ($1.score, $0.index) }
        .prefix(count).map { Int32($0.index) }
    }
  }

  func expectPlain(
    _ x: Matrix<Float>, count: Int, anchors: [Int]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = plainNeighbors(x, count: count, anchors: anchors ?? Array(0..<x.rowCount))
    for screenings in Screening.available.map({ [$0] }) + [Screening.available] {
      let lists = try cosineNeighbors(x, count: count, anchors: anchors, scored: count, screenings: screenings)
      let found = (0..<lists.anchors.count).map { Array(lists.neighbors(ofRow: $0)) }
      let wrong = found.indices.filter { found[$0] != expected[$0] }
      #expect(
        wrong.isEmpty, "rows \(wrong.prefix(5)) by \(screenings)", sourceLocation: sourceLocation)
    }
  }

  func normals(_ seed: UInt64, _ rows: Int, _ columns: Int) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: rows, columnCount: columns,
      elements: generator.normals(rows * columns).map { Float($0) })
  }

  /// Non-negative features of which about one in `sparsity` is not zero.
  func activations(_ seed: UInt64, _ rows: Int, _ columns: Int, sparsity: Int) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    var x = normals(seed &+ 1, rows, columns)
    for i in x.elements.indices {
      x.elements[i] = generator.index(below: sparsity) == 0 ? abs(x.elements[i]) : 0
    }
    return x
  }

  @Test func `of known directions are the smallest angles`() throws {
    let x = Matrix<Float>(rows: [[1, 0], [10, 1], [0, 3], [-1, 0], [5, 5]])
    let lists = try cosineNeighbors(x, count: 2)
    #expect(Array(lists.neighbors(ofRow: 0)) == [1, 4])
    #expect(Array(lists.neighbors(ofRow: 2)) == [4, 1])
    #expect(Array(lists.neighbors(ofRow: 3)) == [2, 4])
    #expect(abs(lists.scores[1] - Float(0.5).squareRoot()) < 1e-6)
  }

  @Test(arguments: [
    (700, 20, 15), (1300, 96, 40), (513, 7, 100), (40, 3, 39), (2, 5, 1), (3, 1, 2),
  ])
  func `are those of a full double-precision sort`(items: Int, width: Int, count: Int) throws {
    try expectPlain(normals(UInt64(items), items, width), count: count)
    try expectPlain(activations(UInt64(width), items, width, sparsity: 8), count: count)
  }

  @Test func `of features far from the origin are settled in double precision`() throws {
    // Cosines within 1e-6 of each other: single precision alone would shuffle all of them.
    var x = normals(5, 400, 12)
    for i in x.elements.indices { x.elements[i] = 1000 + x.elements[i] }
    try expectPlain(x, count: 20)
    try expectPlain(x, count: 20, anchors: [3, 399, 3])
  }

  @Test func `of many copies of few rows go by index`() throws {
    var generator = SeededGenerator(seed: 6)
    let few = normals(7, 5, 16)
    let picks = (0..<900).map { _ in generator.index(below: 5) }
    let x = few.rows(picks)
    try expectPlain(x, count: 30)
    let first = picks.indices.filter { picks[$0] == picks[0] && $0 != 0 }.prefix(30)
    #expect(Array(try cosineNeighbors(x, count: 30).neighbors(ofRow: 0)) == first.map(Int32.init))
  }

  @Test func `mix copies, zero rows and other rows`() throws {
    var x = activations(8, 800, 24, sparsity: 3)
    for row in 300..<420 {
      let source = row.isMultiple(of: 4) ? nil : 17
      for column in 0..<24 { x[row, column] = source.map { x[$0, column] } ?? 0 }
    }
    try expectPlain(x, count: 50)
    // Signed features, where a zero cosine need not be exact.
    for i in stride(from: 0, to: x.elements.count, by: 5) { x.elements[i].negate() }
    try expectPlain(x, count: 50)
  }

  @Test func `of disjoint supports fill up with cosines of zero`() throws {
    var x = Matrix<Float>(rowCount: 600, columnCount: 60)
    for row in 0..<600 { x[row, row % 60] = 1 + Float(row % 7) }
    try expectPlain(x, count: 25)
  }

  @Test func `in one dimension tie by sign`() throws {
    try expectPlain(normals(9, 600, 1), count: 20)
  }

  @Test func `of integer features respect exact ties`() throws {
    var generator = SeededGenerator(seed: 10)
    let x = Matrix<Float>(
      rowCount: 700, columnCount: 6,
      elements: (0..<4200).map { _ in Float(generator.index(below: 3)) })
    try expectPlain(x, count: 40)
  }

  @Test func `do not change with the scale of a row`() throws {
    var x = normals(11, 300, 10)
    let lists = try cosineNeighbors(x, count: 9)
    for row in 0..<300 {
      let power = Float(sign: .plus, exponent: row % 2 == 0 ? 80 : -80, significand: 1)
      for column in 0..<10 { x[row, column] *= power }
    }
    #expect(try cosineNeighbors(x, count: 9).indices == lists.indices)
  }

  @Test func `of a sample of anchors are their rows of the whole`() throws {
    let x = normals(12, 1100, 30)
    let whole = try cosineNeighbors(x, count: 12)
    let anchors = SeededSample.of(70, from: 1100)
    let sample = try cosineNeighbors(x, count: 12, anchors: anchors)
    #expect(sample.anchors == anchors)
    for (row, anchor) in anchors.enumerated() {
      #expect(sample.neighbors(ofRow: row) == ArraySlice(whole.neighbors(ofRow: anchor)))
    }
    #expect(try cosineNeighbors(x, count: 12, anchors: []).indices.isEmpty)
  }

  @Test func `have the same bits for any number of threads`() throws {
    var x = activations(13, 1500, 40, sparsity: 4)
    for row in stride(from: 0, to: 1500, by: 11) { x[row, 3] = x[0, 3] }
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try cosineNeighbors(x, count: 35)
    for count in [2, 4] {
      Parallel.threadCount = count
      #expect(try cosineNeighbors(x, count: 35) == one)
    }
  }

  @Test func `of copies that threads settle at once are not disturbed`() throws {
    // Items 64 apart are copies, so that neighbouring blocks of items ask for the same contents.
    let x = normals(17, 320, 6).rows((0..<640).map { $0 % 64 + 64 * ($0 / 128) })
    try expectPlain(x, count: 40)
    let first = try cosineNeighbors(x, count: 40)
    let again = try (0..<30).map { _ in try cosineNeighbors(x, count: 40) }
    let different = again.filter { $0 != first }.count
    #expect(different == 0)
  }

  @Test func `carry their cosines`() throws {
    let x = normals(14, 200, 50)
    let lists = try cosineNeighbors(x, count: 5)
    let unit = Matrix<Double>(rowNormalized(x))
    for row in 0..<200 {
      for place in 0..<5 {
        let other = Int(lists.indices[row * 5 + place])
        let cosine = zip(unit.row(row), unit.row(other)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(Double(lists.scores[row * 5 + place]) - cosine) < 1e-6)
      }
    }
  }

  @Test func `carry cosines to single precision as far as these are wanted`() throws {
    for x in [normals(18, 900, 50), activations(19, 900, 50, sparsity: 3)] {
      let exact = try cosineNeighbors(
        x, count: 60, anchors: nil, scored: 60, screenings: [.single])
      for scored in [0, 7, 60] {
        let found = try cosineNeighbors(
          x, count: 60, anchors: nil, scored: scored, screenings: Screening.available)
        #expect(found.indices == exact.indices)
        let errors = zip(found.scores, exact.scores).map { abs($0 - $1) }
        for (place, error) in errors.enumerated() {
          #expect(error <= (place % 60 < scored ? 3e-7 : 3.1e-5))
        }
      }
    }
  }

  @Test func `that a coarse screening leaves open are screened again`() throws {
    // Every cosine is within 1e-5 of the next, which split floats cannot tell apart.
    var x = normals(20, 700, 8)
    for i in x.elements.indices { x.elements[i] = 30 + x.elements[i] }
    let plain = plainNeighbors(x, count: 40, anchors: Array(0..<700))
    for anchors in [nil, Array(stride(from: 0, to: 700, by: 3))] {
      let lists = try cosineNeighbors(
        x, count: 40, anchors: anchors, scored: 0, screenings: Screening.available)
      for (row, anchor) in lists.anchors.enumerated() {
        #expect(Array(lists.neighbors(ofRow: row)) == plain[anchor])
      }
    }
  }

  @Test func `of features beyond the range of split floats are exact, too`() throws {
    // Products of these are tiny, but none is zero.
    var x = activations(21, 300, 30, sparsity: 4)
    for row in 0..<300 {
      for column in 0..<29 where x[row, column] != 0 { x[row, column] = 1e-22 * x[row, column] }
      x[row, 29] = row.isMultiple(of: 2) ? 1 : 0
    }
    try expectPlain(x, count: 20)
  }

  @Test func `report progress up to the whole`() throws {
    let last = ProgressRecord()
    _ = try cosineNeighbors(normals(15, 1200, 4), count: 3) { last.record($0) }
    #expect(last.maximum == 1)
    #expect(last.calls == 6)
  }

  @Test func `refuse what cannot be searched`() {
    let x = normals(16, 10, 3)
    #expect(throws: NeighborError.countOutOfRange(count: 10, items: 10)) {
      try cosineNeighbors(x, count: 10)
    }
    #expect(throws: NeighborError.countOutOfRange(count: 1, items: 0)) {
      try cosineNeighbors(Matrix(rowCount: 0, columnCount: 3), count: 1)
    }
    #expect(throws: NeighborError.anchorOutOfRange(anchor: 10, items: 10)) {
      try cosineNeighbors(x, count: 2, anchors: [0, 10])
    }
    var broken = x
    broken[4, 1] = .nan
    #expect(throws: NeighborError.nonFinite(row: 4)) { try cosineNeighbors(broken, count: 2) }
  }

  @Test func `of features without width are the lowest items`() throws {
    let lists = try cosineNeighbors(Matrix(rowCount: 4, columnCount: 0), count: 2)
    #expect(lists.indices == [1, 2, 0, 2, 0, 1, 0, 1])
    #expect(lists.scores.allSatisfy { $0 == 0 })
  }
}

enum SeededSample {
  static func of(_ count: Int, from population: Int) -> [Int] {
    var generator = SeededGenerator(seed: 77)
    return generator.sample(count, from: population)
  }
}
