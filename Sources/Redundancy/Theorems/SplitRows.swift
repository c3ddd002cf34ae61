import LinearAlgebra

/// Some rows of a modality about a centre, cut into their part in a subspace and the rest:
/// x∥ = (x − a)·B·Bᵀ and x⊥ = (x − a) − x∥, in double precision.
struct SplitRows {
  let parallel: Matrix<Double>
  let perpendicular: Matrix<Double>

  /// - Shapes: `center` has the width d of `features`; `basis` is d × k, orthonormal.
  /// - Complexity: 4·rows·d·k operations on the calling thread.
  init(
    _ features: Matrix<Float>, rows: some Collection<Int>, center: [Double],
    basis: Matrix<Double>
  ) {
    var rest = centeredRows(features, rows, center: center)
    parallel = serialProduct(serialProduct(rest, basis), basis, .transposed)
    rest.subtract(parallel)
    perpendicular = rest
  }
}

/// The rows of `features` at `rows`, minus `center`, in double precision.
func centeredRows(
  _ features: Matrix<Float>, _ rows: some Collection<Int>, center: [Double]
) -> Matrix<Double> {
  let width = features.columnCount
  var result = Matrix<Double>(rowCount: rows.count, columnCount: width)
  features.elements.withUnsafeBufferPointer { source in
    center.withUnsafeBufferPointer { center in
      result.elements.withUnsafeMutableBufferPointer { target in
        var start = 0
        for row in rows {
          let offset = row * width
          for column in 0..<width {
            target[start + column] = Double(source[offset + column]) - center[column]
          }
          start += width
        }
      }
    }
  }
  return result
}

/// a·op(b) on the calling thread, for use inside parallel work.
func serialProduct(
  _ a: Matrix<Double>, _ b: Matrix<Double>, _ transposeB: Transposition = .none
) -> Matrix<Double> {
  let columns = transposeB == .none ? b.columnCount : b.rowCount
  var result = Matrix<Double>(rowCount: a.rowCount, columnCount: columns)
  guard !result.elements.isEmpty, !a.elements.isEmpty else { return result }
  a.elements.withUnsafeBufferPointer { left in
    b.elements.withUnsafeBufferPointer { right in
      result.elements.withUnsafeMutableBufferPointer { target in
        guard
          let left = left.baseAddress, let right = right.baseAddress,
          let target = target.baseAddress
        else { return }
        DenseKernels.gemm(
          .init(base: left, stride: a.columnCount),
          .init(base: right, stride: b.columnCount, transposition: transposeB),
          .init(
            base: target, stride: columns, rows: a.rowCount, columns: columns,
            inner: a.columnCount))
      }
    }
  }
  return result
}

/// Σ aᵢ·bᵢ over two rows or whole matrices.
func dot(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
  var sum = 0.0
  for (x, y) in zip(a, b) { sum += x * y }
  return sum
}

// The matrices here are as large as a covariance or a block of rows, and are touched dozens of
// times: these loops are concrete and work in place.
extension Matrix where Scalar == Double {
  /// Subtracts `factor` times `other`, element by element.
  mutating func subtract(_ other: Matrix, times factor: Double = 1) {
    precondition(elements.count == other.elements.count, "shapes differ")
    elements.withUnsafeMutableBufferPointer { target in
      other.elements.withUnsafeBufferPointer { source in
        for index in 0..<target.count { target[index] -= factor * source[index] }
      }
    }
  }

  /// Sum of squared elements.
  var squaredNorm: Double { innerProduct(self) }

  /// The Frobenius norm.
  var frobeniusNorm: Double { squaredNorm.squareRoot() }

  /// Σ aᵢⱼ·bᵢⱼ.
  func innerProduct(_ other: Matrix) -> Double {
    precondition(elements.count == other.elements.count, "shapes differ")
    return elements.withUnsafeBufferPointer { a in
      other.elements.withUnsafeBufferPointer { b in
        var sum = 0.0
        for index in 0..<a.count { sum += a[index] * b[index] }
        return sum
      }
    }
  }
}
