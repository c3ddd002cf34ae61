/// What is wrong with an interaction file. Lines count from 1; the heading is line 1.
public enum InteractionProblem: Error, Equatable, Sendable {
  /// The file has no bytes.
  case empty
  /// The file starts with a byte order mark.
  case byteOrderMark
  /// A line ends in CRLF.
  case carriageReturn(line: Int)
  /// A column that is needed is not in the heading.
  case missingColumn(String, found: [String])
  /// A column stands twice in the heading.
  case repeatedColumn(String)
  /// A line has fewer or more fields than the heading.
  case fieldCount(line: Int, found: Int, expected: Int)
  /// An id or label is not a number.
  case notANumber(line: Int, column: String, text: String)
  /// An id is negative.
  case negative(line: Int, column: String, text: String)
  /// An item's id has no row in the feature files.
  case beyondFeatures(line: Int, text: String, rows: Int)
  /// An id is too large to number the users or items of this file.
  case outOfRange(line: Int, column: String, text: String, limit: Int)
  /// A label that is no integer.
  case unknownSplit(line: Int, text: String)
  /// The same user and item twice.
  case duplicate(line: Int, firstLine: Int, user: Int, item: Int)
  /// No interaction has this label.
  case emptySplit(Int)
  /// There is a heading and nothing else.
  case noRows
}

extension InteractionProblem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty:
      "is empty; a heading line userID, itemID, x_label (tab-separated) and rows are needed"
    case .byteOrderMark:
      "starts with a byte order mark; remove it, for example with sed -i '1s/^\\xEF\\xBB\\xBF//'"
    case .carriageReturn(let line):
      "line \(line) ends in CRLF; convert the file with sed -i 's/\\r$//'"
    case .missingColumn(let column, let found):
      "line 1 has no column \(column), only "
        + found.map(\.debugDescription).joined(separator: ", ")
        + "; the heading needs userID, itemID and x_label, separated by tabs"
    case .repeatedColumn(let column): "line 1 names column \(column) twice; remove one"
    case .fieldCount(let line, let found, let expected):
      "line \(line) has \(found) \(found == 1 ? "field" : "fields") where the heading has "
        + "\(expected); separate them by single tabs and leave no blank line"
    case .notANumber(let line, let column, let text):
      "line \(line), column \(column) holds \(text.debugDescription), which is not an integer; "
        + "ids are row numbers that count from 0"
    case .negative(let line, let column, let text):
      "line \(line), column \(column) holds the negative \(text); ids count from 0"
    case .beyondFeatures(let line, let text, let rows):
      "line \(line), column itemID holds \(text), but the features have \(rows) rows "
        + "(items 0 to \(rows - 1)); use the feature files that belong to this file"
    case .outOfRange(let line, let column, let text, let limit):
      "line \(line), column \(column) holds \(text), beyond the \(limit) ids that a file of this "
        + "length can use; number users and items from 0 without gaps"
    case .unknownSplit(let line, let text):
      "line \(line), column x_label holds \(text.debugDescription), which is not an integer; "
        + "0 is training, 1 validation and 2 test"
    case .duplicate(let line, let firstLine, let user, let item):
      "line \(line), columns userID and itemID repeat line \(firstLine) (user \(user), item "
        + "\(item)); keep one row for each pair"
    case .emptySplit(let label):
      "column x_label is never \(label), so the \(["training", "validation", "test"][label]) part "
        + "is empty; label rows 0 (training), 1 (validation) and 2 (test)"
    case .noRows: "has a heading but no interactions; add rows below line 1"
    }
  }
}
