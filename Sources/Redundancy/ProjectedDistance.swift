import LinearAlgebra
import Statistics

/// W₁ between the clouds on every direction, under each of `scalings`.
///
/// A row divided by its norm has its projection divided by it, so all scalings share one product.
func projectedDistances(
  _ a: Matrix<Float>, _ b: Matrix<Float>, scalings: [FeatureScaling],
  _ projections: RandomProjections
) -> [[Double]] {
  let clouds = scalings == [.raw] ? [] : [ScaledCloud(a), ScaledCloud(b)]
  return projections.map(a, b) { first, second in
    let samples = [first, second]
    let sorted = samples.map { sortedValues($0) }
    return scalings.map { scaling in
      switch scaling {
      case .raw:
        wasserstein(sorted[0], sorted[1])
      case .rowNormalized:
        wasserstein(
          sortedValues(samples[0], times: clouds[0].inverseNorms),
          sortedValues(samples[1], times: clouds[1].inverseNorms))
      case .rootMeanSquare:
        wasserstein(
          sorted[0], sorted[1],
          scales: (clouds[0].inverseRootMeanSquare, clouds[1].inverseRootMeanSquare))
      }
    }
  }
}

/// What the scalings divide a cloud by. Zero rows, and clouds of them, stay.
private struct ScaledCloud: Sendable {
  let inverseNorms: [Double]
  let inverseRootMeanSquare: Double

  init(_ cloud: Matrix<Float>) {
    let norms = rowNorms(cloud)
    inverseNorms = norms.map { $0 > 0 ? 1 / $0 : 0 }
    // Summed in ascending order, so that the order of the rows leaves no trace.
    let squares = norms.sorted().reduce(0) { $0 + $1 * $1 }
    inverseRootMeanSquare = squares > 0 ? (Double(norms.count) / squares).squareRoot() : 0
  }
}

/// `values`, each times its factor if there are any, in ascending order.
private func sortedValues(_ values: ArraySlice<Float>, times factors: [Double] = []) -> [Float] {
  var result = Array(values)
  if !factors.isEmpty {
    for index in result.indices { result[index] = Float(Double(result[index]) * factors[index]) }
  }
  let count = result.count
  result.withUnsafeMutableBufferPointer { result in
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { scratch in
      Sorting.sort(result, scratch: scratch)
    }
  }
  return result
}

/// W₁ between two samples in ascending order: ∫₀¹ |F⁻¹(t) − G⁻¹(t)| dt of the scaled samples.
///
/// - Complexity: O(n + m).
func wasserstein(
  _ a: [Float], _ b: [Float], scales: (first: Double, second: Double) = (1, 1)
) -> Double {
  let n = a.count
  let m = b.count
  if n == m {
    var sum = 0.0
    for index in 0..<n {
      sum += abs(Double(a[index]) * scales.first - Double(b[index]) * scales.second)
    }
    return sum / Double(n)
  }
  // Both quantile functions are constant between multiples of 1/n and of 1/m; the time is counted
  // in units of 1/(n·m).
  var sum = 0.0
  var i = 0
  var j = 0
  var time = 0
  while i < n, j < m {
    let end = min((i + 1) * m, (j + 1) * n)
    let difference = abs(Double(a[i]) * scales.first - Double(b[j]) * scales.second)
    sum += Double(end - time) * difference
    time = end
    if end == (i + 1) * m { i += 1 }
    if end == (j + 1) * n { j += 1 }
  }
  return sum / (Double(n) * Double(m))
}
