import Datasets
import Foundation
import LinearAlgebra
import Testing

@Suite("Digests")
struct DigestTests {
  @Test func `are those of the standard's examples`() {
    #expect(
      Digest.sha256(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      Digest.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func `of files are those of their bytes`() throws {
    let work = try Workdir()
    let path = try work.write("abc", to: "x")
    #expect(try Digest.sha256(fileAt: path) == Digest.sha256(Array("abc".utf8)))
    #expect(try Digest.sha256(fileAt: work.write("", to: "y")) == Digest.sha256([]))
  }

  @Test(arguments: [1 << 22, 1 << 22 + 1, 9_000_001])
  func `of files larger than a part of them are those of their bytes`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
    let work = try Workdir()
    #expect(try Digest.sha256(fileAt: work.write(bytes, to: "x")) == Digest.sha256(bytes))
  }

  @Test func `of matrices cover shape and values`() {
    // hashlib.sha256(struct.pack('<QQ6f', 2, 3, 0, 1, 2, 3, 4, 5)).hexdigest()
    let matrix = Matrix<Float>(rowCount: 2, columnCount: 3, elements: [0, 1, 2, 3, 4, 5])
    #expect(
      Digest.sha256(of: matrix)
        == "75fcaa93dbff44546d721326b2931d1427d7102a41f6073b8c52ebd191b41df5")
    let turned = Matrix<Float>(rowCount: 3, columnCount: 2, elements: matrix.elements)
    #expect(Digest.sha256(of: turned) != Digest.sha256(of: matrix))
  }
}
