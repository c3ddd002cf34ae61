import LinearAlgebra

extension FullSortRanking {
  /// Hands the ranks of each user's `wanted` items, from 1 and in the order of the list, to `body`;
  /// 0 for an item that does not compete. List k of `wanted` belongs to `chosen[k]`.
  ///
  /// A rank is one more than the number of items before it, so nothing is sorted: in single
  /// precision nearly all scores are clearly above a wanted item's or clearly below, and the others
  /// are settled in double precision. The ranks are those of the exact order.
  ///
  /// - Complexity: 2·m·n·d operations for m users and n items of width d, and a comparison for each
  ///   score and wanted item; in parallel over blocks of users.
  func forEachRanks(
    _ chosen: [Int32], of wanted: ItemLists,
    _ body: @Sendable (_ place: Int, _ ranks: [Int]) -> Void
  ) {
    let grid = BlockGrid(count: chosen.count, size: Self.blockSize)
    Parallel.forEach(grid.blockCount) { block in
      let places = grid.range(block)
      let targets = places.map { place in
        wanted[place].map { target($0, of: Int(chosen[place])) }
      }
      var ranks = targets.map { $0.map { $0.competes ? 1 : 0 } }
      var between = [UInt32](repeating: 0, count: Self.tileSize)
      forEachTile(of: chosen[places]) { scores, start in
        let width = min(Self.tileSize, itemCount - start)
        for (row, targets) in targets.enumerated() {
          let own = UnsafeBufferPointer(
            rebasing: scores[row * Self.tileSize..<row * Self.tileSize + width])
          for (place, target) in targets.enumerated() where target.competes {
            let (above, near) = between.withUnsafeMutableBufferPointer {
              VectorKernels.countAbove(
                own, low: target.low, high: target.high, between: $0.baseAddress!)
            }
            ranks[row][place] += above
            for column in between.prefix(near) {
              let other = start + Int(column)
              let score = self.score(of: other, for: Int(chosen[places.lowerBound + row]))
              if ScoredItem(item: other, score: score).precedes(target.scored) {
                ranks[row][place] += 1
              }
            }
          }
        }
      }
      for (row, place) in places.enumerated() { body(place, ranks[row]) }
    }
  }

  /// An item whose rank is wanted.
  private struct Target {
    let scored: ScoredItem
    /// Below and above these a score in single precision is clearly on its side.
    let low: Float
    let high: Float
    let competes: Bool
  }

  private func target(_ item: Int32, of user: Int) -> Target {
    let score = self.score(of: Int(item), for: user)
    return Target(
      scored: ScoredItem(item: Int(item), score: score), low: Float(score - tolerances[user]),
      high: Float(score + tolerances[user]), competes: !exclusions.contains(item, in: user))
  }

  /// ⟨user, item⟩ in double precision.
  private func score(of item: Int, for user: Int) -> Double {
    let width = users.columnCount
    return users.elements.withUnsafeBufferPointer { users in
      paddedItems.withUnsafeBufferPointer { items in
        guard let users = users.baseAddress, let items = items.baseAddress else { return 0 }
        return VectorKernels.dot(users + user * width, items + item * width, count: width)
      }
    }
  }
}
