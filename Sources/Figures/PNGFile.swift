internal import CPNG
import Foundation

/// What a look at every pixel of a PNG file tells.
public struct PNGInspection: Codable, Equatable, Sendable {
  /// Pixels across.
  public let width: Int
  /// Pixels down.
  public let height: Int
  /// Share of the pixels that differ from the one in the top left corner, in 0...1.
  public let markedShare: Double
  /// Whether all pixels are equal.
  public var isBlank: Bool { markedShare == 0 }
}

/// Reading back and stamping PNG files.
public enum PNGFile {
  /// Looks at every pixel.
  ///
  /// - Throws: ``FigureError/notAnImage(path:reason:)`` also when the file is cut short.
  public static func inspect(_ file: URL) throws(FigureError) -> PNGInspection {
    var summary = png_file_summary()
    try check(file) { png_file_inspect(file.path, &summary, $0, $1) }
    let pixels = Double(summary.width) * Double(summary.height)
    return PNGInspection(
      width: Int(summary.width), height: Int(summary.height),
      markedShare: Double(summary.marked) / pixels)
  }

  /// Adds text chunks (where the picture comes from, say) in the order of their keys.
  ///
  /// The pixels stay the same. A key that is there already is added again, and
  /// ``texts(in:)`` gives the newer value. Characters that a key cannot hold become "_".
  ///
  /// - Throws: ``FigureError/notAnImage(path:reason:)`` or
  ///   ``FigureError/notWritable(path:reason:)``; `file` is then unchanged.
  public static func stamp(_ file: URL, with texts: [String: String]) throws(FigureError) {
    let sorted = texts.sorted { $0.key < $1.key }
    let keys = sorted.map { strdup(keyword($0.key)) }
    let values = sorted.map { strdup(singleLine($0.value)) }
    defer { (keys + values).forEach { free($0) } }
    let target = file.appendingPathExtension("stamped")
    defer { unlink(target.path) }
    let constantKeys = keys.map { UnsafePointer($0) }
    let constantValues = values.map { UnsafePointer($0) }
    try check(file) {
      png_file_stamp(
        file.path, target.path, constantKeys, constantValues, sorted.count, $0, $1)
    }
    try place(target, at: file)
  }

  /// The text chunks, by key.
  ///
  /// - Throws: ``FigureError/notAnImage(path:reason:)``.
  public static func texts(in file: URL) throws(FigureError) -> [String: String] {
    var texts: [String: String] = [:]
    try withUnsafeMutablePointer(to: &texts) { texts throws(FigureError) in
      try check(file) { message, capacity in
        png_file_texts(
          file.path,
          { context, key, value in
            guard let context, let key, let value else { return }
            context.assumingMemoryBound(to: [String: String].self)
              .pointee[String(cString: key)] = String(cString: value)
          }, texts, message, capacity)
      }
    }
    return texts
  }

  /// A keyword as the format allows it: 1 to 79 printable characters, no space at the ends.
  private static func keyword(_ text: String) -> String {
    let allowed = text.unicodeScalars.map { (0x21...0x7e).contains($0.value) ? Character($0) : "_" }
    return allowed.isEmpty ? "_" : String(allowed.prefix(79))
  }

  private static func check(
    _ file: URL, _ body: (UnsafeMutablePointer<CChar>?, Int) -> Int32
  ) throws(FigureError) {
    var message = [CChar](repeating: 0, count: 256)
    let status = message.withUnsafeMutableBufferPointer { body($0.baseAddress, $0.count) }
    guard status != 0 else { return }
    let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    throw .notAnImage(path: file.path, reason: String(decoding: bytes, as: UTF8.self))
  }
}
