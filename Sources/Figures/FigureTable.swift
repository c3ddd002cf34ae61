/// The numbers that a figure shows, as users find them beside it.
///
/// Written with one header line and one tab between cells. Blocks are set apart by two empty
/// lines, which data-frame readers skip and gnuplot counts (`index 0`, `index 1`, …).
public struct FigureTable: Equatable, Sendable {
  /// One cell.
  public enum Cell: Equatable, Sendable {
    case text(String)
    case number(Double)
    case count(Int)
    /// Written as an empty cell.
    case missing
  }

  /// Names of the columns, the same for every block.
  public let columns: [String]
  /// Rows of each block, each as wide as `columns`.
  public private(set) var blocks: [[[Cell]]] = []

  public init(columns: [String]) {
    self.columns = columns
  }

  /// Adds a block of rows.
  ///
  /// - Precondition: every row has one cell per column.
  /// - Throws: ``FigureError/nonFinite(column:row:)``: a figure never hides a broken number.
  public mutating func append(_ rows: [[Cell]]) throws(FigureError) {
    for (position, row) in rows.enumerated() {
      precondition(
        row.count == columns.count, "\(columns.count) columns, but a row of \(row.count)")
      for (cell, column) in zip(row, columns) {
        if case .number(let value) = cell, !value.isFinite {
          throw .nonFinite(column: column, row: position + 1)
        }
      }
    }
    blocks.append(rows)
  }

  /// The table as tab-separated text.
  ///
  /// Numbers have as few digits as still give back the same bits.
  public var text: String {
    var lines = [columns.joined(separator: "\t")]
    for (position, block) in blocks.enumerated() {
      if position > 0 { lines += ["", ""] }
      for row in block { lines.append(row.map(Self.format).joined(separator: "\t")) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func format(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): singleLine(text)
    case .number(let value): value.description
    case .count(let value): value.description
    case .missing: ""
    }
  }
}

/// `text` with control characters, which would break a line or a cell, replaced by spaces.
func singleLine(_ text: String) -> String {
  String(String.UnicodeScalarView(
    text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
}
