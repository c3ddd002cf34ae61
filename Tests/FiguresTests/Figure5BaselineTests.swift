import Figures
import Foundation
import Testing

extension ProcessSuites {
  @Suite("Figure 5 with a baseline")
  struct Figure5BaselineTests {
    static func sample(before: [Double], after: [Double]) -> Figure5Baseline {
      let values = Figure5Baseline.Values(before: before, after: after)
      return Figure5Baseline(
        values: values,
        normalized: .init(before: before.map { $0 / 10 }, after: after.map { $0 / 5 }), rank: 4,
        strength: 0.9, dataset: "clear on baby", items: 1000, beforeModel: "clear, epoch 1",
        afterModel: "clear, epoch 2")
    }

    @Test func `writes the numbers it was given, twice`() throws {
      let bench = try Workbench()
      let figure = Self.sample(before: Samples.spectrum, after: Samples.damped.sorted(by: >))
      let rows = try cells(bench.drawer().draw(figure, named: "figure-5-baseline").table)
      for (scale, pair) in [("raw", figure.values), ("normalized", figure.normalized)] {
        let found = rows.filter { $0[0] == scale }
        #expect(found.map { Int($0[1]) } == Array(1...40))
        #expect(found.map { Double($0[2]) } == pair.before)
        #expect(found.map { Double($0[3]) } == pair.after)
      }
    }

    @Test func `draws spectra of any length, size, and with zeros`() throws {
      let bench = try Workbench()
      for (before, after) in [([1.0], [0.5]), ([1e-300, 0], [1e-300]), ([3, 2, 1], [1, 0, 0])] {
        let drawn = try bench.drawer()
          .draw(Self.sample(before: before, after: after), named: "figure-5-baseline")
        #expect(try PNGFile.inspect(drawn.png).markedShare > 0.005)
      }
    }

    @Test func `has nothing to show when all values are zero`() throws {
      #expect(throws: FigureError.self) { try Self.sample(before: [0], after: []).table() }
    }
  }
}
