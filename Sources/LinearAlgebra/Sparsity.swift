internal import CVectorKernels

extension Matrix<Float> {
  /// Whether so many elements are zero that products from the others alone are faster than dense
  /// ones: at most 40 % are not zero.
  ///
  /// - Complexity: O(n·d), in parallel.
  package var isMostlyZero: Bool {
    let grid = BlockGrid(count: elements.count, size: 1 << 20)
    let counts = Parallel.map(grid.blockCount) { block in
      elements.withUnsafeBufferPointer { nonZeros(in: .init(rebasing: $0[grid.range(block)])) }
    }
    return Double(counts.reduce(0, +)) <= 0.4 * Double(elements.count)
  }
}

/// How many of `elements` are not zero.
func nonZeros(in elements: UnsafeBufferPointer<Float>) -> Int {
  elements.baseAddress.map { vk_count_nonzero($0, elements.count) } ?? 0
}
