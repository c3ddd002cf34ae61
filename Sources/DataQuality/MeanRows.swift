import LinearAlgebra

/// Rows that equal the column means, as imputation leaves them, ascending.
///
/// A row equals the mean of the others exactly if it equals the mean of all, so one comparison
/// answers both. A row that has c − 1 copies is held against the mean of the n − c others, whose
/// distance from it is n/(n − c) times that of the mean of all. Means over the rows that have
/// features are tried and, where rows of zeros exist, means that count those in.
///
/// The tolerance is a share t of the root mean square length of the rows, and in each column
/// t·|mean| plus a thousandth of the standard deviation, so that a column of large values does not
/// cover for the others. t is 10⁻⁵, or more where the features were stored in fewer bits or where
/// single precision would sum n of them no better.
///
/// - Parameters:
///   - copies: Number of rows equal to each row, itself included.
///   - zeroRows: Rows of zeros in the matrix.
/// - Returns: Nil where a row near the mean proves nothing: fewer than three items or two columns,
///   whole numbers throughout, or no variance.
/// - Complexity: O(n) rows of which most are left after a few columns.
func meanRows(
  _ matrix: Matrix<Float>, dtype: String, _ scan: FeatureScan, isUsable: [Bool], copies: [Int],
  zeroRows: Int
) -> [Int]? {
  let count = Double(scan.usableCount)
  guard
    scan.usableCount >= 3, matrix.columnCount >= 2, !scan.values.areIntegers,
    scan.variances.contains(where: { $0 > 0 })
  else { return nil }
  let share = max(1e-5, count.squareRoot() * 0x1p-23, unitRoundoff(dtype))
  let typical = (scan.norms.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
  let shrinkages = zeroRows > 0 ? [1, count / (count + Double(zeroRows))] : [1]
  let candidates = shrinkages.map { shrinkage in
    scan.means.indices.map { column in
      let mean = scan.means[column] * shrinkage
      return Target(
        mean: mean, slack: share * abs(mean) + 1e-3 * scan.variances[column].squareRoot())
    }
  }
  let grid = BlockGrid(count: matrix.rowCount, size: 512)
  return Parallel.map(grid.blockCount) { block in
    grid.range(block).filter { row in
      let others = max(count - Double(copies[row]), 0) / count
      guard isUsable[row], others > 0 else { return false }
      let limit = share * typical * others
      return candidates.contains { isNear(matrix.row(row), $0, limit: limit * limit) }
    }
  }.flatMap { $0 }
}

private struct Target: Sendable {
  let mean: Double
  let slack: Double
}

private func isNear(_ row: ArraySlice<Float>, _ targets: [Target], limit: Double) -> Bool {
  var squares = 0.0
  for (value, target) in zip(row, targets) {
    let deviation = Double(value) - target.mean
    squares += deviation * deviation
    if squares > limit || abs(deviation) > target.slack { return false }
  }
  return true
}

/// Largest relative error of a number stored as `dtype`.
private func unitRoundoff(_ dtype: String) -> Double {
  switch dtype {
  case "float16": 0x1p-11
  case "bfloat16": 0x1p-8
  default: 0x1p-24
  }
}
