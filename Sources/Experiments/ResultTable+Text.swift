extension ResultTable {
  /// The table as it is printed: published values and differences beside ours where there are any.
  public var printed: PrintedTable {
    let hasPublished = metrics.indices.map { column in
      rows.contains { $0.cells[column].published != nil }
    }
    var header = ["system", "seeds"]
    for (metric, isPublished) in zip(metrics, hasPublished) {
      header.append(columnTitle(metric))
      if isPublished { header += ["published", "difference"] }
    }
    let body = rows.map { row in
      var cells = [
        PrintedTable.Cell(row.results.trial.name), PrintedTable.Cell("\(row.results.runs.count)"),
      ]
      for (cell, isPublished) in zip(row.cells, hasPublished) {
        cells.append(.init(cell.own.map(cellText) ?? PrintedTable.blank, cell.emphasis))
        guard isPublished else { continue }
        cells.append(.init(cell.published.map(Self.text) ?? ""))
        cells.append(
          .init(cell.relativeDifference.map { "\(fixed(100 * $0, 1, signed: true)) %" } ?? ""))
      }
      return cells
    }
    return PrintedTable(header: header, rows: body)
  }

  private static func text(_ value: PublishedValue) -> String {
    fixed(value.value, 4) + (value.incomparability == nil ? "" : " †")
  }

  public var latex: String { printed.latex }

  /// One system a line, numbers as they are.
  public var csv: String {
    let header =
      ["system", "dataset", "seeds"]
      + metrics.flatMap {
        ["\($0)_mean", "\($0)_sd", "\($0)_published", "\($0)_source", "\($0)_relative_difference"]
      } + ["settings", "problem"]
    let body = rows.map { row in
      let trial = row.results.trial
      return [trial.name, dataset, "\(row.results.runs.count)"]
        + row.cells.flatMap { cell in
          [
            Self.number(cell.own?.mean), Self.number(cell.own?.deviation),
            Self.number(cell.published?.value), cell.published?.source ?? "",
            Self.number(cell.relativeDifference),
          ]
        } + [trial.settings.joined(separator: " "), row.results.problem ?? ""]
    }
    return commaSeparated([header] + body)
  }

  private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  /// The page: the table, what it leaves open, the comparisons and the commands.
  ///
  /// - Parameter command: The command that wrote it.
  public func markdown(command: String) -> String {
    var parts = [
      "# \(title)",
      """
      Test metrics at the best validation epoch, mean ± standard deviation over seeds; best in \
      bold, second underlined. \(sources)
      """,
      printed.markdown.trimmingSuffix("\n"),
    ]
    let remarks = missing + incomparable + notes
    if !remarks.isEmpty { parts.append(remarks.map { "- \($0)" }.joined(separator: "\n")) }
    if !comparisons.isEmpty {
      parts.append(comparisons.map { "- \($0.summary)" }.joined(separator: "\n"))
      parts.append(PairedComparison.explanation)
    }
    parts.append("Made by\n\n    \(command)")
    if !commands.isEmpty {
      parts.append(
        "from these runs\n\n" + commands.map { "    \($0)" }.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// What trained each run that is in the table.
  public var commands: [String] {
    rows.flatMap { row in
      row.results.runs.map {
        row.results.trial.command(dataset: dataset, seed: $0.result.seed)
      }
    }
  }

  private var sources: String {
    let keys = rows.flatMap(\.cells).compactMap { $0.published?.source }
      .flatMap { $0.split(separator: "; ").map(String.init) }
      .reduce(into: [String]()) { keys, key in if !keys.contains(key) { keys.append(key) } }
    return keys.isEmpty
      ? "Nothing is published to compare with."
      : "Published: \(keys.joined(separator: "; ")). A difference is relative to it."
  }

  /// What is not there, and why.
  public var missing: [String] {
    rows.compactMap { row in
      let results = row.results
      if let problem = results.problem { return "\(results.trial.name): \(problem)." }
      guard !results.missing.isEmpty else { return nil }
      let seeds = results.missing.map(String.init).joined(separator: ", ")
      return "\(results.trial.name): not trained yet with seed \(seeds)."
    }
  }

  private var incomparable: [String] {
    rows.flatMap { row in
      zip(metrics, row.cells).compactMap { metric, cell in
        cell.published?.incomparability.map {
          "† \(row.results.trial.name), \(columnTitle(metric)): not comparable; \($0)."
        }
      }
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: Character) -> String {
    var text = self
    while text.last == suffix { text.removeLast() }
    return text
  }
}
