import Figures
import Foundation
import Testing

extension ProcessSuites {
  @Suite("Figure 1")
  struct Figure1Tests {
    @Test func `writes the numbers it was given`() throws {
      let bench = try Workbench()
      let figure = Samples.figure1()
      let rows = try cells(bench.drawer().draw(figure, named: "figure-1").table)
      let scores = try #require(figure.scores)
      for curve in [scores.first, scores.second] {
        let found = rows.filter { $0[0] == "density" && $0[1] == curve.name }
        #expect(found.map { Double($0[2]) } == curve.x)
        #expect(found.map { Double($0[3]) } == curve.density)
      }
      let measured = rows.filter { $0[1] == "measured" }
      #expect(measured.map { Int($0[2]) } == figure.overlaps.map(\.k))
      #expect(measured.map { Double($0[3]) } == figure.overlaps.map(\.mean))
      #expect(measured.map { Double($0[4]) } == figure.overlaps.map(\.low))
      #expect(measured.map { Double($0[5]) } == figure.overlaps.map(\.high))
      #expect(measured.map { Double($0[6]) } == figure.overlaps.map(\.lift))
      let random = rows.filter { $0[1] == "random" }
      #expect(random.map { Double($0[3]) } == figure.overlaps.map(\.random))
    }

    @Test func `draws with either panel missing`() throws {
      let bench = try Workbench()
      let both = Samples.figure1()
      let lists = Samples.figure1(withScores: false)
      let scores = Figure1(
        scores: both.scores, overlaps: [], dataset: "sample", items: 9, anchors: 9, seed: 1)
      for figure in [lists, scores] {
        let drawn = try bench.drawer().draw(figure, named: "figure-1")
        #expect(try PNGFile.inspect(drawn.png).markedShare > 0.01)
      }
      let neither = Figure1(
        scores: nil, overlaps: [], dataset: "sample", items: 9, anchors: 9, seed: 1)
      #expect(throws: FigureError.nothingToDraw(figure: "the retrieval figure")) {
        try bench.drawer().draw(neither, named: "figure-1")
      }
    }

    @Test func `leaves lists without common items off the logarithmic axis and says so`() throws {
      let bench = try Workbench()
      let none = Figure1.Overlap(k: 5, mean: 0, low: 0, high: 0, random: 0.005, lift: 0)
      let some = Figure1.Overlap(k: 10, mean: 0.01, low: -0.002, high: 0.02, random: 0.01, lift: 1)
      for overlaps in [[none], [none, some], [some]] {
        let figure = Figure1(
          scores: nil, overlaps: overlaps, dataset: "sample", items: 9, anchors: 9, seed: 1)
        let drawn = try bench.drawer().draw(figure, named: "figure-1")
        let script = try String(contentsOf: drawn.script, encoding: .utf8)
        #expect(script.contains("zeros not drawn") == overlaps.contains(none))
      }
    }

    @Test func `refuses curves of two lengths and what is not finite`() throws {
      let short = Figure1.Curve(name: "image", x: [1, 2], density: [1])
      let broken = Figure1.Curve(name: "image", x: [1, .nan], density: [1, 1])
      for curve in [short, broken] {
        let scores = Figure1.Scores(
          first: Samples.curve("text", center: 0), second: curve, overlapCoefficient: 0.5, k: 20)
        let figure = Figure1(
          scores: scores, overlaps: [], dataset: "sample", items: 9, anchors: 9, seed: 1)
        #expect(throws: FigureError.self) { try figure.table() }
      }
    }

    @Test func `survives coding`() throws {
      let figure = Samples.figure1()
      let data = try JSONEncoder().encode(figure)
      #expect(try JSONDecoder().decode(Figure1.self, from: data) == figure)
    }
  }
}
