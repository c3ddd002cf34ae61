import Audit
import Datasets
import LinearAlgebra
import Statistics
import Testing

@Suite("Report difference")
struct ReportDifferenceTests {
  /// The report on a world that shares two factors; another seed is another sample of it.
  static func report(seed: UInt64, strength: Double = 4) throws -> RedundancyReport {
    let world = World.sharedFactor(
      rank: 2, strength: strength, items: 300, firstWidth: 9, secondWidth: 6, seed: seed)
    var options = AuditOptions()
    options.rank = 2
    options.topK = [5, 20]
    options.diagnostics = [.spectrum, .overlap, .swd, .similarity, .theorems]
    return try audit(dataset(world.first, world.second), options: options).report(
      provenance: Provenance(
        version: "test", command: "test", seed: 999, threads: 1, openblas: "",
        digests: ["image": "\(seed)"], date: "2026-01-01T00:00:00Z"))
  }

  @Test func `a report does not differ from itself`() throws {
    let report = try Self.report(seed: 1)
    let difference = ReportDifference(from: report, to: report)
    #expect(difference.flagged == 0)
    #expect(difference.rows.count == report.headlineNumbers.count)
    #expect(difference.rows.allSatisfy { $0.difference == 0 && !$0.isFlagged })
    #expect(difference.isSameInput && difference.unmatched.isEmpty)
  }

  @Test func `flags what differs beyond its error and nothing else`() throws {
    let base = try Self.report(seed: 1)
    let row = try #require(base.retrievalOverlap?.last)
    let error = try #require(row.standardError)
    for (shift, isFlagged) in [(2.0, false), (-2.0, false), (5.0, true), (-5.0, true)] {
      let number = HeadlineNumber(path: "", label: "x", value: row.mean, standardError: error)
      let other = HeadlineNumber(
        path: "", label: "x", value: row.mean + shift * error, standardError: error)
      #expect(ReportDifference.Row(from: number, to: other).isFlagged == isFlagged)
    }
  }

  @Test func `without a known error, flags all but rounding`() {
    func row(_ a: Double, _ b: Double) -> ReportDifference.Row {
      .init(
        from: HeadlineNumber(path: "", label: "x", value: a, standardError: 0.5),
        to: HeadlineNumber(path: "", label: "x", value: b))
    }
    #expect(!row(1, 1 + 1e-9).isFlagged)
    #expect(row(1, 1.01).isFlagged)
    #expect(row(1, 1.01).standardError == nil)
    #expect(!row(0, 0).isFlagged)
  }

  @Test func `sees that less is shared, and the verdict that follows`() throws {
    let difference = try ReportDifference(
      from: Self.report(seed: 1), to: Self.report(seed: 1, strength: 0))
    let overlap = try #require(difference.rows.first { $0.label == "overlap@20" })
    #expect(overlap.isFlagged && overlap.difference < 0)
    #expect(overlap.path == "retrievalOverlap[1].mean")
    let levels = try #require(difference.redundancyChange)
    #expect(levels[1] == .none)
    #expect(difference.flagged > 3)
  }

  @Test func `names what only one report has`() throws {
    let full = try Self.report(seed: 1)
    var part = full
    part.slicedWasserstein = nil
    let difference = ReportDifference(from: part, to: full)
    #expect(
      difference.unmatched
        == ["sliced Wasserstein distance", "sliced Wasserstein distance after projection"])
    #expect(ReportDifference(from: full, to: part).unmatched == difference.unmatched)
  }

  @Test func `reports a statement that is judged differently`() throws {
    let base = try Self.report(seed: 1)
    let none = try Self.report(seed: 1, strength: 0)
    let difference = ReportDifference(from: base, to: none)
    let expected = zip(base.theorems ?? [], none.theorems ?? []).filter { $0.verdict != $1.verdict }
    #expect(difference.verdictChanges.map(\.id) == expected.map { $0.0.id })
    #expect(!difference.verdictChanges.isEmpty)
  }
}
