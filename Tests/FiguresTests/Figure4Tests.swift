import Figures
import Foundation
import Testing

extension ProcessSuites {
  @Suite("Figure 4")
  struct Figure4Tests {
    static func sample(dropping dropped: Int = 0) -> Figure4 {
      let cells = [0, 0.5, 0.9].flatMap { strength in
        [2, 4, 8].map { rank in
          strength == 0
            ? Figure4.Cell(strength: 0, rank: rank, validation: 0.05, test: 0.06)
            : Figure4.Cell(
              strength: strength, rank: rank, validation: 0.05 + strength * Double(rank) / 1000,
              test: 0.06 + strength * Double(8 - rank) / 1000)
        }
      }
      return Figure4(
        cells: cells.dropLast(dropped).reversed(), metric: "Recall@20", dataset: "baby", seed: 999)
    }

    @Test func `writes its cells, without projection as one, and marks the best on validation`()
      throws
    {
      let bench = try Workbench()
      let figure = Self.sample()
      let rows = try cells(bench.drawer().draw(figure, named: "figure-4").table)
      #expect(rows.count == 7)
      #expect(rows[0].map { Double($0) } == [0, 2, 0.05, 0.06, 0, 0, 3, 0, 1])
      let best = rows.filter { $0[4] == "1" }
      #expect(best.map { $0.prefix(2).map { Double($0) } } == [[0.9, 8]])
      #expect(figure.best?.rank == 8 && figure.best?.strength == 0.9)
      for cell in figure.cells where cell.strength > 0 {
        let row = rows.first { Double($0[0]) == cell.strength && Int($0[1]) == cell.rank }
        #expect(row.map { [Double($0[2]), Double($0[3])] } == [cell.validation, cell.test])
      }
    }

    @Test func `draws grids with missing cells, one cell, and equal values`() throws {
      let bench = try Workbench()
      let one = Figure4.Cell(strength: 0.9, rank: 4, validation: 0.1, test: 0.1)
      let same = [2, 4].map { Figure4.Cell(strength: 0.3, rank: $0, validation: 0, test: 0) }
      for cells in [Self.sample(dropping: 2).cells, [one], same] {
        let figure = Figure4(cells: cells, metric: "Recall@20", dataset: "baby", seed: 1)
        let drawn = try bench.drawer().draw(figure, named: "figure-4")
        #expect(try PNGFile.inspect(drawn.png).markedShare > 0.1)
      }
    }

    @Test func `keeps the cells without projection apart when they differ`() throws {
      var cells = Self.sample().cells
      cells[1] = .init(strength: 0, rank: 4, validation: 0.2, test: 0.01)
      let figure = Figure4(cells: cells, metric: "Recall@20", dataset: "baby", seed: 1)
      #expect(try figure.table().blocks[0].count == 9)
    }

    @Test func `needs cells that are finite`() throws {
      #expect(throws: FigureError.nothingToDraw(figure: "the map of strengths and ranks")) {
        try Figure4(cells: [], metric: "Recall@20", dataset: "baby", seed: 1).table()
      }
      let broken = Figure4.Cell(strength: 0.9, rank: 4, validation: 0.1, test: .nan)
      #expect(throws: FigureError.nonFinite(column: "test", row: 1)) {
        try Figure4(cells: [broken], metric: "Recall@20", dataset: "baby", seed: 1).table()
      }
    }
  }
}
