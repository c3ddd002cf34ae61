import Autodiff
import Testing

@Suite("Places of a sparse matrix")
struct SparsePatternTests {
  @Test func `are sorted by rows and columns, each once`() {
    let pattern = SparsePattern(
      rowCount: 4, columnCount: 3, rows: [2, 0, 2, 0, 3, 2], columns: [1, 2, 0, 2, 1, 1])
    #expect(pattern.entryCount == 4)
    #expect(pattern.rowStarts == [0, 1, 1, 3, 4])
    #expect(pattern.columns == [2, 0, 1, 1])
    #expect(pattern.entryRows == [0, 2, 2, 3])
  }

  @Test func `may be none`() {
    let pattern = SparsePattern(rowCount: 2, columnCount: 0, rows: [], columns: [])
    #expect(pattern.entryCount == 0 && pattern.rowStarts == [0, 0, 0])
    #expect(pattern.entryRows.isEmpty)
  }
}
