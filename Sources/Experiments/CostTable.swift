/// Seconds an epoch and memory of the systems, beside what was published: Table 4.
///
/// The published numbers are of other hardware (a graphics card's memory, too), so that only ratios
/// within one column mean anything.
///
/// - Reference: [CLEAR26], Table 4.
public struct CostTable: Sendable {
  /// One system.
  public struct Row: Sendable {
    public let trial: Trial
    /// Nil where nothing is measured.
    public let cost: SystemCost?
    /// Why not, in a sentence.
    public let problem: String?

    public init(_ trial: Trial, _ cost: SystemCost?, problem: String? = nil) {
      self.trial = trial
      self.cost = cost
      self.problem = problem
    }
  }

  public let dataset: String
  public let seed: UInt64
  public let threads: Int
  public let rows: [Row]

  public init(dataset: String, seed: UInt64, threads: Int, rows: [Row]) {
    self.dataset = dataset
    self.seed = seed
    self.threads = threads
    self.rows = rows
  }

  private func published(_ row: Row, _ metric: String) -> Double? {
    PublishedResults.value(
      of: row.trial.name, metric, on: dataset, in: PublishedResults.table4)?.value
  }

  private var hasPublished: Bool { rows.contains { published($0, "seconds") != nil } }

  public var printed: PrintedTable {
    var header = ["system", "training s", "refresh s", "evaluation s", "epoch s", "peak MiB"]
    if hasPublished { header += ["published s", "published GB"] }
    let body = rows.map { row in
      let seconds = row.cost?.seconds
      // Measuring the redundancy is no part of a recommender's epoch.
      let training = seconds.map { $0.training + $0.projection }
      var cells = [seconds?.training, seconds?.projection, seconds?.evaluation, training]
        .map { $0.map { fixed($0, 3) } ?? PrintedTable.blank }
      cells.append(
        row.cost.map { fixed(Double($0.peakMemory) / 1_048_576, 0) } ?? PrintedTable.blank)
      if hasPublished {
        cells += ["seconds", "gigabytes"].map { metric in
          published(row, metric).map { fixed($0, 2) } ?? ""
        }
      }
      return ([row.trial.name] + cells).map { PrintedTable.Cell($0) }
    }
    return PrintedTable(header: header, rows: body)
  }

  public var latex: String { printed.latex }

  /// One system a line, numbers as they are.
  public var csv: String {
    let header = [
      "system", "dataset", "threads", "epochs", "training_seconds", "refresh_seconds",
      "evaluation_seconds", "peak_bytes", "published_seconds", "published_gigabytes", "problem",
    ]
    return commaSeparated(
      [header]
        + rows.map { row in
          let seconds = row.cost?.seconds
          return [row.trial.name, dataset, "\(threads)", row.cost.map { "\($0.epochs)" } ?? ""]
            + [seconds?.training, seconds?.projection, seconds?.evaluation]
            .map { $0.map { "\($0)" } ?? "" }
            + [row.cost.map { "\($0.peakMemory)" } ?? ""]
            + ["seconds", "gigabytes"].map { published(row, $0).map { "\($0)" } ?? "" }
            + [row.problem ?? ""]
        })
  }

  /// What is not there, and why.
  public var missing: [String] {
    rows.filter { $0.cost == nil }.map { "\($0.trial.name): \($0.problem ?? "not measured yet")." }
  }

  /// The page.
  ///
  /// - Parameter command: The command that wrote it.
  public func markdown(command: String) -> String {
    let epochs = rows.compactMap { $0.cost?.epochs }.max() ?? 0
    let remarks = missing.map { "- \($0)\n" }.joined()
    let commands = rows.filter { $0.cost != nil }.map {
      "    \($0.trial.command(dataset: dataset, seed: seed))\n"
    }
    let threads = "\(threads) \(threads == 1 ? "thread" : "threads")"
    return """
      # Table 4 on \(dataset)

      Medians of \(epochs) \(epochs == 1 ? "epoch" : "epochs") behind the first, \(threads), one \
      process a system; an epoch is training with the projection's refresh, without evaluation; \
      memory is the peak of the process. Published: CLEAR26, Table 4, on an RTX 4090, so that only \
      ratios within a column compare.

      \(printed.markdown)
      \(remarks.isEmpty ? "" : remarks + "\n")Made by

          \(command)

      from these runs

      \(commands.joined())
      """
  }
}
