import Audit
import Foundation
import Reporting
import Testing

@Suite("Report page")
struct ReportPageTests {
  @Test func `shows every diagnostic with its question, reading and caveats`() throws {
    let page = try ReportPage(DemoReport.make(), figures: [:]).rendered()
    for diagnostic in Diagnostic.allCases {
      let card = diagnostic.card
      #expect(page.contains("<h2 id=\"\(diagnostic.rawValue)\">\(card.title)"))
      #expect(page.contains(card.question))
    }
    #expect(page.contains("class=\"chip marginal\"") && page.contains("class=\"chip paired\""))
  }

  @Test func `says every verdict in words`() throws {
    let report = try DemoReport.make()
    let page = ReportPage(report, figures: [:]).rendered()
    #expect(page.contains("Theorem 5:") && page.contains("Proposition 2:"))
    for verdict in report.theorems ?? [] { #expect(page.contains("id=\"\(verdict.id)\"")) }
  }

  @Test func `lets no text become markup`() throws {
    let page = try ReportPage(
      DemoReport.make { $0.notes = ["<script>alert(1)</script> & \"more\""] }, figures: [:]
    ).rendered()
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"))
    #expect(page.contains("world &lt;&amp;&gt;") && !page.contains("world <&>"))
  }

  @Test func `closes every element that it opens`() throws {
    let page = try ReportPage(DemoReport.make(), figures: [:]).rendered()
    let void: Set<String> = ["meta", "img", "!DOCTYPE", "br"]
    var open: [String] = []
    for match in page.matches(of: /<(\/?)([A-Za-z!][A-Za-z0-9]*)[^>]*>/) {
      let name = String(match.2)
      if void.contains(name) { continue }
      if match.1.isEmpty {
        open.append(name)
      } else {
        #expect(open.popLast() == name)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func `says which calibrated numbers are those of a sample`() throws {
    let captions = [
      "Leading singular values beside those of random pairings",
      "Beside random pairings, on the leading principal coordinates",
    ]
    let whole = try ReportPage(DemoReport.make(), figures: [:]).rendered()
    let sampled = try ReportPage(DemoReport.make { $0.parameters.sample = 12_000 }, figures: [:])
      .rendered()
    for caption in captions {
      #expect(whole.contains(caption) && !whole.contains("\(caption), of a sample"))
      #expect(sampled.contains("\(caption), of a sample of 12,000 items"))
    }
  }

  @Test func `names the classes and the modalities of their table`() throws {
    let page = try ReportPage(DemoReport.make { $0.calibration = nil }, figures: [:]).rendered()
    #expect(page.contains("Classes: 4 classes."))
    #expect(page.contains("those by image") && page.contains("shared energy, text"))
  }

  @Test func `sets wide tables closely`() throws {
    let page = try ReportPage(DemoReport.make(), figures: [:]).rendered()
    #expect(page.contains("class=\"table wide\"") && page.contains("class=\"table\""))
    for part in page.split(separator: "<div class=\"").dropFirst() where part.hasPrefix("table") {
      let columns = part.prefix(upTo: part.firstRange(of: "</thead>")?.lowerBound ?? part.endIndex)
        .matches(of: #/<th /#).count
      #expect(part.hasPrefix("table wide") == (columns > 7))
    }
  }

  @Test func `says why a diagnostic is not there`() throws {
    let page = try ReportPage(
      DemoReport.make {
        $0.tsne = nil
        $0.skipped = [SkippedDiagnostic(diagnostic: .tsne, reason: "Too few points.")]
        $0.fisher = nil
      }, figures: [:]
    ).rendered()
    #expect(page.contains("Not measured: Too few points."))
    #expect(!page.contains("id=\"fisher\""), "what was not asked for is not mentioned")
  }
}
