import Foundation

/// Bytes of an `.npy` file, written here by hand so that the reader is not tested by its own writer.
func npyBytes(
  _ values: [Float], shape: String, descr: String = "<f4", version: UInt8 = 1
) -> Data {
  var header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
  let prefix = 10
  while (prefix + header.utf8.count + 1) % 64 != 0 { header += " " }
  header += "\n"
  var data = Data([0x93]) + Data("NUMPY".utf8) + Data([version, 0])
  data += withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { Data($0) }
  data += Data(header.utf8)
  values.withUnsafeBytes { data += Data($0) }
  return data
}

func npyBytes(rows: [[Float]]) -> Data {
  npyBytes(rows.flatMap { $0 }, shape: "(\(rows.count), \(rows.first?.count ?? 0))")
}

/// Features without structure, from a fixed recurrence, all different and of both signs.
func arbitraryRows(_ count: Int, _ width: Int, salt: UInt64 = 1) -> [[Float]] {
  var state = salt &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    (0..<width).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Float(state >> 40) / Float(1 << 23) - 1
    }
  }
}
