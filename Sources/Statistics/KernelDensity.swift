import Foundation
import LinearAlgebra

/// A Gaussian kernel density estimate at equally spaced points.
///
///     f(x) = 1/(n·h·√(2π)) · Σᵢ exp(−(x − xᵢ)²/(2h²))
///
/// - Reference: [Silverman86].
public struct KernelDensity: Codable, Sendable, Equatable {
  /// Standard deviation h of the kernel, in the unit of the samples.
  public let bandwidth: Double
  /// Where the density was evaluated, ascending, from min − 3h to max + 3h.
  public let points: [Double]
  /// The density at each point, per unit of the samples.
  public let densities: [Double]

  /// The estimate with Silverman's bandwidth, or nil when the samples have no spread.
  ///
  /// Kernels that together weigh less than 1e-10 of the density at a point are left out there.
  ///
  /// - Precondition: `pointCount` is at least 2; the samples are finite.
  /// - Complexity: O(n log n + pointCount·w) for w samples within reach of a point, in parallel
  ///   over points.
  public init?(_ samples: [Double], pointCount: Int = 512) {
    precondition(pointCount >= 2, "a curve needs two points, got \(pointCount)")
    let sorted = samples.sorted()
    guard let bandwidth = silvermanBandwidth(ofSorted: sorted) else { return nil }
    let start = sorted[0] - 3 * bandwidth
    let step = (sorted[sorted.count - 1] + 3 * bandwidth - start) / Double(pointCount - 1)
    let points = (0..<pointCount).map { start + Double($0) * step }
    self.bandwidth = bandwidth
    self.points = points
    densities = gaussianDensities(ofSorted: sorted, at: points, bandwidth: bandwidth)
  }
}

/// Silverman's rule of thumb h = 0.9·min(s, IQR/1.34)·n^(−1/5), or nil for samples without spread.
///
/// Where more than half of the samples are equal the interquartile range is zero; the standard
/// deviation s then stands alone.
///
/// - Reference: [Silverman86].
/// - Complexity: O(n log n).
public func silvermanBandwidth(_ samples: [Double]) -> Double? {
  silvermanBandwidth(ofSorted: samples.sorted())
}

private func silvermanBandwidth(ofSorted sorted: [Double]) -> Double? {
  guard
    let first = sorted.first, let last = sorted.last, last > first,
    let deviation = sampleVariance(sorted)?.squareRoot(),
    let lower = quantile(ofSorted: sorted, at: 0.25),
    let upper = quantile(ofSorted: sorted, at: 0.75)
  else { return nil }
  let range = (upper - lower) / 1.34
  let spread = range > 0 ? min(deviation, range) : deviation
  let bandwidth = 0.9 * spread * pow(Double(sorted.count), -0.2)
  return bandwidth > 0 ? bandwidth : nil
}

private func gaussianDensities(
  ofSorted sorted: [Double], at points: [Double], bandwidth: Double
) -> [Double] {
  let count = Double(sorted.count)
  let scale = 1 / (count * bandwidth * (2 * Double.pi).squareRoot())
  // The nearest sample weighs exp(−z²/2); n others beyond this reach, less than 1e-10 of that.
  let reach = 2 * log(count * 1e10)
  let grid = BlockGrid(count: points.count, size: 8)
  return Parallel.map(grid.blockCount) { block in
    sorted.withUnsafeBufferPointer { sorted in
      grid.range(block).map { index in
        let x = points[index]
        let above = lowerBound(of: x, in: sorted)
        var nearest = Double.infinity
        if above < sorted.count { nearest = sorted[above] - x }
        if above > 0 { nearest = min(nearest, x - sorted[above - 1]) }
        let z = nearest / bandwidth
        let window = bandwidth * (z * z + reach).squareRoot()
        var sum = 0.0
        for sample in lowerBound(of: x - window, in: sorted)..<sorted.count {
          let distance = sorted[sample] - x
          if distance > window { break }
          let z = distance / bandwidth
          sum += exp(-0.5 * z * z)
        }
        return sum * scale
      }
    }
  }.flatMap { $0 }
}

/// The first position whose value is not below `value`.
private func lowerBound(of value: Double, in sorted: UnsafeBufferPointer<Double>) -> Int {
  var low = 0
  var high = sorted.count
  while low < high {
    let middle = (low + high) / 2
    if sorted[middle] < value { low = middle + 1 } else { high = middle }
  }
  return low
}
