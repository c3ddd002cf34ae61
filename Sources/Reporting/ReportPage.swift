import Audit
import Foundation
import Redundancy

/// The report as one self-contained HTML page: no script, no font, no image from elsewhere.
public struct ReportPage: Sendable {
  private let report: RedundancyReport
  private let figures: [Diagnostic: [EmbeddedFigure]]

  /// A figure as the page shows it.
  public struct EmbeddedFigure: Sendable {
    /// PNG bytes.
    let png: Data
    /// What the figure shows, for readers who do not see it.
    let description: String
    /// Files beside the page: the vector twin, the script and the table.
    let links: [String]

    public init(png: Data, description: String, links: [String]) {
      self.png = png
      self.description = description
      self.links = links
    }
  }

  /// - Parameter figures: Drawn figures by the section that shows them.
  public init(_ report: RedundancyReport, figures: [Diagnostic: [EmbeddedFigure]]) {
    self.report = report
    self.figures = figures
  }

  /// The page, UTF-8.
  public func rendered() -> String {
    let sections = Diagnostic.allCases.compactMap { diagnostic -> (Diagnostic, HTML)? in
      section(diagnostic).map { (diagnostic, $0) }
    }
    let contents: [HTML] = sections.map { diagnostic, _ in
      "<li><a href=\"#\(diagnostic.rawValue)\">\(diagnostic.card.title)</a></li>"
    }
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Cross-modal redundancy of \(report.dataset.name)</title>
      <style>\(HTML(pageStyle))</style>
      </head>
      <body><main>
      <h1>Cross-modal redundancy of \(report.dataset.name)</h1>
      <p class="soft">\(subtitle)</p>
      \(verdict)
      <nav aria-label="Sections"><ol>\(report.checkpoint.map { _ in checkpointLink })
      \(report.differences.map { _ in differencesLink })
      \(contents)<li><a href="#measures">Measures</a></li>
      <li><a href="#data">Data</a></li>
      <li><a href="#provenance">Provenance</a></li></ol></nav>
      \(report.checkpoint.map(checkpointSection))
      \(report.differences.map(differenceSection))
      \(sections.map(\.1))
      \(measureTable(report.measures))
      \(data)
      \(provenance)
      </main></body>
      </html>

      """
    return page.source
  }

  private var differencesLink: HTML {
    "<li><a href=\"#differences\">Against the baseline</a></li>"
  }

  private var subtitle: String {
    let modalities = report.dataset.modalityDescriptions.joined(separator: " against ")
    return "\(grouped(report.dataset.items)) items, \(modalities)"
      + " · rank k = \(report.parameters.rank), strength λ = \(report.parameters.strength)"
      + " · seed \(report.parameters.seed)"
  }

  private var verdict: HTML {
    let findings: [HTML] = report.verdict.findings.map {
      "<li>\($0.text) \($0.pairing.map(chip))</li>\n"
    }
    return """
      <section class="verdict" aria-label="Verdict">
      <p><strong>\(report.verdict.headline)</strong></p>
      <p>\(report.verdict.recommendation)</p>
      <ul>\(findings)</ul>
      </section>
      """
  }

  /// A diagnostic's section: the same order of parts everywhere, so that a reader finds them.
  private func section(_ diagnostic: Diagnostic) -> HTML? {
    let card = diagnostic.card
    guard let numbers = numbers(diagnostic) else {
      guard let skipped = report.skipped.first(where: { $0.diagnostic == diagnostic }) else {
        return nil
      }
      return """
        <h2 id="\(diagnostic.rawValue)">\(card.title)</h2>
        <p>Not measured: \(skipped.reason)</p>
        """
    }
    return """
      <h2 id="\(diagnostic.rawValue)">\(card.title) \(card.pairing.map(chip))</h2>
      <p class="question">\(card.question)</p>
      \((figures[diagnostic] ?? []).map(embedded))
      \(numbers)
      <h3>How to read it</h3>
      <p>\(card.reading)</p>
      <div class="formula">\(card.formula)</div>
      <p class="soft">\(card.source)</p>
      <h3>Caveats</h3>
      <p>\(card.caveats)</p>
      """
  }

  private func numbers(_ diagnostic: Diagnostic) -> HTML? {
    switch diagnostic {
    case .quality: report.quality.map { qualityTables($0, cleaned: report.cleaned) }
    case .spectrum:
      report.spectrum.map {
        """
        \(spectrumCalibration(report))
        \(spectrumTables($0))\(report.baseline.map(baselineTable))
        """
      }
    case .overlap: report.retrievalOverlap.map { overlapTables($0, of: report) }
    case .classes: report.classes.map { classTable($0, names: pairNames) }
    case .similarity:
      report.similarity.map {
        "\(similarityCalibration(report))\(similarityTable($0))"
      }
    case .pairs: report.pairs.map(pairTable)
    case .cost: report.cost.map { costTable($0, names: pairNames) }
    case .information: report.information.map { informationTable($0, names: pairNames) }
    case .fisher: report.fisher.map(fisherTable)
    case .swd:
      report.slicedWasserstein.map { "\(wassersteinTable($0))\(report.clouds.map(cloudTable))" }
    case .tsne:
      report.tsne.map { mapTable($0, coordinates: report.slicedWasserstein?.coordinates) }
    case .theorems: report.theorems.map(theoremList)
    }
  }

  /// The two modalities that are compared at length.
  private var pairNames: [String] {
    Array(report.dataset.modalities.map(\.name).prefix(2))
  }

  private var data: HTML {
    let summary = report.dataset
    let rows: [[HTML]] = summary.modalities.map { modality in
      [
        "\(modality.name)", "\(modality.dimension)", "\(modality.dtype)",
        "\(modality.nonFinite)", "\(modality.zeroRows)", "\(modality.duplicateRows)",
      ]
    }
    let inspected: HTML? =
      rows.isEmpty
      ? nil
      : table(["modality", "width", "dtype", "not finite", "zero rows", "duplicate rows"], rows)
    let notes: [HTML] = report.notes.map { "<li>\($0)</li>" }
    let interactions: HTML? = summary.interactions.map { count in
      """
      <p>\(grouped(summary.users ?? 0)) users, \(grouped(count)) interactions,
      sparsity \(summary.sparsity.map { String(format: "%.4f %%", 100 * $0) } ?? "undefined").</p>
      """
    }
    return """
      <h2 id="data">Data</h2>
      <p>\(grouped(summary.items)) items in \(summary.name): \(summary.modalityDescriptions.joined(separator: ", ")).</p>
      \(interactions)
      \(inspected)
      \(notes.isEmpty ? nil : "<ul>\(notes)</ul>" as HTML)
      """
  }

  private var provenance: HTML {
    let total = report.timings.values.reduce(0, +)
    return """
      <h2 id="provenance">Provenance</h2>
      <p>The same input, seed and version give the same numbers for any number of threads.</p>
      \(provenanceTable(report.provenance, more: [["time", "\(significant(total)) s"]]))
      """
  }
}

/// How a page's numbers came about: the command, its surroundings, the digests of its input.
func provenanceTable(_ origin: Provenance, more: [[HTML]] = []) -> HTML {
  let digests: [HTML] = origin.digests.sorted { $0.key < $1.key }.map {
    "<li><code>\($0.value)</code> \($0.key)</li>"
  }
  return """
    <pre>\(origin.command)</pre>
    \(table(
      ["", ""],
      [
        ["version", "\(origin.version)"], ["date", "\(origin.date)"],
        ["seed", "\(origin.seed.map { String($0) } ?? "–")"], ["threads", "\(origin.threads)"],
        ["OpenBLAS", "\(origin.openblas)"],
      ] + more))
    <details><summary>Digests of the input (SHA-256)</summary><ul>\(digests)</ul></details>
    """
}

/// A figure with its caption and the files to restyle it.
func embedded(_ figure: ReportPage.EmbeddedFigure) -> HTML {
  let links: [HTML] = figure.links.map { "<a href=\"\($0)\">\($0)</a> " }
  return """
    <figure>
    <img alt="\(figure.description)" src="data:image/png;base64,\(figure.png.base64EncodedString())">
    <figcaption>\(figure.description) To restyle it: \(links)</figcaption>
    </figure>
    """
}

/// The badge that says whether a number looks at the pairing.
func chip(_ pairing: Pairing) -> HTML {
  let meaning =
    pairing == .paired
    ? "uses which rows belong together"
    : "ignores which rows belong together: unchanged when one modality's rows are shuffled"
  return
    "<span class=\"chip \(pairing.rawValue)\" title=\"\(meaning)\">\(pairing.rawValue)</span>"
}
