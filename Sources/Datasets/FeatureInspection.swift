import LinearAlgebra

/// What one look over the features of a modality found.
public struct ModalityInspection: Codable, Sendable, Equatable {
  /// A place in a feature matrix; both count from 0.
  public struct Position: Codable, Sendable, Equatable {
    public let row: Int
    public let column: Int

    public init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  /// The modality's name.
  public let name: String
  /// Number of items n.
  public let items: Int
  /// Number of features d.
  public let dimension: Int
  /// Element type as stored.
  public let dtype: String
  /// Values that are NaN, infinite, or beyond single precision.
  public let nonFinite: Int
  /// The first of them, row by row.
  public let firstNonFinite: Position?
  /// Rows whose values are all zero, which have no cosine.
  public let zeroRows: Int
  /// The first of them.
  public let firstZeroRow: Int?
  /// Rows that equal an earlier row bit for bit.
  public let duplicateRows: Int
  /// Size of the largest group of equal rows: 1 when all differ, 0 without rows.
  public let itemsSharingLargestGroup: Int
  /// Columns with the same value in every row.
  public let constantColumns: Int
  /// The first of them.
  public let firstConstantColumn: Int?
}

/// Looks for values that would poison or fake a diagnostic.
public enum FeatureInspection {
  /// Inspects one modality.
  ///
  /// - Complexity: O(n·d), in parallel over blocks of rows; O(n + d) extra memory per block.
  public static func inspect(_ features: FeatureMatrix) -> ModalityInspection {
    inspect(features.matrix, name: features.name, dtype: features.dtype)
  }

  /// Inspects a matrix, n × d.
  public static func inspect(
    _ matrix: Matrix<Float>, name: String, dtype: String = "float32"
  ) -> ModalityInspection {
    let scan = RowScan(matrix)
    let groups = DuplicateGroups(matrix, hashes: scan.hashes)
    let constant = scan.constantColumns
    return ModalityInspection(
      name: name, items: matrix.rowCount, dimension: matrix.columnCount, dtype: dtype,
      nonFinite: scan.nonFinite.reduce(0, +),
      firstNonFinite: scan.nonFinite.firstIndex { $0 > 0 }.map { row in
        .init(row: row, column: matrix.row(row).enumerated().first { !$0.1.isFinite }?.0 ?? 0)
      },
      zeroRows: scan.zeroRows.count, firstZeroRow: scan.zeroRows.first,
      duplicateRows: groups.duplicateRows, itemsSharingLargestGroup: groups.largest,
      constantColumns: constant.count, firstConstantColumn: constant.first)
  }
}

/// One pass over the rows of a matrix.
package struct RowScan: Sendable {
  /// Values that are not finite, for each row.
  package let nonFinite: [Int]
  /// Rows whose values are all zero.
  package let zeroRows: [Int]
  /// Columns whose values all equal that of the first row.
  package let constantColumns: [Int]
  /// A hash of each row's bits.
  package let hashes: [UInt64]

  private struct Block: Sendable {
    var nonFinite: [Int] = []
    var zeroRows: [Int] = []
    var hashes: [UInt64] = []
    var varies: [UInt32]
  }

  /// Scans `matrix`, in parallel over blocks of rows.
  package init(_ matrix: Matrix<Float>) {
    let width = matrix.columnCount
    let grid = BlockGrid(count: matrix.rowCount, size: 512)
    let blocks = Parallel.map(grid.blockCount) { index in
      var block = Block(varies: [UInt32](repeating: 0, count: width))
      matrix.elements.withUnsafeBufferPointer { elements in
        block.varies.withUnsafeMutableBufferPointer { varies in
          for row in grid.range(index) {
            let values = UnsafeBufferPointer(
              rebasing: elements[row * width..<(row + 1) * width])
            let (hash, nonFinite, isZero) = Self.scan(values)
            block.hashes.append(hash)
            block.nonFinite.append(nonFinite)
            if isZero { block.zeroRows.append(row) }
            for column in 0..<width {
              varies[column] |= values[column] == elements[column] ? 0 : 1
            }
          }
        }
      }
      return block
    }
    nonFinite = blocks.flatMap(\.nonFinite)
    zeroRows = blocks.flatMap(\.zeroRows)
    hashes = blocks.flatMap(\.hashes)
    constantColumns = blocks.isEmpty
      ? [] : (0..<width).filter { column in blocks.allSatisfy { $0.varies[column] == 0 } }
  }

  private static func scan(
    _ values: UnsafeBufferPointer<Float>
  ) -> (hash: UInt64, nonFinite: Int, isZero: Bool) {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    var nonFinite: UInt32 = 0
    var union: UInt32 = 0
    for value in values {
      let bits = value.bitPattern
      union |= bits << 1
      nonFinite &+= bits & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0
    }
    // Two words a step: the multiplication is the longest link of the chain.
    let bytes = UnsafeRawBufferPointer(values)
    let words = bytes.count / 8
    for word in 0..<words {
      let bits = bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
      hash = (hash ^ bits) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
    }
    if values.count % 2 == 1, let last = values.last {
      hash = (hash ^ UInt64(last.bitPattern)) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
    }
    return (hash, Int(nonFinite), union == 0)
  }
}

/// Groups of rows that are equal bit for bit.
package struct DuplicateGroups: Sendable {
  /// Two or more equal rows each, ascending; the groups are in order of their first rows.
  package let groups: [[Int]]
  /// Size of the largest group: 1 when all rows differ, 0 without rows.
  package let largest: Int

  /// Rows that equal an earlier one.
  package var duplicateRows: Int { groups.reduce(0) { $0 + $1.count - 1 } }

  /// Rows of equal hash are compared, so a collision does not count.
  package init(_ matrix: Matrix<Float>, hashes: [UInt64]) {
    let order = hashes.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) }
    var found: [[Int]] = []
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, hashes[order[end]] == hashes[order[start]] { end += 1 }
      if end - start > 1 {
        var groups: [[Int]] = []
        for row in order[start..<end] {
          if let group = groups.firstIndex(where: { Self.areEqual(matrix, $0[0], row) }) {
            groups[group].append(row)
          } else {
            groups.append([row])
          }
        }
        found += groups.filter { $0.count > 1 }
      }
      start = end
    }
    groups = found.sorted { $0[0] < $1[0] }
    largest = found.reduce(min(1, hashes.count)) { max($0, $1.count) }
  }

  private static func areEqual(_ matrix: Matrix<Float>, _ first: Int, _ second: Int) -> Bool {
    zip(matrix.row(first), matrix.row(second)).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}
