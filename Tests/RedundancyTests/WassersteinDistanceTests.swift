import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("W₁ between two samples")
struct WassersteinDistanceTests {
  func distance(
    _ a: [Float], _ b: [Float], scales: (first: Double, second: Double) = (1, 1)
  ) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { wassersteinDistance(a, $0, scales: scales) }
    }
  }

  /// The area between the quantile functions of the sorted samples, which are constant between
  /// multiples of 1/n and of 1/m.
  func plain(_ a: [Float], _ b: [Float], scales: (first: Double, second: Double)) -> Double {
    let a = a.sorted().map { Double($0) * scales.first }
    let b = b.sorted().map { Double($0) * scales.second }
    var sum = 0.0
    var (i, j, time) = (0, 0, 0)
    while i < a.count, j < b.count {
      let end = min((i + 1) * b.count, (j + 1) * a.count)
      sum += Double(end - time) * abs(a[i] - b[j])
      time = end
      if end == (i + 1) * b.count { i += 1 }
      if end == (j + 1) * a.count { j += 1 }
    }
    return sum / (Double(a.count) * Double(b.count))
  }

  enum Shape: CaseIterable {
    case alike, apart, nested, heavyTailed, tied, oneFarAway
  }

  func sample(_ shape: Shape, _ count: Int, second: Bool, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed + (second ? 1 : 0))
    let values = generator.normals(count)
    return switch shape {
    case .alike: values.map { Float($0) }
    case .apart: values.map { Float(second ? $0 + 1 : $0) }
    case .nested: values.map { Float(second ? 0.01 * $0 : $0) }
    case .heavyTailed: values.map { Float($0 * $0 * $0 * $0 * $0 * (second ? 2 : 1)) }
    case .tied: values.map { Float(($0 * 3).rounded()) }
    case .oneFarAway: values.enumerated().map { $0 == 0 ? 1e6 : Float($1) }
    }
  }

  @Test(arguments: Shape.allCases, [(1, 1), (2, 3), (40, 7), (900, 900), (5000, 7001)])
  func `agrees with the plain way`(shape: Shape, sizes: (Int, Int)) {
    let a = sample(shape, sizes.0, second: false, seed: 5)
    let b = sample(shape, sizes.1, second: true, seed: 5)
    for scales in [(first: 1.0, second: 1.0), (first: 0.3, second: 1.7), (first: 0, second: 1)] {
      let expected = plain(a, b, scales: scales)
      let ends = a.map { Double($0) * scales.first } + b.map { Double($0) * scales.second }
      let range = ends.max()! - ends.min()!
      #expect(abs(distance(a, b, scales: scales) - expected) <= 1e-14 * range)
    }
  }

  @Test func `is the shift between a sample and itself moved`() {
    let a: [Float] = (0..<3000).map { Float($0 * $0 % 1009) }
    #expect(distance(a, a) == 0)
    #expect(abs(distance(a, a.map { $0 + 64 }) - 64) < 1e-9)
    #expect(distance([2], [5]) == 3)
    #expect(distance([7, 7], [7]) == 0)
  }

  @Test func `has the same bits in any order of the values`() {
    for shape in Shape.allCases {
      let a = sample(shape, 3000, second: false, seed: 8)
      let b = sample(shape, 2000, second: true, seed: 8)
      #expect(distance(a, b) == distance(a.reversed(), b.sorted()))
    }
  }

  @Test func `is infinite where a projection has overflowed`() {
    #expect(distance([0, .infinity], [1, 2]) == .infinity)
  }
}
