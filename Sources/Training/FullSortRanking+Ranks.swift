import LinearAlgebra

extension FullSortRanking {
  /// Hands the ranks of each user's `wanted` items, from 1 and in the order of the list, to `body`;
  /// 0 for an item that does not compete or has more than `depth` − 1 others before it. List k of
  /// `wanted` belongs to `chosen[k]`; users without any rank are passed over.
  ///
  /// A rank is one more than the number of items before it, so nothing is sorted: in single
  /// precision nearly all scores are clearly above a wanted item's or clearly below, and the others
  /// are settled in double precision. The ranks are those of the exact order. An item is settled
  /// as soon as too many are before it, or none of those left is long enough to be: ‖u‖·‖i‖ bounds
  /// a score. A user whose wanted items all are settled meets no further ones.
  ///
  /// - Complexity: at most 2·m·n·d operations for m users and n items of width d, and a comparison
  ///   for each score and wanted item; in parallel over blocks of users.
  func forEachRanks(
    _ chosen: [Int32], of wanted: ItemLists, depth: Int,
    _ body: @Sendable (_ place: Int, _ ranks: [Int]) -> Void
  ) {
    let memory = UnsafeMutableBufferPointer<Target>.allocate(capacity: max(1, wanted.items.count))
    defer { memory.deallocate() }
    let shared = SharedBuffer(memory)
    @Sendable func targets(_ place: Int) -> UnsafeMutableBufferPointer<Target> {
      let (start, end) = (wanted.offsets[place], wanted.offsets[place + 1])
      return UnsafeMutableBufferPointer(start: shared.base + start, count: end - start)
    }
    var places = Array(chosen.indices)
    var tiles = 0..<1
    while !places.isEmpty {
      let grid = BlockGrid(count: places.count, size: Self.blockSize)
      Parallel.forEach(grid.blockCount) { [places, tiles] block in
        let own = places[grid.range(block)]
        if tiles.lowerBound == 0 {
          for place in own {
            let (user, own) = (Int(chosen[place]), targets(place))
            for (index, item) in wanted[place].enumerated() {
              own.initializeElement(at: index, to: target(item, of: user))
            }
          }
        }
        count(tiles, for: own.map { (chosen[$0], targets($0)) }, depth: depth)
      }
      // Twice as many tiles for the others: blocks stay full, and nobody meets more than twice the
      // items that settle the matter.
      tiles = tiles.upperBound..<min(tileCount, 2 * tiles.upperBound)
      guard !tiles.isEmpty else { break }
      places.removeAll { targets($0).allSatisfy { !$0.isOpen } }
    }
    let grid = BlockGrid(count: chosen.count, size: Self.blockSize)
    Parallel.forEach(grid.blockCount) { block in
      for place in grid.range(block) {
        let own = targets(place)
        if own.contains(where: { $0.hasRank(depth) }) {
          body(place, own.map { $0.hasRank(depth) ? $0.rank : 0 })
        }
      }
    }
  }

  /// Adds the items of some tiles to the ranks of users' targets.
  private func count(
    _ tiles: Range<Int>, for users: [(user: Int32, targets: UnsafeMutableBufferPointer<Target>)],
    depth: Int
  ) {
    var between = [UInt32](repeating: 0, count: Self.tileSize)
    forEachTile(tiles, of: users.map(\.user)) { scores, start in
      let width = min(Self.tileSize, itemsByPlace.count - start)
      // The longest of the items behind this tile.
      let next = start + width < itemNorms.count ? itemNorms[start + width] : 0
      for (row, (user, targets)) in users.enumerated() {
        let own = UnsafeBufferPointer(
          rebasing: scores[row * Self.tileSize..<row * Self.tileSize + width])
        let bound = userNorms[Int(user)] * next + tolerances[Int(user)]
        for place in targets.indices where targets[place].isOpen {
          let target = targets[place]
          let (above, near) = between.withUnsafeMutableBufferPointer {
            VectorKernels.countAbove(
              own, low: target.low, high: target.high, between: $0.baseAddress!)
          }
          var before = above
          for column in between.prefix(near) {
            let other = start + Int(column)
            let item = Int(itemsByPlace[other])
            let score = self.score(at: other, for: Int(user))
            if ScoredItem(item: item, score: score).precedes(target.scored) { before += 1 }
          }
          let rank = target.rank + before
          targets[place].rank = rank
          targets[place].isOpen = rank <= depth && target.scored.score <= bound
        }
      }
    }
  }

  /// An item whose rank is wanted.
  private struct Target {
    let scored: ScoredItem
    /// Below and above these a score in single precision is clearly on its side.
    let low: Float
    let high: Float
    /// One more than the items that were found before it; 0 if it does not compete.
    var rank: Int
    /// Whether further items may change whether it is among the first, or at which rank.
    var isOpen: Bool

    /// Whether it competes and is among the first `depth`.
    func hasRank(_ depth: Int) -> Bool { (1...depth).contains(rank) }
  }

  private func target(_ item: Int32, of user: Int) -> Target {
    let score = self.score(at: Int(places[Int(item)]), for: user)
    let competes = !exclusions.contains(item, in: user)
    return Target(
      scored: ScoredItem(item: Int(item), score: score), low: Float(score - tolerances[user]),
      high: Float(score + tolerances[user]), rank: competes ? 1 : 0, isOpen: competes)
  }

  /// The score of the item at `place` in double precision.
  private func score(at place: Int, for user: Int) -> Double {
    let width = users.columnCount
    return users.elements.withUnsafeBufferPointer { users in
      paddedItems.withUnsafeBufferPointer { items in
        guard let users = users.baseAddress, let items = items.baseAddress else { return 0 }
        return VectorKernels.dot(users + user * width, items + place * width, count: width)
      }
    }
  }
}
