import Foundation
import Synchronization

/// Renames `source` to `target` in one step, so that a reader sees the old file or the whole new
/// one.
///
/// - Precondition: both lie on one file system.
func place(_ source: URL, at target: URL) throws(FigureError) {
  guard rename(source.path, target.path) == 0 else {
    throw .notWritable(path: target.path, reason: String(cString: strerror(errno)))
  }
}

/// Makes the folder `path` with all above it, unless it is there.
func makeFolder(_ folder: URL) throws(FigureError) {
  do {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  } catch {
    throw .notWritable(path: folder.path, reason: reason(of: error))
  }
}

/// An empty folder of a fresh name inside `folder`, hidden from listings.
func makeScratchFolder(in folder: URL) throws(FigureError) -> URL {
  var template = Array(folder.appendingPathComponent(".drawing-XXXXXX").path.utf8CString)
  guard mkdtemp(&template) != nil else {
    throw .notWritable(path: folder.path, reason: String(cString: strerror(errno)))
  }
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  scratchFolders.withLock { $0.append(path) }
  return URL(fileURLWithPath: path, isDirectory: true)
}

/// Every scratch folder that this process has made, for one that is about to be stopped.
private let scratchFolders = Mutex<[String]>([])

extension FigureDrawer {
  /// Deletes the folders of drawings that have not finished, for a process about to stop.
  public static func removeUnfinished() {
    for path in scratchFolders.withLock({ $0 }) {
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}

/// The system's words for a Foundation error, which wraps them in its own.
private func reason(of error: any Error) -> String {
  let outer = error as NSError
  if let inner = outer.userInfo[NSUnderlyingErrorKey] as? NSError,
    inner.domain == NSPOSIXErrorDomain
  {
    return String(cString: strerror(Int32(truncatingIfNeeded: inner.code)))
  }
  return outer.localizedDescription
}
