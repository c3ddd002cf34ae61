import CommandSupport
import Datasets

/// A file of users.
enum UserList {
  /// The users in the file at `path`, one a line.
  ///
  /// - Throws: ``DatasetError`` when it cannot be read; ``CommandFailure`` for a line that is no
  ///   number.
  static func read(_ path: String) throws -> [Int] {
    let bytes = try FileMap(path: path).withBytes { Array($0) }
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? true { lines.removeLast(min(lines.count, 1)) }
    return try lines.enumerated().map { index, line in
      let digits = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard let user = Int(String(decoding: digits, as: UTF8.self)) else {
        throw CommandFailure(
          code: ExitStatus.badData,
          sentence: "\(path), line \(index + 1): the number of a user is needed")
      }
      return user
    }
  }
}
