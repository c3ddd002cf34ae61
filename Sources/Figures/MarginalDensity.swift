import Foundation

/// The density of points along one axis of a map: a histogram, smoothed.
///
/// 100 bins over the range, smoothed by a Gaussian of 1.5 bins cut off at 4; the range must leave
/// six bins free at each end for the density to end at zero.
///
/// - Complexity: O(n).
func marginalDensity(_ values: [Double], over range: ClosedRange<Double>) -> (
  x: [Double], density: [Double]
) {
  let bins = 100
  let reach = 6
  let width = (range.upperBound - range.lowerBound) / Double(bins)
  var counts = [Double](repeating: 0, count: bins)
  for value in values {
    let position = (value - range.lowerBound) / width
    counts[position.isFinite ? Int(min(max(position, 0), Double(bins - 1))) : 0] += 1
  }
  let kernel = (-reach...reach).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
  let weight = kernel.reduce(0, +) * Double(max(values.count, 1)) * width
  let density = (0..<bins).map { bin in
    (-reach...reach).reduce(0.0) { sum, shift in
      counts.indices.contains(bin + shift)
        ? sum + counts[bin + shift] * kernel[shift + reach] : sum
    } / weight
  }
  return ((0..<bins).map { range.lowerBound + (Double($0) + 0.5) * width }, density)
}
