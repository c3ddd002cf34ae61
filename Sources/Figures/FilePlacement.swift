import Foundation

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
  return URL(fileURLWithPath: path, isDirectory: true)
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
