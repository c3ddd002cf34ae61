/// The arithmetic mean, or nil for no values.
public func mean(_ values: some Collection<Double>) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// The sample variance Σ(x − x̄)²/(n − 1), or nil for fewer than two values.
public func sampleVariance(_ values: some Collection<Double>) -> Double? {
  guard values.count > 1, let center = mean(values) else { return nil }
  return values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)
}

/// The standard error of the mean, s/√n, or nil for fewer than two values.
public func standardError(_ values: some Collection<Double>) -> Double? {
  sampleVariance(values).map { ($0 / Double(values.count)).squareRoot() }
}

/// The quantile at `level` by linear interpolation between order statistics (numpy's default),
/// or nil for no values.
///
/// - Precondition: `level` lies in 0...1.
/// - Complexity: O(n log n).
public func quantile(_ values: some Collection<Double>, at level: Double) -> Double? {
  quantile(ofSorted: values.sorted(), at: level)
}

/// ``quantile(_:at:)`` of values that are already in ascending order.
public func quantile(ofSorted sorted: [Double], at level: Double) -> Double? {
  precondition((0...1).contains(level), "a quantile level lies in 0...1, got \(level)")
  guard !sorted.isEmpty else { return nil }
  let position = level * Double(sorted.count - 1)
  let lower = Int(position)
  let upper = min(lower + 1, sorted.count - 1)
  return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - Double(lower))
}

/// The median, or nil for no values.
public func median(_ values: some Collection<Double>) -> Double? { quantile(values, at: 0.5) }

/// The ranks 1…n of `values`, equal values sharing their mean rank.
public func ranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var result = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    let shared = Double(start + end + 1) / 2
    for position in start..<end { result[order[position]] = shared }
    start = end
  }
  return result
}

/// Pearson's correlation, or nil when either side is constant or has fewer than two values.
public func pearsonCorrelation(_ x: [Double], _ y: [Double]) -> Double? {
  precondition(x.count == y.count, "\(x.count) and \(y.count) values")
  // Compared, not measured: the mean of equal values may differ from them by a rounding.
  guard x.contains(where: { $0 != x[0] }), y.contains(where: { $0 != y[0] }),
    let meanX = mean(x), let meanY = mean(y)
  else { return nil }
  var covariance = 0.0
  var varianceX = 0.0
  var varianceY = 0.0
  for (a, b) in zip(x, y) {
    covariance += (a - meanX) * (b - meanY)
    varianceX += (a - meanX) * (a - meanX)
    varianceY += (b - meanY) * (b - meanY)
  }
  let scale = varianceX.squareRoot() * varianceY.squareRoot()
  return scale > 0 ? covariance / scale : nil
}

/// Spearman's rank correlation, or nil when either side is constant.
public func spearmanCorrelation(_ x: [Double], _ y: [Double]) -> Double? {
  pearsonCorrelation(ranks(x), ranks(y))
}
