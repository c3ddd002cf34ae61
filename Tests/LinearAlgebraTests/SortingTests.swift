import LinearAlgebra
import Statistics
import Testing

@Suite("Sorting")
struct SortingTests {
  func sorted(_ values: [Float]) -> [Float] {
    var result = values
    var scratch = values
    result.withUnsafeMutableBufferPointer { result in
      scratch.withUnsafeMutableBufferPointer { Sorting.sort(result, scratch: $0) }
    }
    return result
  }

  @Test(arguments: [0, 1, 2, 3, 1000, 5001])
  func `agrees with the standard library`(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let values = generator.normals(count).map { value in
      let exponent = generator.index(below: 200) - 100
      return Float(value) * Float(sign: .plus, exponent: exponent, significand: 1)
    }
    #expect(sorted(values) == values.sorted())
  }

  @Test func `orders signs, zeros and infinities`() {
    let values: [Float] = [0, -1, .infinity, 3, -.infinity, -0.0, 1, -1, .leastNonzeroMagnitude]
    let result = sorted(values)
    #expect(result == [-.infinity, -1, -1, -0.0, 0, .leastNonzeroMagnitude, 1, 3, .infinity])
    #expect(result[3].sign == .minus && result[4].sign == .plus)
  }
}
