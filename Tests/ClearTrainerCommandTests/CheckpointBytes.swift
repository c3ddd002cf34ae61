import Foundation
import Testing

/// The bytes of a `.safetensors` file, taken apart here so that tests can spoil them.
struct CheckpointBytes {
  private var header: [String: Any]
  private let payload: Data

  init(_ data: Data?) throws {
    let data = try #require(data)
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    header = try #require(
      try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length)) as? [String: Any])
    payload = data.dropFirst(8 + length)
  }

  /// The file with other metadata.
  func changing(_ change: (inout [String: String]) -> Void) throws -> Data {
    var header = header
    var metadata = header["__metadata__"] as? [String: String] ?? [:]
    change(&metadata)
    header["__metadata__"] = metadata
    return try Self.file(header, payload)
  }

  /// The file with a tensor under another name.
  func renaming(_ name: String, to other: String) throws -> Data {
    var header = header
    header[other] = header.removeValue(forKey: name)
    return try Self.file(header, payload)
  }

  private static func file(_ header: [String: Any], _ payload: Data) throws -> Data {
    var text = try JSONSerialization.data(withJSONObject: header)
    while (text.count + 8) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + payload
  }
}
