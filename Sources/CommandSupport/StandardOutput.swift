import Foundation

/// Writes `text` to standard output, all of it.
///
/// - Throws: ``CommandFailure`` when nobody reads it or there is no room.
package func standardOutput(_ text: String) throws {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    if written < 0, errno == EINTR { continue }
    guard written > 0 else {
      throw CommandFailure(
        code: ExitStatus.internalFailure,
        sentence: "standard output cannot be written (\(String(cString: strerror(errno))))")
    }
    rest = rest.dropFirst(written)
  }
}
