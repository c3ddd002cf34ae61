import LinearAlgebra

/// W₁ between two samples on a line, each times a factor: the area between their cumulative
/// distribution functions,
///
///     W₁ = ∫ |F(x) − G(x)| dx,
///
/// which for samples of one size is the mean distance of their sorted values.
///
/// Order only matters where the functions cross. The line is cut into buckets; while F − G keeps
/// its sign the area over a bucket follows from how many values lie in it and the sum of their
/// places, and only the values of the other buckets are sorted. Places are whole numbers, some 2⁵¹
/// on the line, so their sums do not depend on the order of a sample.
///
/// - Precondition: both samples have values, none is NaN; factors are not negative.
/// - Complexity: O(n + m) while the functions cross seldom; a linear-time sort of both otherwise.
package func wassersteinDistance(
  _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>,
  scales: (first: Double, second: Double) = (1, 1)
) -> Double {
  guard let first = VectorKernels.range(a), let second = VectorKernels.range(b) else { return 0 }
  let least = min(
    Double(first.lowerBound) * scales.first, Double(second.lowerBound) * scales.second)
  let greatest = max(
    Double(first.upperBound) * scales.first, Double(second.upperBound) * scales.second)
  guard least < greatest else { return 0 }
  guard (greatest - least).isFinite else { return .infinity }
  let line = BucketLine(
    from: least, to: greatest, count: bucketCount(a.count + b.count), size: max(a.count, b.count))
  let (f, g) = (
    Buckets(a, times: scales.first, on: line), Buckets(b, times: scales.second, on: line)
  )
  var area = AreaBetween(f, g, sizes: (a.count, b.count), on: line)
  if !area.crossings.isEmpty {
    let ranges = area.crossings.map(\.buckets)
    area.add(f.sorted(a, in: ranges), g.sorted(b, in: ranges), scales: scales, on: line)
  }
  return area.value / line.scale
}

/// A bucket for each eight values or so, as many as the first-level cache holds.
private func bucketCount(_ values: Int) -> Int {
  var count = 16
  while count < 2048, count * 16 < values { count *= 2 }
  return count
}

/// The area between two distribution functions, bucket by bucket.
private struct AreaBetween {
  /// Buckets in which the sign of F − G may change, and how many values of both lie before them.
  struct Crossing {
    var buckets: ClosedRange<Int>
    let before: (first: Int, second: Int)
  }

  // In units of the line, times n·m.
  private var total = 0.0
  private(set) var crossings: [Crossing] = []
  private let sizes: (first: Int, second: Int)

  /// More of them than this are not looked at one by one: everything is sorted.
  private static let limit = 64

  init(_ f: Buckets, _ g: Buckets, sizes: (first: Int, second: Int), on line: BucketLine) {
    self.sizes = sizes
    let width = line.width
    let (n, m) = (sizes.first, sizes.second)
    var before = (first: 0, second: 0)
    for bucket in f.counts.indices {
      let here = (first: Int(f.counts[bucket]), second: Int(g.counts[bucket]))
      let lowest = before.first * m - (before.second + here.second) * n
      let highest = (before.first + here.first) * m - before.second * n
      if lowest >= 0 || highest <= 0 {
        let left = Double(before.first + here.first) * width - Double(f.offsets[bucket])
        let right = Double(before.second + here.second) * width - Double(g.offsets[bucket])
        total += abs(left * Double(m) - right * Double(n))
      } else if let last = crossings.indices.last, crossings[last].buckets.upperBound + 1 == bucket {
        crossings[last].buckets = crossings[last].buckets.lowerBound...bucket
      } else {
        crossings.append(Crossing(buckets: bucket...bucket, before: before))
      }
      before.first += here.first
      before.second += here.second
    }
    if crossings.count > Self.limit {
      total = 0
      crossings = [Crossing(buckets: 0...f.counts.count - 1, before: (0, 0))]
    }
  }

  /// Adds the area over the crossings from their values in ascending order.
  mutating func add(
    _ a: [Float], _ b: [Float], scales: (first: Double, second: Double), on line: BucketLine
  ) {
    let a = a.map { line.position(Double($0) * scales.first) }
    let b = b.map { line.position(Double($0) * scales.second) }
    var (i, j) = (0, 0)
    for crossing in crossings {
      var (before, after) = crossing.before
      var place = Double(crossing.buckets.lowerBound) * line.width
      let end = Double(crossing.buckets.upperBound + 1) * line.width
      while place < end {
        let next = min(i < a.count ? a[i] : end, j < b.count ? b[j] : end, end)
        total += abs(Double(before * sizes.second - after * sizes.first)) * (next - place)
        place = next
        while i < a.count, a[i] == place, place < end { (i, before) = (i + 1, before + 1) }
        while j < b.count, b[j] == place, place < end { (j, after) = (j + 1, after + 1) }
      }
    }
  }

  /// ∫ |F − G| in units of the line.
  var value: Double { total / (Double(sizes.first) * Double(sizes.second)) }
}
