import LinearAlgebra
import Testing

@Suite struct AlignedBufferTests {
  @Test(arguments: [0, 1, 17, 4096])
  func `begins on a cache line and holds zeros`(count: Int) {
    let buffer = AlignedBuffer<Double>(zeros: count)
    #expect(UInt(bitPattern: buffer.base) % 64 == 0)
    #expect(buffer.count == count)
    #expect((0..<count).allSatisfy { buffer.base[$0] == 0 })
  }
}
