import LinearAlgebra
import Statistics
import Testing

@Suite("Buckets")
struct BucketsTests {
  let line = BucketLine(from: -3, to: 5, count: 64, size: 5000)

  func values(_ count: Int) -> [Float] {
    var generator = SeededGenerator(seed: UInt64(count))
    return generator.normals(count).map { Float(max(-3, min(5, $0))) }
  }

  func bucket(_ x: Double) -> Int { Int(line.position(x) / line.width) }

  @Test func `a line begins and ends within its first and last bucket`() {
    #expect(line.position(-3) == 0)
    #expect(bucket(5) == 63)
    #expect(bucket(1) == 31 || bucket(1) == 32)
    let wide = BucketLine(from: -1e38, to: 1e38, count: 1 << 16, size: 1)
    #expect(Int(wide.position(1e38) / wide.width) == 65535)
  }

  @Test func `are as fine as sums of so many offsets allow`() {
    #expect(BucketLine(from: 0, to: 1, count: 16, size: 10).width == Double(1 << 47))
    let many = BucketLine(from: 0, to: 1, count: 2048, size: 1 << 32)
    #expect(Double(1 << 32) * many.width <= Double(UInt64.max))
    #expect(many.width >= Double(1 << 30))
  }

  @Test(arguments: [0, 1, 127, 128, 129, 3000])
  func `hold what the positions say`(count: Int) {
    let values = values(count)
    let found = values.withUnsafeBufferPointer { Buckets($0, times: 0.5, on: line) }
    var counts = [UInt32](repeating: 0, count: 64)
    var offsets = [UInt64](repeating: 0, count: 64)
    for value in values {
      let position = line.position(Double(value) * 0.5)
      let bucket = Int(position / line.width)
      counts[bucket] += 1
      offsets[bucket] += UInt64(position - Double(bucket) * line.width)
    }
    #expect(found.counts == counts)
    #expect(found.offsets == offsets)
  }

  @Test(arguments: [0, 1, 31, 32, 33, 2000])
  func `give the values of some ranges in order`(count: Int) {
    let values = values(count)
    for ranges in [[0...63], [20...20], [0...3, 17...19, 63...63], []] {
      let found = values.withUnsafeBufferPointer { values in
        Buckets(values, times: 1, on: line).sorted(values, in: ranges)
      }
      let expected = values.filter { value in
        ranges.contains { $0.contains(bucket(Double(value))) }
      }
      #expect(found == expected.sorted())
    }
  }

  @Test(arguments: [1, 15, 16, 17, 500])
  func `the range of values is that of the standard library`(count: Int) {
    let values = values(count)
    let range = values.withUnsafeBufferPointer { VectorKernels.range($0) }
    #expect(range == values.min()!...values.max()!)
    #expect([Float]().withUnsafeBufferPointer { VectorKernels.range($0) } == nil)
  }
}
