import Foundation

/// A file of fixed size, mapped into memory and read-only.
package final class FileMap: Sendable {
  package let path: String
  /// The file's size in bytes.
  package let count: Int
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer?

  /// Maps the regular file at `path`.
  ///
  /// - Throws: ``DatasetError/fileNotFound(path:)``,
  ///   ``DatasetError/unreadable(path:reason:)``.
  package init(path: String) throws(DatasetError) {
    self.path = path
    // Asked before opening, because opening a pipe would wait for a writer.
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.failure(path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .unreadable(path: path, reason: "it is a directory")
    default: throw .unreadable(path: path, reason: "it is not a regular file")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    count = Int(status.st_size)
    guard count > 0 else {
      base = nil
      return
    }
    guard
      let mapped = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), mapped != MAP_FAILED
    else { throw Self.failure(path) }
    base = mapped
    madvise(mapped, count, MADV_WILLNEED)
  }

  deinit {
    if let base { munmap(base, count) }
  }

  /// Calls `body` with the bytes of the file.
  package func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Lets go of the memory behind `bytes`, a part of what ``withBytes(_:)`` hands out: a map that
  /// has been read once then takes no memory. Bytes asked for again are read from the file again.
  package func release(_ bytes: UnsafeRawBufferPointer) {
    guard let base, let start = bytes.baseAddress else { return }
    let offset = start - UnsafeRawPointer(base)
    precondition(
      offset >= 0 && offset + bytes.count <= count,
      "bytes \(offset)..<\(offset + bytes.count) of a map of \(count)")
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let first = offset / page * page
    madvise(base + first, offset + bytes.count - first, MADV_DONTNEED)
  }

  private static func failure(_ path: String) -> DatasetError {
    let code = errno
    if code == ENOENT || code == ENOTDIR { return .fileNotFound(path: path) }
    return .unreadable(path: path, reason: String(cString: strerror(code)))
  }
}
