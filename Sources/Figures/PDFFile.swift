import Foundation

/// The vector twin of a figure.
enum PDFFile {
  /// Replaces the date of creation by the start of 1970, so that equal drawings have equal bytes.
  ///
  /// cairo writes the date uncompressed and has no switch to leave it out. The new one is as long,
  /// so every offset in the file stays right.
  static func removeDate(from file: URL) throws(FigureError) {
    let name = file.lastPathComponent
    guard var bytes = try? Data(contentsOf: file) else {
      throw .outputUnusable(file: name, reason: "was not written")
    }
    guard bytes.starts(with: Data("%PDF".utf8)) else {
      throw .outputUnusable(file: name, reason: "is not a PDF document")
    }
    let mark = Data("/CreationDate (D:".utf8)
    let epoch = Data("19700101000000".utf8)
    guard let found = bytes.range(of: mark, options: .backwards),
      found.upperBound + epoch.count <= bytes.endIndex
    else { return }
    bytes.replaceSubrange(found.upperBound..<found.upperBound + epoch.count, with: epoch)
    // Still in the scratch folder, so nobody sees a half-written file.
    do { try bytes.write(to: file) } catch {
      throw .notWritable(path: file.path, reason: error.localizedDescription)
    }
  }
}
