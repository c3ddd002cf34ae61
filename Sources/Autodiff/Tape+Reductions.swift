internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// Σ of all elements, 1 × 1.
  public func total(_ x: Tensor) -> Tensor {
    reduced(x, squared: false, finish: { $0 }, slope: { _ in 1 })
  }

  /// Mean of all elements, 1 × 1.
  public func mean(_ x: Tensor) -> Tensor {
    let count = Double(x.count)
    return reduced(x, squared: false, finish: { $0 / count }, slope: { _ in 1 / count })
  }

  /// Mean of all squared elements, 1 × 1.
  public func meanSquare(_ x: Tensor) -> Tensor {
    let count = Double(x.count)
    return reduced(x, squared: true, finish: { $0 / count }, slope: { _ in 2 / count })
  }

  /// Mean of the squared elements of some rows, 1 × 1; a row counts as often as it occurs in
  /// `rows`, but is read once.
  ///
  /// - Complexity: O(rows · columns).
  public func meanSquare(_ x: Tensor, rows: ArraySlice<Int32>) -> Tensor {
    precondition(!rows.isEmpty, "the mean of no rows")
    let (n, width) = (x.rowCount, x.columnCount)
    let y = make(1, 1, from: x)
    nonisolated(unsafe) let (source, counts) = (x.value, scratch(n))
    counts.update(repeating: 0, count: n)
    for row in rows { counts[Int(row)] += 1 }
    let sums = columnTotals(n, 1) { rows, sum in
      for row in rows where counts[row] > 0 {
        let elements = source + row * width
        sum[0] += Double(counts[row]) * VectorKernels.dot(elements, elements, count: width)
      }
    }
    let elementCount = Double(rows.count * width)
    y.value[0] = Float(sums[0] / elementCount)
    record(y) { gradient in
      let factor = Float(2 * Double(gradient[0]) / elementCount)
      nonisolated(unsafe) let result = x.gradientToWrite()
      forEachBlock(n, size: 1024) { rows in
        let at = rows.lowerBound * width
        for row in rows { counts[row] *= factor }
        ad_scale_rows(
          source + at, width, counts + rows.lowerBound, 1, rows.count, width,
          result.accumulates ? 1 : 0, result.base + at, width)
      }
    }
    return y
  }

  /// ‖x‖_F, 1 × 1; its gradient at zero is taken as zero.
  public func frobeniusNorm(_ x: Tensor) -> Tensor {
    reduced(
      x, squared: true, finish: { $0.squareRoot() }, slope: { norm in norm > 0 ? 1 / norm : 0 })
  }

  /// Unbiased variance of all elements, Σ (xᵢ − x̄)²/(n − 1), 1 × 1.
  public func variance(_ x: Tensor) -> Tensor {
    precondition(x.count > 1, "the variance of \(x.count) elements")
    let y = make(1, 1, from: x)
    nonisolated(unsafe) let source = x.value
    let mean =
      blockSum(x.count) { range in
        var sum = 0.0
        for i in range { sum += Double(source[i]) }
        return sum
      } / Double(x.count)
    let squares = blockSum(x.count) { range in
      var sum = 0.0
      for i in range {
        let centred = Double(source[i]) - mean
        sum += centred * centred
      }
      return sum
    }
    let rest = Double(x.count - 1)
    y.value[0] = Float(squares / rest)
    record(y) { gradient in
      let factor = Float(2 * Double(gradient[0]) / rest)
      let centre = Float(mean)
      nonisolated(unsafe) let target = x.gradientToAddTo()
      forEachBlock(x.count) { range in
        for i in range { target[i] += factor * (source[i] - centre) }
      }
    }
    return y
  }

  /// finish(Σ xᵢ) with the derivative slope(result) everywhere, or finish(Σ xᵢ²) with the
  /// derivative slope(result)·xᵢ; summed in double precision.
  private func reduced(
    _ x: Tensor, squared: Bool, finish: (Double) -> Double,
    slope: @escaping (_ result: Double) -> Double
  ) -> Tensor {
    let y = make(1, 1, from: x)
    nonisolated(unsafe) let source = x.value
    let result = finish(
      blockSum(x.count) { range in
        let base = source + range.lowerBound
        guard !squared else { return VectorKernels.dot(base, base, count: range.count) }
        var sum = 0.0
        for i in range { sum += Double(source[i]) }
        return sum
      })
    y.value[0] = Float(result)
    record(y) { gradient in
      let factor = Float(Double(gradient[0]) * slope(result))
      nonisolated(unsafe) let target = x.gradientToAddTo()
      forEachBlock(x.count) { range in
        if squared {
          for i in range { target[i] += factor * source[i] }
        } else {
          for i in range { target[i] += factor }
        }
      }
    }
    return y
  }
}
