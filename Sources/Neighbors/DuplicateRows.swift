import LinearAlgebra

/// Rows of a matrix grouped by equal content, so that each content is searched once.
package struct DuplicateRows: Sendable {
  /// The lowest row with the same content, for every row.
  package let representatives: [Int32]
  /// All rows of a content in ascending order, for representatives that have more than one.
  let members: [Int32: [Int32]]
  /// Number of different contents.
  let distinctCount: Int

  /// Groups the rows of `matrix`, comparing bits.
  ///
  /// - Complexity: O(n·d).
  package init(_ matrix: Matrix<Float>) {
    let width = matrix.columnCount
    let digests = Self.digests(of: matrix)
    var representatives = (0..<matrix.rowCount).map(Int32.init)
    var members: [Int32: [Int32]] = [:]
    // Different contents with equal digests share a slot; they are told apart below.
    var seen: [UInt64: [Int32]] = [:]
    seen.reserveCapacity(matrix.rowCount)
    matrix.elements.withUnsafeBufferPointer { elements in
      for row in 0..<matrix.rowCount {
        let twin = seen[digests[row]]?.first { candidate in
          let start = Int(candidate) * width
          return (0..<width).allSatisfy {
            elements[start + $0].bitPattern == elements[row * width + $0].bitPattern
          }
        }
        if let twin {
          representatives[row] = twin
          members[twin, default: [twin]].append(Int32(row))
        } else {
          seen[digests[row], default: []].append(Int32(row))
        }
      }
    }
    distinctCount =
      matrix.rowCount - members.values.reduce(0) { $0 + $1.count - 1 }
    self.representatives = representatives
    self.members = members
  }

  /// The row of a content that has no copies, or nil.
  func onlyMember(of representative: Int) -> Int? {
    guard !members.isEmpty else { return representative }
    return members[Int32(representative)] == nil ? representative : nil
  }

  /// A 64-bit digest of the bits of every row.
  private static func digests(of matrix: Matrix<Float>) -> [UInt64] {
    let width = matrix.columnCount
    let grid = BlockGrid(count: matrix.rowCount, size: 256)
    return Parallel.map(grid.blockCount) { block in
      matrix.elements.withUnsafeBufferPointer { elements in
        grid.range(block).map { row in
          VectorKernels.digest(.init(rebasing: elements[row * width..<(row + 1) * width]))
        }
      }
    }.flatMap { $0 }
  }
}
