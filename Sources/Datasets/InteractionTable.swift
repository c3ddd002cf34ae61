/// Reads interaction files in the layout of the MMRec framework.
///
/// Tab-separated text with a heading line. The columns `userID`, `itemID` and `x_label`
/// (0 training, 1 validation, 2 test) are read in whatever order they stand; ratings, timestamps
/// and any other column are not. Ids are row numbers: n users = 1 + the largest userID. Rows with
/// another integer for a label count for these numbers and are then left out.
///
/// - Reference: [Zhou23].
public enum InteractionTable {
  /// Reads the file at `path`.
  ///
  /// - Parameter featureRows: Rows of the feature files, which then number the items; 1 + the
  ///   largest itemID without.
  /// - Throws: ``DatasetError/interactions(path:_:)``, ``DatasetError/fileNotFound(path:)``,
  ///   ``DatasetError/unreadable(path:reason:)``.
  /// - Complexity: O(size of the file), one pass.
  public static func read(_ path: String, featureRows: Int? = nil) throws -> Interactions {
    try read(FileMap(path: path), featureRows: featureRows)
  }

  static func read(_ map: FileMap, featureRows: Int?) throws -> Interactions {
    do {
      return try map.withBytes { bytes in
        var parser = InteractionParser(bytes: bytes)
        try parser.parseHeading()
        try parser.parseRows()
        return try parser.finished(featureRows: featureRows)
      }
    } catch let problem as InteractionProblem {
      throw DatasetError.interactions(path: map.path, problem)
    }
  }
}

private struct InteractionParser {
  private static let wanted = ["userID", "itemID", "x_label"]
  /// Stands for every label beyond the three parts until the rows are complete.
  private static let ignored: UInt8 = 3

  let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var fieldCount = 0
  /// For each column of the file, its place in `wanted`, or -1.
  private var roles: [Int] = []
  private var users: [Int32] = []
  private var items: [Int32] = []
  private var splits: [UInt8] = []

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func parseHeading() throws(InteractionProblem) {
    guard !bytes.isEmpty else { throw .empty }
    guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw .byteOrderMark }
    let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
    let line = bytes[..<end]
    guard line.last != 0x0D else { throw .carriageReturn(line: 1) }
    let names = line.split(separator: 0x09, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    for column in Self.wanted {
      let places = names.count { $0 == column }
      guard places > 0 else { throw .missingColumn(column, found: names) }
      guard places == 1 else { throw .repeatedColumn(column) }
    }
    roles = names.map { Self.wanted.firstIndex(of: $0) ?? -1 }
    fieldCount = names.count
    position = min(end + 1, bytes.count)
  }

  mutating func parseRows() throws(InteractionProblem) {
    let expected = max(16, (bytes.count - position) / 16)
    users.reserveCapacity(expected)
    items.reserveCapacity(expected)
    splits.reserveCapacity(expected)
    var line = 1
    while position < bytes.count {
      line += 1
      try parseRow(line: line)
    }
    guard !users.isEmpty else { throw .noRows }
  }

  private mutating func parseRow(line: Int) throws(InteractionProblem) {
    var ids: (user: Int32, item: Int32) = (0, 0)
    var split: UInt8 = 0
    var field = 0
    var start = position
    var cursor = position
    let count = bytes.count
    while true {
      let isEnd = cursor == count || bytes[cursor] == 0x0A
      guard isEnd || bytes[cursor] == 0x09 else {
        cursor += 1
        continue
      }
      if isEnd, cursor > start, bytes[cursor - 1] == 0x0D { throw .carriageReturn(line: line) }
      if field < fieldCount {
        switch roles[field] {
        case 0: ids.user = try identifier(start..<cursor, line: line, column: "userID")
        case 1: ids.item = try identifier(start..<cursor, line: line, column: "itemID")
        case 2: split = try label(start..<cursor, line: line)
        default: break
        }
      }
      field += 1
      cursor += 1
      start = cursor
      if isEnd { break }
    }
    guard field == fieldCount else {
      throw .fieldCount(line: line, found: field, expected: fieldCount)
    }
    position = min(cursor, count)
    users.append(ids.user)
    items.append(ids.item)
    splits.append(split)
  }

  private func identifier(
    _ range: Range<Int>, line: Int, column: String
  ) throws(InteractionProblem) -> Int32 {
    var value = 0
    for index in range {
      let digit = Int(bytes[index]) - 0x30
      guard (0...9).contains(digit) else { throw refusal(range, line: line, column: column) }
      value = min(value * 10 + digit, Int(Int32.max) + 1)
    }
    guard !range.isEmpty else { throw refusal(range, line: line, column: column) }
    guard value < Int(Int32.max) else {
      throw .outOfRange(line: line, column: column, text: text(range), limit: Int(Int32.max))
    }
    return Int32(value)
  }

  private func label(_ range: Range<Int>, line: Int) throws(InteractionProblem) -> UInt8 {
    if range.count == 1, (0x30...0x32).contains(bytes[range.lowerBound]) {
      return bytes[range.lowerBound] - 0x30
    }
    let digits = bytes[range].first == 0x2D ? range.dropFirst() : range
    guard !digits.isEmpty, bytes[digits].allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .unknownSplit(line: line, text: text(range))
    }
    return Self.ignored
  }

  /// Why a field is no id: a minus sign before digits, or anything else.
  private func refusal(_ range: Range<Int>, line: Int, column: String) -> InteractionProblem {
    let text = text(range)
    let isNegative = text.count > 1 && text.first == "-" && text.dropFirst().allSatisfy(\.isNumber)
    return isNegative
      ? .negative(line: line, column: column, text: text)
      : .notANumber(line: line, column: column, text: text)
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range].prefix(40), as: UTF8.self)
  }

  func finished(featureRows: Int?) throws(InteractionProblem) -> Interactions {
    if let featureRows, let row = items.firstIndex(where: { $0 >= featureRows }) {
      throw .beyondFeatures(line: row + 2, text: String(items[row]), rows: featureRows)
    }
    // Tables are sized by the largest id, so a stray one must not claim all memory.
    let limit = 10 * users.count + 1000
    for (column, ids) in [("userID", users), ("itemID", featureRows == nil ? items : [])] {
      if let row = ids.firstIndex(where: { $0 >= limit }) {
        throw .outOfRange(line: row + 2, column: column, text: String(ids[row]), limit: limit)
      }
    }
    try requireDistinctPairs()
    let kept = splits.indices.filter { splits[$0] != Self.ignored }
    let result = Interactions(
      userCount: Int(users.max() ?? -1) + 1,
      itemCount: featureRows ?? Int(items.max() ?? -1) + 1,
      users: kept.map { users[$0] }, items: kept.map { items[$0] },
      splits: kept.map { splits[$0] }, ignoredCount: splits.count - kept.count)
    if let label = result.splitCounts.firstIndex(of: 0) { throw .emptySplit(label) }
    return result
  }

  /// Finds the first row that repeats an earlier one, by open addressing on row numbers.
  private func requireDistinctPairs() throws(InteractionProblem) {
    var capacity = 16
    while capacity < 2 * users.count { capacity *= 2 }
    var slots = [Int32](repeating: -1, count: capacity)
    for row in users.indices where splits[row] != Self.ignored {
      let key = UInt64(users[row]) << 32 | UInt64(items[row])
      var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & (capacity - 1)
      while slots[slot] >= 0 {
        let earlier = Int(slots[slot])
        if users[earlier] == users[row], items[earlier] == items[row] {
          throw .duplicate(
            line: row + 2, firstLine: earlier + 2, user: Int(users[row]), item: Int(items[row]))
        }
        slot = (slot + 1) & (capacity - 1)
      }
      slots[slot] = Int32(truncatingIfNeeded: row)
    }
  }
}
