import Statistics

/// A random bipartite graph with given degrees and tastes, and no pair twice.
struct InteractionPlan {
  /// Interactions of each user.
  let userDegrees: [Int]
  /// Interactions of each item; sums to the same.
  let itemDegrees: [Int]
  /// The group of items that each user prefers.
  let tastes: [Int]
  /// The group of each item.
  let groups: [Int]
  /// Share of an item's interactions that come from users of its group, drift apart.
  let loyalty: Double

  /// `count` degrees of at least `minimum` and at most `maximum` that sum to `total`, the rest
  /// falling off as rank^(−exponent), in random order.
  ///
  /// - Precondition: `minimum * count <= total <= maximum * count`.
  static func powerLawDegrees(
    count: Int, total: Int, minimum: Int, maximum: Int, exponent: Double,
    using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    precondition(
      minimum * count <= total && total <= maximum * count,
      "\(count) degrees in \(minimum)...\(maximum) cannot sum to \(total)")
    let weights = (1...count).map { power(Double($0), -exponent) }
    let scale = Double(total - minimum * count) / weights.reduce(0, +)
    var degrees = weights.map { min(maximum, minimum + Int($0 * scale)) }
    // Rounding and the cap leave a remainder, dealt one by one from the top.
    var rest = total - degrees.reduce(0, +)
    while rest > 0 {
      for rank in degrees.indices where rest > 0 && degrees[rank] < maximum {
        degrees[rank] += 1
        rest -= 1
      }
    }
    return generator.permutation(count).map { degrees[$0] }
  }

  /// Draws the graph and splits each user's part by ``SplitRecipe``; rows come sorted by user,
  /// label and item.
  func draw(_ streams: RandomStreams) -> Interactions {
    var items = matched(streams)
    var offsets = [0]
    for degree in userDegrees { offsets.append(offsets[offsets.count - 1] + degree) }
    separate(&items, offsets: offsets, streams)

    var rows: [(user: Int32, split: UInt8, item: Int32)] = []
    rows.reserveCapacity(items.count)
    for user in userDegrees.indices {
      var generator = streams.generator(for: "split", item: user)
      let own = items[offsets[user]..<offsets[user + 1]]
      let labels = SplitRecipe.labels(own.count, using: &generator)
      rows += zip(labels, own).map { (Int32(user), $0, $1) }
        .sorted { ($0.1, $0.2) < ($1.1, $1.2) }
    }
    return Interactions(
      userCount: userDegrees.count, itemCount: itemDegrees.count, users: rows.map(\.user),
      items: rows.map(\.item), splits: rows.map(\.split))
  }

  /// An item for each of a user's places: both sides are sorted by group, in random order within.
  private func matched(_ streams: RandomStreams) -> [Int32] {
    let groupCount = max((tastes.max() ?? 0), (groups.max() ?? 0)) + 1
    var generator = streams.generator(for: "matching")
    var places: [(key: UInt64, place: Int)] = []
    for (user, degree) in userDegrees.enumerated() {
      for _ in 0..<degree {
        places.append((UInt64(tastes[user]) << 32 | generator.next() >> 32, places.count))
      }
    }
    var stubs: [(key: UInt64, item: Int32)] = []
    for (item, degree) in itemDegrees.enumerated() {
      for _ in 0..<degree {
        let isLoyal = generator.uniform() < loyalty
        let group = isLoyal ? groups[item] : generator.index(below: groupCount)
        stubs.append((UInt64(group) << 32 | generator.next() >> 32, Int32(item)))
      }
    }
    places.sort { ($0.key, $0.place) < ($1.key, $1.place) }
    stubs.sort { ($0.key, $0.item) < ($1.key, $1.item) }
    var items = [Int32](repeating: 0, count: places.count)
    for (place, stub) in zip(places, stubs) { items[place.place] = stub.item }
    return items
  }

  /// Exchanges second occurrences of an item with random other places until no user has any.
  private func separate(_ items: inout [Int32], offsets: [Int], _ streams: RandomStreams) {
    var generator = streams.generator(for: "separation")
    var owners = [Int](repeating: 0, count: items.count)
    for user in userDegrees.indices {
      for place in offsets[user]..<offsets[user + 1] { owners[place] = user }
    }
    for place in items.indices {
      let user = owners[place]
      let own = offsets[user]..<offsets[user + 1]
      while items[own.lowerBound..<place].contains(items[place]) {
        let other = generator.index(below: items.count)
        let others = offsets[owners[other]]..<offsets[owners[other] + 1]
        let fits = owners[other] != user && !items[own].contains(items[other])
          && !items[others].contains(items[place])
        if fits { items.swapAt(place, other) }
      }
    }
  }
}
