internal import COpenBLAS

/// The factors of a tall matrix by Householder QR of fixed blocks of its rows, on all threads:
///
///     A = diag(Q₁, …, Q_b) · (R₁; …; R_b)
///
/// A decomposition of the stacked triangles, b·n × n, is one of A once its left factor is multiplied
/// by the Q's; LAPACK would spend most of its time, on one thread, on getting as far.
///
/// - Reference: [DGHL12].
package struct BlockedQR {
  /// R₁ above R₂ and so on, b·n × n.
  package let triangles: Matrix<Double>
  private let grid: BlockGrid
  // Q of each block, its columns one after another; nothing where only triangles are wanted.
  private let bases: [[Double]]

  /// How an m × n matrix is cut: into at most 16 blocks about four times as tall as wide or taller,
  /// so that the stacked triangles stay small beside it; a narrow matrix not at all.
  package static func blocks(rows m: Int, columns n: Int) -> BlockGrid {
    let count = n < 16 ? 1 : min(16, max(1, m / (4 * n)))
    return BlockGrid(count: m, size: max(1, (m + count - 1) / count))
  }

  /// Factors `a`, or its transpose where it has more columns than rows.
  ///
  /// - Parameter withBases: Whether the Q's are formed, which takes as long again.
  /// - Precondition: all elements are finite.
  /// - Complexity: 2·m·n² operations, twice that with the Q's.
  package init(_ a: Matrix<Double>, withBases: Bool) {
    _ = OpenBLAS.isSingleThreaded
    let isWide = a.rowCount < a.columnCount
    let n = min(a.rowCount, a.columnCount)
    let grid = Self.blocks(rows: max(a.rowCount, a.columnCount), columns: n)
    let factored = Parallel.map(grid.blockCount) { block in
      let rows = grid.range(block)
      let m = rows.count
      var columns = (isWide ? a.columns(rows) : a.rows(rows).transposed()).elements
      var tau = [Double](repeating: 0, count: n)
      var status = LAPACKE_dgeqrf(
        LAPACK_COL_MAJOR, blasInt(m), blasInt(n), &columns, blasInt(m), &tau)
      precondition(status == 0, "dgeqrf: argument \(-status) is wrong")
      var triangle = [Double](repeating: 0, count: n * n)
      for r in 0..<n {
        for c in r..<n { triangle[r * n + c] = columns[c * m + r] }
      }
      guard withBases else { return (triangle: triangle, basis: [Double]()) }
      status = LAPACKE_dorgqr(
        LAPACK_COL_MAJOR, blasInt(m), blasInt(n), blasInt(n), &columns, blasInt(m), tau)
      precondition(status == 0, "dorgqr: argument \(-status) is wrong")
      return (triangle: triangle, basis: columns)
    }
    self.grid = grid
    triangles = Matrix(
      rowCount: grid.blockCount * n, columnCount: n, elements: factored.flatMap(\.triangle))
    bases = factored.map(\.basis)
  }

  /// diag(Q₁, …, Q_b)·B.
  ///
  /// - Shapes: `b` is b·n × r; the result is m × r.
  /// - Complexity: 2·m·n·r operations, in parallel.
  package func multiplied(by b: Matrix<Double>) -> Matrix<Double> {
    let n = triangles.columnCount
    let width = b.columnCount
    var result = Matrix<Double>(rowCount: grid.count, columnCount: width)
    guard !result.elements.isEmpty else { return result }
    result.elements.withUnsafeMutableBufferPointer { target in
      b.elements.withUnsafeBufferPointer { factor in
        let out = SharedBuffer(target)
        nonisolated(unsafe) let factor = factor.baseAddress!
        Parallel.forEach(grid.blockCount) { block in
          let rows = grid.range(block)
          DenseKernels.gemm(
            .init(base: bases[block], stride: rows.count, transposition: .transposed),
            .init(base: factor + block * n * width, stride: width),
            .init(
              base: out.base + rows.lowerBound * width, stride: width, rows: rows.count,
              columns: width, inner: n))
        }
      }
    }
    return result
  }
}
