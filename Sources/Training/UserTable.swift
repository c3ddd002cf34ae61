/// Metrics of single users: `users.tsv`, a line of column names and a line for each user.
public struct UserTable: Sendable, Equatable {
  /// Names of the metrics, such as `test.recall@20`.
  public let columns: [String]
  /// The users, as the data set numbers them.
  public let users: [Int32]
  /// One row for each user, one value for each column; nil where the user has none, such as a test
  /// metric without a test item.
  public let values: [[Double?]]

  public init(columns: [String], users: [Int32], values: [[Double?]]) {
    precondition(
      values.count == users.count && values.allSatisfy { $0.count == columns.count },
      "\(users.count) users and \(columns.count) columns do not fit the values")
    self.columns = columns
    self.users = users
    self.values = values
  }

  /// The file's text; numbers come back from it exactly.
  public var text: String {
    var text = (["user"] + columns).joined(separator: "\t") + "\n"
    for (user, row) in zip(users, values) {
      text += "\(user)"
      for value in row { text += "\t" + (value.map { "\($0)" } ?? "") }
      text += "\n"
    }
    return text
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: ``RunFolderError/inaccessible(path:reason:)``,
  ///   ``RunFolderError/malformed(path:line:expected:)``.
  public init(at path: String) throws(RunFolderError) {
    let file = try LineFile.read(path)
    var users: [Int32] = []
    var values: [[Double?]] = []
    func cells(_ line: Substring.UTF8View) -> [String] {
      line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map { String(Substring($0)) }
    }
    guard file.isWhole else {
      throw .malformed(path: path, line: file.lines.count, expected: "a whole line")
    }
    guard let header = file.lines.first.map(cells), header.first == "user" else {
      throw .malformed(path: path, line: 1, expected: "a line of column names, the first one user")
    }
    for (index, line) in file.lines.enumerated().dropFirst() {
      let row = cells(line)
      let numbers = row.dropFirst().map { Double($0) }
      let isSound =
        row.count == header.count
        && zip(row.dropFirst(), numbers).allSatisfy { $0.isEmpty || $1?.isFinite == true }
      guard isSound, let user = Int32(row[0]), user >= 0 else {
        throw .malformed(
          path: path, line: index + 1, expected: "a user and \(header.count - 1) numbers or blanks")
      }
      users.append(user)
      values.append(numbers)
    }
    self.init(columns: Array(header.dropFirst()), users: users, values: values)
  }
}
