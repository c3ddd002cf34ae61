import Audit
import Figures
import Reporting
import Testing

@Suite("Report figures")
struct ReportFigureTests {
  @Test func `show what the report says`() throws {
    let report = try DemoReport.make()
    let figures = try reportFigures(report, maps: DemoReport.findings.get().maps)
    #expect(figures.map(\.name) == ["figure-1", "figure-5", "figure-6"])

    let overlap = try #require(figures[0].figure as? Figure1)
    #expect(overlap.overlaps.map(\.mean) == report.retrievalOverlap?.map(\.mean))
    #expect(overlap.overlaps.allSatisfy { $0.low <= $0.mean && $0.mean <= $0.high })
    #expect(overlap.scores?.overlapCoefficient == report.scoreDensity?.overlapCoefficient)

    let spectrum = try #require(figures[1].figure as? Figure5)
    #expect(spectrum.before == report.spectrum?.singularValues)
    #expect(spectrum.after == report.spectrum?.projected.singularValues)

    let maps = try #require(figures[2].figure as? Figure6)
    #expect(maps.before.overlap == report.tsne?.before.overlap)
    #expect(maps.after.slicedWasserstein == report.slicedWasserstein?.after)
    #expect(maps.before.first.x.count == 220 && maps.after.second.y.count == 220)
  }

  @Test func `mark the damped directions where sorting puts them`() throws {
    let report = try DemoReport.make()
    let spectrum = try #require(report.spectrum)
    let figures = reportFigures(report, maps: nil)
    let figure = try #require(figures.last?.figure as? Figure5)
    #expect(figure.damped.count == 2)
    for (index, place) in figure.damped.enumerated() {
      // Theorem 5, to the rounding of single-precision features.
      let expected = spectrum.singularValues[index] * 0.1 * 0.1
      #expect(abs(figure.after[place - 1] - expected) < 1e-4 * spectrum.singularValues[0])
    }
  }

  @Test func `show what chance reaches only where it is that of all items`() throws {
    func figure(_ change: (inout RedundancyReport) -> Void = { _ in }) throws -> ReportFigure {
      try #require(reportFigures(DemoReport.make(change), maps: nil).last)
    }
    let whole = try figure()
    let sampled = try figure { $0.parameters.sample = 100 }
    #expect(try #require(whole.figure as? Figure5).chance.isEmpty == false)
    #expect(whole.description.contains("random pairings"))
    #expect(try #require(sampled.figure as? Figure5).chance.isEmpty)
    #expect(!sampled.description.contains("random pairings"))
  }

  @Test func `are left out where there are no numbers`() throws {
    let report = try DemoReport.make {
      $0.retrievalOverlap = nil
      $0.spectrum = nil
    }
    #expect(reportFigures(report, maps: nil).isEmpty)
  }
}
