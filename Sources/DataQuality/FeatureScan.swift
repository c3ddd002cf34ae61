import LinearAlgebra

/// What all values of a modality have in common, over the items that have features.
public struct ValueKinds: Codable, Sendable, Equatable {
  /// Every value is a whole number.
  public let areIntegers: Bool
  /// Every value is 0 or 1.
  public let areZeroOrOne: Bool
  /// No value is negative.
  public let areNonNegative: Bool
}

/// Lengths of the rows and moments of the columns of a modality, in one pass.
struct FeatureScan: Sendable {
  /// Rows that are finite and not zero; the others take no part in the numbers below.
  let usableCount: Int
  /// Euclidean length of each row, 0 where it is not usable.
  let norms: [Double]
  /// Mean of each column; empty without a usable row.
  let means: [Double]
  /// Variance Σ(x − x̄)²/n of each column, exactly 0 for one that is constant.
  let variances: [Double]
  /// Equal for columns that are equal bit for bit in all rows, usable or not.
  let columnHashes: [UInt64]
  let values: ValueKinds

  /// - Parameter isUsable: One entry for each row of `matrix`.
  /// - Complexity: O(n·d), in parallel over blocks of rows.
  init(_ matrix: Matrix<Float>, isUsable: [Bool]) {
    let width = matrix.columnCount
    let grid = BlockGrid(count: matrix.rowCount, size: 512)
    // Deviations from a row of the data keep a variance exact to n roundings, whatever the mean.
    let origin = isUsable.firstIndex(of: true).map { Array(matrix.row($0)) } ?? []
    let blocks = Parallel.map(grid.blockCount) { index in
      var block = Block(width: width)
      matrix.elements.withUnsafeBufferPointer { elements in
        guard let base = elements.baseAddress else { return }
        for row in grid.range(index) {
          let values = UnsafeBufferPointer(start: base + row * width, count: width)
          block.hash(values, row: row)
          if isUsable[row] { block.add(values, origin: origin) }
          block.norms.append(
            isUsable[row]
              ? VectorKernels.dot(base + row * width, base + row * width, count: width)
                .squareRoot() : 0)
        }
      }
      return block
    }
    var total = Block(width: width)
    for block in blocks { total.merge(block) }
    let count = Double(total.count)
    usableCount = total.count
    norms = total.norms
    means = zip(origin, total.sums).map { Double($0) + $1 / count }
    variances = origin.isEmpty
      ? [] : zip(total.sums, total.squares).map { max(0, $1 - $0 * $0 / count) / count }
    columnHashes = total.hashes
    values = ValueKinds(
      areIntegers: total.count > 0 && total.areIntegers,
      areZeroOrOne: total.count > 0 && total.areZeroOrOne,
      areNonNegative: total.count > 0 && total.areNonNegative)
  }

  private struct Block: Sendable {
    var count = 0
    var norms: [Double] = []
    var sums: [Double]
    var squares: [Double]
    var hashes: [UInt64]
    var areIntegers = true
    var areZeroOrOne = true
    var areNonNegative = true

    init(width: Int) {
      sums = [Double](repeating: 0, count: width)
      squares = sums
      hashes = [UInt64](repeating: 0, count: width)
    }

    /// A column's hash is Σ bits·r over its rows with a random number r for each row: different
    /// columns agree by chance once in four thousand million, and blocks add up.
    mutating func hash(_ values: UnsafeBufferPointer<Float>, row: Int) {
      var mixed = UInt64(row) &+ 0x9E37_79B9_7F4A_7C15
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      let factor = mixed >> 32
      hashes.withUnsafeMutableBufferPointer { hashes in
        for column in 0..<values.count {
          hashes[column] &+= UInt64(values[column].bitPattern) &* factor
        }
      }
    }

    mutating func add(_ values: UnsafeBufferPointer<Float>, origin: [Float]) {
      count += 1
      sums.withUnsafeMutableBufferPointer { sums in
        squares.withUnsafeMutableBufferPointer { squares in
          origin.withUnsafeBufferPointer { origin in
            for column in 0..<values.count {
              let deviation = Double(values[column]) - Double(origin[column])
              sums[column] += deviation
              squares[column] += deviation * deviation
            }
          }
        }
      }
      // Most features lose all three properties within a few values.
      if areNonNegative { areNonNegative = values.allSatisfy { $0 >= 0 } }
      if areIntegers { areIntegers = values.allSatisfy { $0 == $0.rounded(.towardZero) } }
      if areZeroOrOne { areZeroOrOne = values.allSatisfy { $0 == 0 || $0 == 1 } }
    }

    mutating func merge(_ other: Block) {
      count += other.count
      norms += other.norms
      for column in sums.indices {
        sums[column] += other.sums[column]
        squares[column] += other.squares[column]
        hashes[column] &+= other.hashes[column]
      }
      areIntegers = areIntegers && other.areIntegers
      areZeroOrOne = areZeroOrOne && other.areZeroOrOne
      areNonNegative = areNonNegative && other.areNonNegative
    }
  }
}
