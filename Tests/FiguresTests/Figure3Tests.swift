import Figures
import Foundation
import Testing

extension ProcessSuites {
  @Suite("Figure 3")
  struct Figure3Tests {
    static func bars(
      _ variants: [String] = ["full", "without projection"],
      datasets: [String] = ["baby", "sports"], deviation: Double? = 0.001
    ) -> [Figure3.Bar] {
      ["Recall@20", "NDCG@20"].enumerated().flatMap { metric, name in
        datasets.flatMap { dataset in
          variants.enumerated().map { order, variant in
            Figure3.Bar(
              metric: name, dataset: dataset, variant: variant,
              mean: 0.1 / Double(metric + 1) - 0.002 * Double(order),
              standardDeviation: deviation, seeds: deviation == nil ? 1 : 3)
          }
        }
      }
    }

    @Test func `writes the numbers it was given`() throws {
      let bench = try Workbench()
      let figure = Figure3(bars: Self.bars())
      let rows = try cells(bench.drawer().draw(figure, named: "figure-3").table)
      #expect(rows.count == 8)
      for bar in figure.bars {
        let row = try #require(
          rows.first { $0[0] == bar.metric && $0[1] == bar.dataset && $0[2] == bar.variant })
        #expect(Double(row[4]) == bar.mean && Double(row[5]) == 0.001 && row[8] == "3")
        #expect(Double(row[6]) == bar.mean - 0.001 && Double(row[7]) == bar.mean + 0.001)
      }
    }

    @Test func `says when its axes do not begin at zero`() throws {
      let bench = try Workbench()
      var bars = Self.bars()
      func script() throws -> String {
        let drawn = try bench.drawer().draw(Figure3(bars: bars), named: "figure-3")
        return try String(contentsOf: drawn.script, encoding: .utf8)
      }
      #expect(try script().contains("axes do not begin at zero"))
      for metric in ["Recall@20", "NDCG@20"] {
        bars.append(
          .init(
            metric: metric, dataset: "sports", variant: "random", mean: 0.01,
            standardDeviation: 0.02, seeds: 3))
      }
      #expect(try !script().contains("axes do not begin at zero"))
    }

    @Test func `draws single seeds, missing bars, eight variants, and zeros`() throws {
      let bench = try Workbench()
      let zero = Figure3.Bar(
        metric: "Recall@20", dataset: "baby", variant: "none", mean: 0, standardDeviation: nil,
        seeds: 1)
      let many = Self.bars((1...8).map { "variant_\($0)'s" }, datasets: ["baby"])
      for bars in [Self.bars(deviation: nil), Array(Self.bars().dropLast()), many, [zero]] {
        _ = try bench.drawer().draw(Figure3(bars: bars), named: "figure-3")
      }
    }

    @Test func `needs bars that are finite`() throws {
      #expect(throws: FigureError.nothingToDraw(figure: "the figure of variants")) {
        try Figure3(bars: []).table()
      }
      #expect(throws: FigureError.nonFinite(column: "sd", row: 1)) {
        try Figure3(bars: Self.bars(deviation: .infinity)).table()
      }
    }
  }
}
