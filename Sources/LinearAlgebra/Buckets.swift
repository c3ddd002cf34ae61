internal import CVectorKernels

/// A line cut into buckets of equal width, each of 2^`bits` units.
package struct BucketLine: Sendable {
  /// Number of buckets.
  package let count: Int
  /// The position of a number x is (x − `least`)·`scale`, rounded.
  package let least: Double
  /// Units for each of x.
  package let scale: Double
  let bits: Int

  /// The line from `least` to `greatest`, for samples of at most `size` values: as fine as double
  /// precision, and as sums of so many offsets in 64 bits, allow.
  ///
  /// - Precondition: `least` < `greatest`, and their difference is finite; `count` is a power of
  ///   two, at most 2¹⁶, and `size` is at most 2³².
  package init(from least: Double, to greatest: Double, count: Int, size: Int) {
    precondition(least < greatest && (greatest - least).isFinite, "\(least) to \(greatest)")
    precondition(
      (1...1 << 16).contains(count) && count.nonzeroBitCount == 1 && (0...1 << 32).contains(size),
      "\(count) buckets for \(size) values")
    self.count = count
    self.least = least
    bits = min(51 - count.trailingZeroBitCount, size.leadingZeroBitCount - 1)
    scale = (Double(count << bits) - 1) / (greatest - least)
  }

  /// Units in a bucket.
  package var width: Double { Double(1 << bits) }

  /// Where `x` lies, a whole number of units.
  package func position(_ x: Double) -> Double {
    // Rounded as the kernel does.
    let shift = Double(UInt64(1) << 52)
    return (x - least) * scale + shift - shift
  }
}

/// A sample on a ``BucketLine``: how many values each bucket holds, and how far into it they lie.
package struct Buckets {
  /// Values in each bucket.
  package private(set) var counts: [UInt32]
  /// Sum of their distances from the bucket's beginning, in units.
  package private(set) var offsets: [UInt64]
  private let places: [UInt16]

  /// Places the products of `values` and `factor`.
  ///
  /// - Precondition: all of them lie on `line`.
  /// - Complexity: O(n + buckets).
  package init(_ values: UnsafeBufferPointer<Float>, times factor: Double, on line: BucketLine) {
    var counts = [UInt32](repeating: 0, count: line.count)
    var offsets = [UInt64](repeating: 0, count: line.count)
    places = [UInt16](unsafeUninitializedCapacity: values.count) { places, initialized in
      initialized = values.count
      guard let base = values.baseAddress, let places = places.baseAddress else { return }
      vk_fill_buckets(
        base, values.count, factor, line.least, line.scale, UInt32(line.bits), places, &counts,
        &offsets)
    }
    self.counts = counts
    self.offsets = offsets
  }

  /// Those of `values` that lie in the buckets of `ranges`, in ascending order.
  ///
  /// - Parameter values: Those that were placed.
  package func sorted(
    _ values: UnsafeBufferPointer<Float>, in ranges: [ClosedRange<Int>]
  ) -> [Float] {
    precondition(values.count == places.count, "\(values.count) values of \(places.count)")
    let bounds = ranges.flatMap { [UInt16($0.lowerBound), UInt16($0.upperBound)] }
    var found = [Float](unsafeUninitializedCapacity: values.count) { found, initialized in
      guard let base = values.baseAddress, let found = found.baseAddress else { return }
      initialized = vk_gather_buckets(base, places, values.count, bounds, ranges.count, found)
    }
    // Three passes over digits pay for themselves from a few hundred values on.
    guard found.count > 256 else {
      found.sort()
      return found
    }
    let count = found.count
    found.withUnsafeMutableBufferPointer { found in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) {
        Sorting.sort(found, scratch: $0)
      }
    }
    return found
  }
}

extension VectorKernels {
  /// The least and the greatest of some values, none of them NaN; nil of none.
  package static func range(_ values: UnsafeBufferPointer<Float>) -> ClosedRange<Float>? {
    guard let base = values.baseAddress, !values.isEmpty else { return nil }
    var (least, greatest): (Float, Float) = (0, 0)
    vk_range(base, values.count, &least, &greatest)
    return least...greatest
  }
}
