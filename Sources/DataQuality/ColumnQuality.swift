import LinearAlgebra

/// Columns that say nothing, or nothing new.
public struct ColumnQuality: Codable, Sendable, Equatable {
  /// Columns with one value in all items that have features.
  public let constant: Occurrences
  /// Other columns whose variance is below 10⁻¹² of the columns' mean variance.
  public let nearlyConstant: Occurrences
  /// Columns that equal an earlier one bit for bit; constant columns are left out.
  public let duplicated: Occurrences
  /// The ten largest groups of equal columns, largest first.
  public let duplicateGroups: [Occurrences]

  init(_ matrix: Matrix<Float>, _ scan: FeatureScan) {
    let variances = scan.variances
    let floor = 1e-12 * variances.reduce(0, +) / Double(max(variances.count, 1))
    constant = Occurrences(variances.indices.filter { variances[$0] == 0 })
    nearlyConstant = Occurrences(
      variances.indices.filter { variances[$0] > 0 && variances[$0] < floor })
    let groups = equalColumns(
      matrix, among: variances.indices.filter { variances[$0] > 0 }, hashes: scan.columnHashes)
    duplicated = Occurrences(groups.flatMap { $0.dropFirst() }.sorted())
    duplicateGroups = largestGroups(groups)
  }
}

/// The ten largest of `groups`, larger first, then by first member.
func largestGroups(_ groups: [[Int]]) -> [Occurrences] {
  groups.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }.prefix(10).map { Occurrences($0) }
}

/// Groups of two or more columns that are equal bit for bit, each ascending, in order of their
/// first columns.
///
/// - Parameters:
///   - columns: The columns that are compared.
///   - hashes: One for each column of the matrix, equal for equal columns; columns of equal hash
///     are compared, so a collision does not count.
/// - Complexity: O(d·log d), and O(n) for each column whose hash another one has.
package func equalColumns(
  _ matrix: Matrix<Float>, among columns: [Int], hashes: [UInt64]
) -> [[Int]] {
  var groups: [[Int]] = []
  var unsettled = Dictionary(grouping: columns) { hashes[$0] }.values.filter { $0.count > 1 }
  while !unsettled.isEmpty {
    let pairs = unsettled.flatMap { bucket in bucket.dropFirst().map { (bucket[0], $0) } }
    let differ = Set(differingPairs(matrix, pairs))
    groups += unsettled.map { $0.filter { !differ.contains($0) } }.filter { $0.count > 1 }
    unsettled = unsettled.map { $0.filter(differ.contains) }.filter { $0.count > 1 }
  }
  return groups.sorted { $0[0] < $1[0] }
}

/// The second columns of the pairs that differ in some row.
private func differingPairs(_ matrix: Matrix<Float>, _ pairs: [(Int, Int)]) -> [Int] {
  let width = matrix.columnCount
  let grid = BlockGrid(count: matrix.rowCount, size: 512)
  let blocks = Parallel.map(grid.blockCount) { block in
    matrix.elements.withUnsafeBufferPointer { elements in
      pairs.filter { first, second in
        grid.range(block).contains { row in
          elements[row * width + first].bitPattern != elements[row * width + second].bitPattern
        }
      }.map(\.1)
    }
  }
  return blocks.flatMap { $0 }
}
