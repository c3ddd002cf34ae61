import Foundation

/// A claim on a folder, held by one process at a time and released when it ends, however it ends.
final class RunLock: Sendable {
  /// The file that carries the claim, and by which a run folder is known.
  static let file = ".clear-trainer.lock"

  private let descriptor: Int32

  /// Claims `folder`, which is there.
  ///
  /// - Throws: ``RunFolderError/locked(path:process:)``,
  ///   ``RunFolderError/inaccessible(path:reason:)``.
  init(_ folder: String) throws(RunFolderError) {
    let path = "\(folder)/\(Self.file)"
    // Children, such as gnuplot, must not keep the claim.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw inaccessible(path) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let error: RunFolderError =
        errno == EWOULDBLOCK
        ? .locked(path: folder, process: Self.owner(descriptor)) : inaccessible(path)
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    // For the other process's message only: the claim is the lock, not the text.
    let owner = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = owner.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit { close(descriptor) }

  private static func owner(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    return Int32(
      String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines))
  }
}

/// What the last system call says of `path`.
func inaccessible(_ path: String) -> RunFolderError {
  .inaccessible(path: path, reason: String(cString: strerror(errno)))
}
