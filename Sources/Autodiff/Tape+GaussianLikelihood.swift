internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// The mean over rows r of ln N(y_r; μ_r, diag e^{ℓ_r}), without its constant, 1 × 1:
  ///
  ///     mean_r Σ_c −(y_rc − μ_rc)²/(2·e^{ℓ_rc}) − ℓ_rc/2
  ///
  /// - Shapes: y, `mean` μ and `logVariance` ℓ are n × d.
  /// - Complexity: O(n·d), with one exponential for each element each way.
  public func gaussianLogLikelihood(
    _ y: Tensor, mean: Tensor, logVariance: Tensor
  ) -> Tensor {
    let (n, count) = (y.rowCount, y.count)
    precondition(
      mean.rowCount == n && mean.count == count && logVariance.rowCount == n
        && logVariance.count == count && n > 0,
      "\(n) x \(y.columnCount), \(mean.rowCount) x \(mean.columnCount) and "
        + "\(logVariance.rowCount) x \(logVariance.columnCount)")
    let result = make(1, 1, from: y, mean, logVariance)
    nonisolated(unsafe) let (ofY, ofMean, ofVariance) = (
      y.value, mean.value, logVariance.value
    )
    let total = blockSum(count) { range in
      let at = range.lowerBound
      return ad_gaussian_log_likelihood(ofY + at, ofMean + at, ofVariance + at, range.count)
    }
    result.value[0] = Float(total / Double(n))

    record(result) { gradient in
      let scale = Float(Double(gradient[0]) / Double(n))
      nonisolated(unsafe) let (toY, toMean, toVariance) = (
        y.needsGradient ? y.gradientToAddTo() : nil,
        mean.needsGradient ? mean.gradientToAddTo() : nil,
        logVariance.needsGradient ? logVariance.gradientToAddTo() : nil
      )
      forEachBlock(count) { range in
        let at = range.lowerBound
        ad_add_gaussian_gradients(
          ofY + at, ofMean + at, ofVariance + at, range.count, scale, toY.map { $0 + at },
          toMean.map { $0 + at }, toVariance.map { $0 + at })
      }
    }
    return result
  }
}
