import LinearAlgebra
import Recommenders
import Statistics

/// The training triples of one epoch, in the order in which they are visited.
public struct EpochTriples: Sendable {
  /// Number of the epoch.
  public let epoch: Int
  /// User of each triple.
  public let users: [Int32]
  /// An item that the user has in training.
  public let positives: [Int32]
  /// An item that the user does not have in training.
  public let negatives: [Int32]

  /// Number of triples.
  public var count: Int { users.count }

  /// The triples in batches of `size`, the last one shorter.
  ///
  /// - Precondition: `size` is positive.
  public func batches(size: Int) -> some RandomAccessCollection<Batch> {
    precondition(size > 0, "a batch has at least one triple, got \(size)")
    // A size beyond the count would overflow where it is multiplied.
    let step = min(size, max(count, 1))
    return (0..<(count + step - 1) / step).lazy.map { index in
      let range = index * step..<min(count, (index + 1) * step)
      return Batch(
        users: users[range], positives: positives[range], negatives: negatives[range],
        epoch: epoch, step: index + 1, fullCount: size)
    }
  }
}

/// Draws the training triples: every training interaction once an epoch, in random order, or
/// different users batch by batch; each with one negative.
///
/// A negative is uniform over the items that the user does not have in training. Where every
/// interaction is visited they are items that occur in training; held-out items may be drawn.
/// Instead of drawing among all and rejecting the user's own, which is the same in distribution,
/// the r-th of the others is found by bisection: a draw costs the same however many items the user
/// has.
///
/// An epoch depends on the seed and its number alone, so a resumed run needs no generator's state.
///
/// - Reference: [RFGS09]; protocol [Zhou23], [WHXZ23] for batches of different users.
public final class TripleSampler {
  private let data: TrainingData
  private let sampling: TripleSampling
  private let batchSize: Int
  private let streams: RandomStreams
  /// The items that negatives are drawn from, ascending.
  private let pool: [Int32]
  /// The users that have an item in training.
  private let activeUsers: [Int32]
  /// For each entry of `data.itemsByUser`, how many items of the pool before it its user lacks.
  private let lacking: [Int32]
  private var users: [Int32]
  private var positives: [Int32]
  private var negatives: [Int32]

  /// - Parameter batchSize: Users of a batch where batches are of different users; without effect
  ///   elsewhere.
  public init(
    _ data: TrainingData, _ sampling: TripleSampling = .interactions, batchSize: Int = 2048,
    streams: RandomStreams
  ) {
    self.data = data
    self.sampling = sampling
    self.streams = streams
    pool =
      sampling == .interactions ? data.distinctItems : (0..<data.itemCount).map { Int32($0) }
    var places = [Int32](repeating: 0, count: data.itemCount)
    for (place, item) in pool.enumerated() { places[Int(item)] = Int32(place) }
    let lists = data.itemsByUser
    var lacking = [Int32](repeating: 0, count: lists.items.count)
    for user in 0..<lists.count {
      let start = lists.offsets[user]
      for entry in start..<lists.offsets[user + 1] {
        lacking[entry] = places[Int(lists.items[entry])] - Int32(entry - start)
      }
    }
    self.lacking = lacking
    activeUsers = (0..<Int32(data.userCount)).filter { !lists[Int($0)].isEmpty }
    let interactions = data.trainingUsers.count
    self.batchSize = batchSize
    let count =
      sampling == .interactions
      ? interactions : (interactions / batchSize + 1) * batchSize
    users = [Int32](repeating: 0, count: count)
    positives = users
    negatives = users
  }

  /// The triples of `epoch`.
  ///
  /// The arrays are reused once nobody holds the triples of the epoch before.
  ///
  /// - Complexity: O(n log t) for n training interactions of users with up to t items.
  public func epoch(_ epoch: Int) -> EpochTriples {
    switch sampling {
    case .interactions: shuffle(streams.generator(for: "shuffle", item: epoch))
    case .distinctUsers: drawUsers(streams.generator(for: "users", item: epoch))
    }
    drawNegatives(streams.generator(for: "negatives", item: epoch))
    return EpochTriples(
      epoch: epoch, users: users, positives: positives, negatives: negatives)
  }

  /// Fisher and Yates's shuffle, inside out: reads the interactions in order, writes in random.
  private func shuffle(_ generator: SeededGenerator) {
    var generator = generator
    let (ofUsers, ofItems) = (data.trainingUsers, data.trainingItems)
    users.withUnsafeMutableBufferPointer { users in
      positives.withUnsafeMutableBufferPointer { positives in
        for row in users.indices {
          let place = generator.index(below: row + 1)
          users[row] = users[place]
          positives[row] = positives[place]
          users[place] = ofUsers[row]
          positives[place] = ofItems[row]
        }
      }
    }
  }

  /// Different users for each batch, and one item of each. Where there are fewer users than a
  /// batch has, they repeat.
  private func drawUsers(_ generator: SeededGenerator) {
    var generator = generator
    var order = activeUsers
    let areDistinct = order.count >= batchSize
    for triple in users.indices {
      let place = triple % batchSize
      let drawn = generator.index(below: areDistinct ? order.count - place : order.count)
      if areDistinct { order.swapAt(place, place + drawn) }
      let user = order[areDistinct ? place : drawn]
      let items = data.itemsByUser[Int(user)]
      users[triple] = user
      positives[triple] = items[items.startIndex + generator.index(below: items.count)]
    }
  }

  private func drawNegatives(_ generator: SeededGenerator) {
    var generator = generator
    let (items, lacking, users, offsets) = (pool, lacking, users, data.itemsByUser.offsets)
    negatives.withUnsafeMutableBufferPointer { negatives in
      for triple in negatives.indices {
        let user = Int(users[triple])
        let own = offsets[user + 1] - offsets[user]
        negatives[triple] = Int32(generator.index(below: items.count - own))
      }
      nonisolated(unsafe) let negatives = negatives
      let grid = BlockGrid(count: negatives.count, size: 1 << 12)
      Parallel.forEach(grid.blockCount) { block in
        for triple in grid.range(block) {
          let (user, rank) = (Int(users[triple]), negatives[triple])
          let start = offsets[user]
          // The own items with at most `rank` others before them come before the one sought. They
          // are counted by halving, without a branch that could not be foreseen.
          var (before, left) = (0, offsets[user + 1] - start)
          while left > 0 {
            let half = (left + 1) / 2
            before += lacking[start + before + half - 1] <= rank ? half : 0
            left -= half
          }
          negatives[triple] = items[Int(rank) + before]
        }
      }
    }
  }
}
