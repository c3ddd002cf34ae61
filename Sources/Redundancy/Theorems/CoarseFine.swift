import LinearAlgebra
import Statistics

/// The covariance of class means, and what is left of the covariance.
///
/// Coarse features are class means, fine ones the deviations from them. With the same classes for
/// both modalities the cross terms vanish exactly, so C = C_c + C_f.
struct CoarseFine {
  /// C_c, p × q.
  let coarse: Matrix<Double>
  /// The larger Frobenius norm of V̄_cᵀT̄_f/n and V̄_fᵀT̄_c/n, summed item by item.
  let crossTerm: Double
  /// ⟨‖v_c‖²⟩/⟨‖v_f‖²⟩ and the same for t; nil when nothing is fine.
  let firstEnergyRatio: Double?
  let secondEnergyRatio: Double?
  let classCount: Int

  /// - Complexity: O(n·(p + q) + classes·p·q).
  init(_ evidence: TheoremEvidence, groups: [[Int]]) {
    let context = evidence.context
    let first = ClassMeans(
      context.first, center: evidence.covariance.firstMean, groups: groups)
    let second = ClassMeans(
      context.second, center: evidence.covariance.secondMean, groups: groups)
    let count = Double(evidence.itemCount)
    let shares = groups.map { Double($0.count) / count }
    coarse = product(first.weighted(shares), .transposed, second.means, .none)
    // Σ over a class of m·(t − m′)ᵀ is m times the summed deviations.
    let crossed = product(first.means, .transposed, second.residuals.scaled(by: 1 / count), .none)
    let crossedBack = product(
      first.residuals.scaled(by: 1 / count), .transposed, second.means, .none)
    crossTerm = max(crossed.frobeniusNorm, crossedBack.frobeniusNorm)
    firstEnergyRatio = first.energyRatio(shares, count: count)
    secondEnergyRatio = second.energyRatio(shares, count: count)
    classCount = groups.count
  }
}

/// The class means of one modality and the deviations from them.
private struct ClassMeans {
  /// One row per class, about the overall mean.
  let means: Matrix<Double>
  /// Σ(x − class mean) per class: zero but for rounding.
  let residuals: Matrix<Double>
  /// Σ‖x − class mean‖² over all items.
  let fineEnergy: Double

  init(_ features: Matrix<Float>, center: [Double], groups: [[Int]]) {
    let parts = Parallel.map(groups.count) { index in
      var mean = [Double](repeating: 0, count: center.count)
      let group = groups[index]
      for item in group {
        for (column, value) in features.row(item).enumerated() {
          mean[column] += (Double(value) - center[column]) / Double(group.count)
        }
      }
      var residual = [Double](repeating: 0, count: center.count)
      var energy = 0.0
      for item in group {
        for (column, value) in features.row(item).enumerated() {
          let deviation = Double(value) - center[column] - mean[column]
          residual[column] += deviation
          energy += deviation * deviation
        }
      }
      return (mean: mean, residual: residual, energy: energy)
    }
    means = Matrix(rows: parts.map(\.mean))
    residuals = Matrix(rows: parts.map(\.residual))
    fineEnergy = parts.reduce(0) { $0 + $1.energy }
  }

  func weighted(_ shares: [Double]) -> Matrix<Double> {
    Matrix(rows: shares.indices.map { index in means.row(index).map { $0 * shares[index] } })
  }

  func energyRatio(_ shares: [Double], count: Double) -> Double? {
    let coarse = shares.indices.reduce(0) { sum, index in
      sum + shares[index] * dot(means.row(index), means.row(index))
    }
    return ratio(coarse, fineEnergy / count)
  }
}
