import LinearAlgebra
import Statistics
import Testing

@Suite("Candidate buffers")
struct CandidateBuffersTests {
  /// Scores of few values, so that ties decide too.
  func scores(rows: Int, columns: Int, values: Int) -> [Float] {
    var generator = SeededGenerator(seed: 31)
    return (0..<rows * columns).map { _ in Float(generator.index(below: values)) }
  }

  func collected(_ scores: [Float], rows: Int, columns: Int, kept: Int) -> CandidateBuffers {
    let buffers = CandidateBuffers(rowCount: rows, kept: kept)
    let ones = [Float](repeating: 1, count: max(rows, columns))
    scores.withUnsafeBufferPointer { scores in
      ones.withUnsafeBufferPointer { ones in
        guard let products = scores.baseAddress, let ones = ones.baseAddress else { return }
        buffers.collect(
          .init(
            products: products, rowCount: rows, columnCount: columns, rowStart: 0, columnStart: 0,
            rowScales: ones, columnScales: ones),
          isSymmetric: false)
      }
    }
    return buffers
  }

  /// The definition: a full sort, ties by lower index.
  func plain(_ scores: ArraySlice<Float>, kept: Int) -> [Int] {
    let row = Array(scores)
    return row.indices.sorted { (row[$0], $1) > (row[$1], $0) }.prefix(kept).map { $0 }
  }

  @Test(arguments: [1, 5, 63, 64, 100])
  func `keep what a full sort puts first`(kept: Int) {
    let scores = scores(rows: 20, columns: 64, values: 9)
    let buffers = collected(scores, rows: 20, columns: 64, kept: kept)
    for row in 0..<20 {
      let best = buffers.best(ofRow: row)
      #expect(best.map(\.index) == plain(scores[row * 64..<(row + 1) * 64], kept: kept))
      #expect(best.allSatisfy { $0.score == scores[row * 64 + $0.index] })
    }
  }

  @Test func `give every reader of one row the same candidates`() {
    let (rows, columns, kept) = (200, 1200, 600)
    let scores = scores(rows: rows, columns: columns, values: 5000)
    let expected = (0..<rows).map {
      plain(scores[$0 * columns..<($0 + 1) * columns], kept: kept)
    }
    for _ in 0..<10 {
      let buffers = collected(scores, rows: rows, columns: columns, kept: kept)
      // Neighbouring blocks run at once, and four of them read one row.
      let found = Parallel.map(4 * rows) { buffers.best(ofRow: $0 / 4).map(\.index) }
      let wrong = found.indices.filter { found[$0] != expected[$0 / 4] }
      #expect(wrong.isEmpty, "\(wrong.count) readings, the first \(wrong.prefix(5))")
    }
  }
}
