import Figures
import Testing

@Suite("Figure table")
struct FigureTableTests {
  @Test func `is tab-separated with a header and empty lines between blocks`() throws {
    var table = FigureTable(columns: ["name", "x", "y"])
    try table.append([[.text("a"), .count(3), .number(0.1)]])
    try table.append([[.text("b"), .missing, .number(-1e-20)]])
    #expect(table.text == "name\tx\ty\na\t3\t0.1\n\n\nb\t\t-1e-20\n")
  }

  @Test func `keeps a row in one line whatever the text`() throws {
    var table = FigureTable(columns: ["name", "x"])
    try table.append([[.text("two\nlines\tand a tab"), .count(1)]])
    #expect(table.text == "name\tx\ntwo lines and a tab\t1\n")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `refuses what is not finite and says where`(value: Double) {
    var table = FigureTable(columns: ["x", "density"])
    #expect(throws: FigureError.nonFinite(column: "density", row: 2)) {
      try table.append([[.count(1), .number(1)], [.count(2), .number(value)]])
    }
    #expect(table.blocks.isEmpty)
  }
}
