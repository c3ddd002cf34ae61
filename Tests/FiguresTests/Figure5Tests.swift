import Figures
import Foundation
import Testing

extension ProcessSuites {
  @Suite("Figure 5")
  struct Figure5Tests {
    @Test func `writes the numbers it was given and marks the damped ones`() throws {
      let bench = try Workbench()
      let figure = Samples.figure5()
      let rows = try cells(bench.drawer().draw(figure, named: "figure-5").table)
      #expect(rows.map { Int($0[0]) } == Array(1...40))
      #expect(rows.map { Double($0[1]) } == figure.before)
      #expect(rows.map { Double($0[2]) } == figure.after)
      #expect(rows.filter { $0[3] == "1" }.map { Int($0[0]) } == figure.damped)
    }

    @Test func `draws what random pairings reach, under a key of two rows`() throws {
      let bench = try Workbench()
      let before = Samples.spectrum
      let plain = Samples.figure5(before: before, after: before)
      let figure = Figure5(
        before: before, after: before, damped: [1], rank: 2, strength: 0.5, noiseEdge: before[4],
        chance: before.prefix(7).map { $0 / 2 }, dataset: "sample", items: 50, seed: 1)
      #expect(figure.height > plain.height)
      let drawn = try bench.drawer().draw(figure, named: "figure-5")
      let rows = try cells(drawn.table)
      #expect(rows.prefix(7).map { Double($0[4]) } == figure.chance)
      #expect(rows.dropFirst(7).allSatisfy { Double($0[4]) == nil })
      let script = try String(contentsOf: drawn.script, encoding: .utf8)
      #expect(script.contains("'random pairings, 95 %'"))
    }

    @Test func `says how many values it leaves off the logarithmic axis`() throws {
      let bench = try Workbench()
      let before = Samples.spectrum + [1e-9, 0, -1e-18]
      let drawn = try bench.drawer()
        .draw(Samples.figure5(before: before, after: before), named: "figure-5")
      let script = try String(contentsOf: drawn.script, encoding: .utf8)
      #expect(script.contains("6 below 10⁻⁶σ₁ not drawn"))
      #expect(try cells(drawn.table).count == 43)
    }

    @Test func `keeps the label of the ranks clear of the inset`() {
      func label(rank: Int) -> String {
        let figure = Figure5(
          before: Samples.spectrum, after: Samples.spectrum, damped: [], rank: rank, strength: 0.5,
          noiseEdge: nil, dataset: "sample", items: 50, seed: 1)
        return figure.commands().split(separator: "\n").map(String.init)
          .first { $0.contains("graph 0.955") } ?? ""
      }
      #expect(label(rank: 8).contains("first 8.5, graph 0.955 left"))
      #expect(label(rank: 10).contains("graph 0.25, graph 0.955 right"))
      #expect(label(rank: 40).contains("graph 0.42, graph 0.955 right"))
    }

    @Test(arguments: [1, 2, 100, 300, 600])
    func `draws spectra of any length`(count: Int) throws {
      let bench = try Workbench()
      let values = (1...count).map { exp(-Double($0) / 30) }
      let figure = Figure5(
        before: values, after: Array(values.dropLast()), damped: [1], rank: 1, strength: 0.5,
        noiseEdge: nil, dataset: "sample", items: 50, seed: 1)
      let drawn = try bench.drawer().draw(figure, named: "figure-5")
      let picture = try PNGFile.inspect(drawn.png)
      #expect(picture.markedShare > 0.01)
      let script = try String(contentsOf: drawn.script, encoding: .utf8)
      #expect(script.contains("first 384 of 600") == (count == 600))
    }

    @Test(arguments: [1e-300, 1e300, 0.7])
    func `draws flat spectra of any size`(value: Double) throws {
      let bench = try Workbench()
      let flat = [Double](repeating: value, count: 12)
      let figure = Figure5(
        before: flat, after: flat, damped: [], rank: 3, strength: 0, noiseEdge: value / 2,
        dataset: "sample", items: 50, seed: 1)
      _ = try bench.drawer().draw(figure, named: "figure-5")
    }

    @Test func `has nothing to show when all values are zero`() throws {
      #expect(throws: FigureError.nothingToDraw(figure: "the figure of singular values")) {
        try Samples.figure5(before: [0, 0], after: []).table()
      }
    }
  }
}
