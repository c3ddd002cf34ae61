import Foundation
import Synchronization

/// Files that appear whole or not at all.
///
/// Bytes go to a temporary file in the same directory, reach the disk, and take the final name in
/// one step, which reaches the disk too. A reader never sees half a file, and a failed write leaves
/// the old one in place.
public enum AtomicFile {
  /// Where the bytes of one file go.
  public struct Writer {
    fileprivate let descriptor: Int32
    fileprivate let path: String

    /// Appends bytes.
    ///
    /// - Throws: ``DatasetError/unwritable(path:reason:)``.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
      var rest = bytes
      while let start = rest.baseAddress, rest.count > 0 {
        let written = Foundation.write(descriptor, start, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw failure(path) }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }

    /// Appends text as UTF-8.
    public func write(_ text: String) throws(DatasetError) {
      try write(Array(text.utf8))
    }

    /// Appends bytes.
    public func write(_ bytes: [UInt8]) throws(DatasetError) {
      do {
        try bytes.withUnsafeBytes { try write($0) }
      } catch let error as DatasetError {
        throw error
      } catch {
        throw .unwritable(path: path, reason: "\(error)")
      }
    }
  }

  private static let unfinished = Mutex<Set<String>>([])

  /// Writes `data` to `path`, replacing what is there; links are followed.
  ///
  /// - Throws: ``DatasetError/unwritable(path:reason:)``, also when `path` is there and no regular
  ///   file.
  public static func write(_ data: Data, to path: String) throws {
    try write(to: path) { writer in try data.withUnsafeBytes { try writer.write($0) } }
  }

  /// Writes `text` to `path` as UTF-8, replacing what is there.
  public static func write(_ text: String, to path: String) throws {
    try write(to: path) { writer in try writer.write(text) }
  }

  /// Writes whatever `body` appends to `path`, replacing what is there.
  ///
  /// - Throws: ``DatasetError/unwritable(path:reason:)`` and what `body` throws; `path` is then
  ///   untouched.
  public static func write(to path: String, _ body: (Writer) throws -> Void) throws {
    let final = try destination(path)
    let url = URL(fileURLWithPath: final)
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(suffix).part").path
    unfinished.withLock { _ = $0.insert(temporary) }
    defer { unfinished.withLock { _ = $0.remove(temporary) } }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    do {
      try body(Writer(descriptor: descriptor, path: path))
      guard fsync(descriptor) == 0 else { throw failure(path) }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    guard close(descriptor) == 0, rename(temporary, final) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
    syncDirectory(url.deletingLastPathComponent().path)
  }

  /// Takes the new name to the disk. The file is whole either way, so a file system that syncs no
  /// directories is no failure.
  private static func syncDirectory(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The file that `path` stands for, links followed; a rename would put a file in the place of a
  /// link, a pipe or a device.
  private static func destination(_ path: String) throws(DatasetError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .unwritable(path: path, reason: "it is a directory")
    default: throw .unwritable(path: path, reason: "it is not a regular file")
    }
    guard let resolved = realpath(path, nil) else { throw failure(path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Deletes the temporary files of writes that have not finished, for a process about to stop.
  public static func removeUnfinished() {
    unfinished.withLock { paths in
      for path in paths { unlink(path) }
    }
  }
}

private func failure(_ path: String) -> DatasetError {
  .unwritable(path: path, reason: String(cString: strerror(errno)))
}
