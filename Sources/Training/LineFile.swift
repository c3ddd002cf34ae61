import Foundation

/// A text file that grows by whole lines.
enum LineFile {
  /// Appends `line`, which has no line break, in one write that reaches the disk.
  ///
  /// - Throws: ``RunFolderError/inaccessible(path:reason:)``; the file then is as it was.
  static func append(_ line: String, to path: String) throws(RunFolderError) {
    // Without blocking, so that a pipe in the file's place is an error.
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK
    let descriptor = open(path, flags, 0o666)
    guard descriptor >= 0 else { throw inaccessible(path) }
    defer { close(descriptor) }
    let end = lseek(descriptor, 0, SEEK_END)
    let bytes = Array("\(line)\n".utf8)
    var written: Int
    repeat {
      written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    } while written < 0 && errno == EINTR
    if written == bytes.count, fsync(descriptor) == 0 || errno == EINVAL { return }
    // A short write means that the disk is full; half a line would hide that.
    let error: RunFolderError =
      (0..<bytes.count).contains(written)
      ? .inaccessible(path: path, reason: String(cString: strerror(ENOSPC))) : inaccessible(path)
    _ = ftruncate(descriptor, end)
    throw error
  }

  /// The lines of the file, and whether the last one was finished.
  ///
  /// - Throws: ``RunFolderError/inaccessible(path:reason:)``.
  static func read(
    _ path: String
  ) throws(RunFolderError) -> (lines: [Substring.UTF8View], isWhole: Bool) {
    let text = try text(path)
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let isWhole = lines.last?.isEmpty ?? true
    if isWhole { lines.removeLast(min(lines.count, 1)) }
    return (lines, isWhole)
  }

  /// The text of the file.
  ///
  /// - Throws: ``RunFolderError/inaccessible(path:reason:)``.
  static func text(_ path: String) throws(RunFolderError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { throw inaccessible(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .inaccessible(path: path, reason: "it is not a regular file")
    }
    do {
      return String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    } catch {
      throw .inaccessible(path: path, reason: "it cannot be read")
    }
  }
}
