import LinearAlgebra

/// The squared distance ‖xᵢ − μ‖² of every row from `center`, in double precision.
///
/// - Shapes: `matrix` is n × d, `center` has d entries, the result n.
/// - Precondition: the widths agree.
/// - Complexity: O(n·d), in parallel over blocks of rows.
public func centeredRowEnergies(_ matrix: Matrix<Float>, center: [Double]) -> [Double] {
  let width = matrix.columnCount
  precondition(center.count == width, "the centre has \(center.count) entries, rows \(width)")
  guard matrix.rowCount > 0 else { return [] }
  let grid = BlockGrid(count: matrix.rowCount, size: 256)
  var energies = [Double](repeating: 0, count: matrix.rowCount)
  energies.withUnsafeMutableBufferPointer { target in
    let out = SharedBuffer(target)
    Parallel.forEach(grid.blockCount) { block in
      matrix.elements.withUnsafeBufferPointer { source in
        center.withUnsafeBufferPointer { center in
          for row in grid.range(block) {
            out.base[row] = squaredDistance(source, from: row * width, to: center)
          }
        }
      }
    }
  }
  return energies
}

/// The trace of the covariance of `matrix`, Σᵢ‖xᵢ − μ‖²/n.
///
/// - Precondition: there is at least one row.
/// - Complexity: O(n·d).
public func totalVariance(_ matrix: Matrix<Float>) -> Double {
  let energies = centeredRowEnergies(matrix, center: columnMeans(matrix))
  return energies.reduce(0, +) / Double(matrix.rowCount)
}

/// ‖x − c‖² for the row that starts at `start`, over eight sums so that the additions overlap.
private func squaredDistance(
  _ source: UnsafeBufferPointer<Float>, from start: Int, to center: UnsafeBufferPointer<Double>
) -> Double {
  var lanes = SIMD8<Double>.zero
  let whole = center.count / 8 * 8
  for column in stride(from: 0, to: whole, by: 8) {
    var difference = SIMD8<Double>.zero
    for lane in 0..<8 {
      difference[lane] = Double(source[start + column + lane]) - center[column + lane]
    }
    lanes += difference * difference
  }
  var rest = 0.0
  for column in whole..<center.count {
    let difference = Double(source[start + column]) - center[column]
    rest += difference * difference
  }
  return lanes.sum() + rest
}
