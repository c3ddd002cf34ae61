import Figures
import Foundation
import Testing

extension ProcessSuites {
  @Suite("Training curves")
  struct TrainingCurvesTests {
    /// Two charts of `runs` runs over `epochs` epochs, one logarithmic.
    static func sample(runs: Int, epochs: Int, name: String = "clear-baby") -> TrainingCurves {
      let times = Array(1...epochs)
      func lines(_ style: TrainingCurves.Style, scale: Double) -> [TrainingCurves.Line] {
        (0..<runs).map { run in
          TrainingCurves.Line(
            run: run, name: style.rawValue, style: style, epochs: times,
            values: times.map { scale * (1 + Double(run)) * exp(-Double($0) / 20) })
        }
      }
      return TrainingCurves(
        runs: (0..<runs).map { .init(name: "\(name)-\($0)", bestEpoch: epochs) },
        charts: [
          .init(
            title: "σ₁ … σₖ", isLogarithmic: true,
            lines: lines(.solid, scale: 3) + lines(.thin, scale: 1)),
          .init(
            title: "effective rank", isLogarithmic: false,
            lines: lines(.solid, scale: 3) + lines(.dashed, scale: 9) + [
              .init(
                run: 0, name: "random", style: .reference, epochs: times,
                values: times.map { _ in 0.01 })
            ]),
          .init(title: "overlap", isLogarithmic: true, lines: lines(.solid, scale: 0)),
        ], dataset: "baby")
    }

    @Test func `writes the numbers it was given`() throws {
      let bench = try Workbench()
      let figure = Self.sample(runs: 2, epochs: 5)
      let rows = try cells(bench.drawer().draw(figure, named: "curves").table)
      for chart in figure.charts {
        for line in chart.lines {
          let found = rows.filter {
            $0[0] == chart.title && $0[1] == figure.runs[line.run].name && $0[2] == line.name
          }
          #expect(found.map { Int($0[4]) } == line.epochs)
          #expect(found.map { Double($0[5]) } == line.values)
          #expect(found.allSatisfy { $0[3] == line.style.rawValue })
        }
      }
    }

    @Test(arguments: [(1, 1), (3, 2), (8, 300)])
    func `draws any number of runs up to eight`(runs: Int, epochs: Int) throws {
      let bench = try Workbench()
      let drawn = try bench.drawer()
        .draw(Self.sample(runs: runs, epochs: epochs), named: "curves")
      #expect(try PNGFile.inspect(drawn.png).markedShare > 0.01)
    }

    @Test(arguments: [0, 1e-300, 1e300, -3])
    func `draws equal values of any size`(value: Double) throws {
      let bench = try Workbench()
      let line = TrainingCurves.Line(
        run: 0, name: "flat", style: .solid, epochs: [1, 2], values: [value, value])
      let figure = TrainingCurves(
        runs: [.init(name: "run", bestEpoch: 1)],
        charts: [true, false].map { .init(title: "flat", isLogarithmic: $0, lines: [line]) },
        dataset: "baby")
      _ = try bench.drawer().draw(figure, named: "curves")
    }

    @Test func `takes names as they are and runs nothing in them`() throws {
      let bench = try Workbench()
      let name = "it's `touch pwned` $(touch pwned) \\ a_b^{c} @x \" " + String(
        repeating: "long ", count: 20)
      _ = try bench.drawer().draw(Self.sample(runs: 2, epochs: 3, name: name), named: "curves")
      #expect(!FileManager.default.fileExists(atPath: "pwned"))
    }

    @Test func `refuses lines of two lengths, without points, or not finite`() throws {
      for (epochs, values) in [([1, 2], [1.0]), ([], []), ([1], [.nan])] {
        let line = TrainingCurves.Line(
          run: 0, name: "σ1", style: .solid, epochs: epochs, values: values)
        let figure = TrainingCurves(
          runs: [.init(name: "run", bestEpoch: 1)],
          charts: [.init(title: "σ", isLogarithmic: true, lines: [line])], dataset: "baby")
        #expect(throws: FigureError.self) { try figure.table() }
      }
      #expect(throws: FigureError.nothingToDraw(figure: "the training curves")) {
        try TrainingCurves(runs: [], charts: [], dataset: "baby").table()
      }
    }
  }
}
