/// A generator with a documented, portable sequence: xoshiro256** seeded through SplitMix64.
///
/// The standard library may change how `Float.random(in:using:)` consumes bits; the draws below
/// are derived from the bits here, so a seed means the same numbers for ever.
///
/// - Reference: [BV18].
public struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// The sequence of `seed`.
  public init(seed: UInt64) {
    var state = seed
    s0 = splitMix64(&state)
    s1 = splitMix64(&state)
    s2 = splitMix64(&state)
    s3 = splitMix64(&state)
  }

  @inlinable public mutating func next() -> UInt64 {
    let result = rotatedLeft(s1 &* 5, 7) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = rotatedLeft(s3, 45)
    return result
  }
}

@inlinable
func rotatedLeft(_ value: UInt64, _ count: UInt64) -> UInt64 {
  (value << count) | (value >> (64 - count))
}

/// One step of SplitMix64.
private func splitMix64(_ state: inout UInt64) -> UInt64 {
  state &+= 0x9E37_79B9_7F4A_7C15
  var z = state
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}

extension RandomNumberGenerator {
  /// A number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// An integer in `0..<bound`, without bias.
  ///
  /// - Precondition: `bound` is positive.
  @inlinable public mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "an index needs a positive bound, got \(bound)")
    let range = UInt64(bound)
    // Lemire's rejection: the low word decides whether this draw would favour some values.
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// `count` standard normal numbers, by Marsaglia's polar method.
  public mutating func normals(_ count: Int) -> [Double] {
    var result = [Double]()
    result.reserveCapacity(count + 1)
    while result.count < count {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      guard square < 1, square > 0 else { continue }
      let factor = (-2 * naturalLogarithm(square) / square).squareRoot()
      result.append(x * factor)
      result.append(y * factor)
    }
    if result.count > count { result.removeLast() }
    return result
  }

  /// The numbers `0..<count` in random order (Fisher–Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, index(below: i + 1)) }
    return order
  }

  /// `count` distinct numbers from `0..<population`, ascending.
  ///
  /// - Precondition: `count` is at most `population`.
  public mutating func sample(_ count: Int, from population: Int) -> [Int] {
    precondition(count <= population, "cannot draw \(count) of \(population)")
    return permutation(population).prefix(count).sorted()
  }
}

/// A tree of generators grown from one seed.
///
/// Each purpose, and each item under it, has a sequence of its own. Adding a consumer does not
/// move another, and parallel work that draws by item gives the same numbers in any order.
public struct RandomStreams: Sendable, Equatable {
  /// The seed of the tree.
  public let seed: UInt64

  public init(seed: UInt64) { self.seed = seed }

  /// The generator for `purpose`, and for the `item`-th piece of work under it.
  public func generator(for purpose: String, item: Int = 0) -> SeededGenerator {
    // FNV-1a over the name, then mixed with seed and item through the seeding of the generator.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    var state = seed ^ hash
    let mixed = splitMix64(&state) ^ (UInt64(bitPattern: Int64(item)) &* 0xD134_2543_DE82_EF95)
    return SeededGenerator(seed: mixed)
  }
}
