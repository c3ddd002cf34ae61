internal import COpenSSL
import LinearAlgebra

/// SHA-256 digests in lower-case hexadecimal, which say what a result was computed from.
///
/// - Reference: [FIPS180].
public enum Digest {
  /// The digest of a file's bytes.
  ///
  /// - Throws: ``DatasetError/fileNotFound(path:)``, ``DatasetError/unreadable(path:reason:)``.
  public static func sha256(fileAt path: String) throws -> String {
    sha256(of: try FileMap(path: path))
  }

  /// The digest of `bytes`.
  public static func sha256(_ bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { hash([$0]) }
  }

  /// The digest of a matrix: its shape as two little-endian 64-bit integers, then its elements as
  /// little-endian 32-bit floats, row after row.
  public static func sha256(of matrix: Matrix<Float>) -> String {
    let shape = [UInt64(matrix.rowCount).littleEndian, UInt64(matrix.columnCount).littleEndian]
    return shape.withUnsafeBytes { shape in
      matrix.elements.withUnsafeBytes { hash([shape, $0]) }
    }
  }

  static func sha256(of map: FileMap) -> String {
    map.withBytes { bytes in
      let parts = stride(from: 0, to: bytes.count, by: 1 << 22).lazy.map { start in
        UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 1 << 22, bytes.count)])
      }
      return hash(parts, afterEach: map.release)
    }
  }

  private static func hash(
    _ parts: some Sequence<UnsafeRawBufferPointer>,
    afterEach: (UnsafeRawBufferPointer) -> Void = { _ in }
  ) -> String {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var succeeded = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    for part in parts {
      succeeded = succeeded && EVP_DigestUpdate(context, part.baseAddress, part.count) == 1
      afterEach(part)
    }
    var bytes = [UInt8](repeating: 0, count: 32)
    succeeded = succeeded && EVP_DigestFinal_ex(context, &bytes, nil) == 1
    precondition(succeeded, "OpenSSL has no SHA-256")
    return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
