import LinearAlgebra
import Testing

@Suite struct AlignedBufferTests {
  @Test(arguments: [0, 1, 17, 4096])
  func `begins on a cache line and holds what it was made of`(count: Int) {
    let buffer = AlignedBuffer(repeating: 2.5, count: count)
    #expect(UInt(bitPattern: buffer.base) % 64 == 0)
    #expect(buffer.count == count)
    #expect((0..<count).allSatisfy { buffer.base[$0] == 2.5 })
  }
}
