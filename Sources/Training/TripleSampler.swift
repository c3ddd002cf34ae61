import Recommenders
import Statistics

/// The training triples of one epoch, in the order in which they are visited.
public struct EpochTriples: Sendable {
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
    let size = min(size, max(count, 1))
    return (0..<(count + size - 1) / size).lazy.map { index in
      let range = index * size..<min(count, (index + 1) * size)
      return Batch(
        users: users[range], positives: positives[range], negatives: negatives[range])
    }
  }
}

/// Draws the training triples: every training interaction once an epoch, in random order, each
/// with one negative.
///
/// A negative is uniform over the items that occur in training and that the user does not have
/// there; held-out items may be drawn. Instead of drawing among all and rejecting the user's own,
/// which is the same in distribution, the r-th of the others is found by bisection: a draw costs
/// the same however many items the user has.
///
/// An epoch depends on the seed and its number alone, so a resumed run needs no generator's state.
///
/// - Reference: [RFGS09]; protocol [Zhou23].
public final class TripleSampler {
  private let data: TrainingData
  private let streams: RandomStreams
  /// For each entry of `data.itemsByUser`, how many of the distinct items before it its user lacks.
  private let lacking: [Int32]
  private var users: [Int32]
  private var positives: [Int32]
  private var negatives: [Int32]

  public init(_ data: TrainingData, streams: RandomStreams) {
    self.data = data
    self.streams = streams
    var places = [Int32](repeating: 0, count: data.itemCount)
    for (place, item) in data.distinctItems.enumerated() { places[Int(item)] = Int32(place) }
    let lists = data.itemsByUser
    var lacking = [Int32](repeating: 0, count: lists.items.count)
    for user in 0..<lists.count {
      let start = lists.offsets[user]
      for entry in start..<lists.offsets[user + 1] {
        lacking[entry] = places[Int(lists.items[entry])] - Int32(entry - start)
      }
    }
    self.lacking = lacking
    let count = data.trainingUsers.count
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
    shuffle(streams.generator(for: "shuffle", item: epoch))
    drawNegatives(streams.generator(for: "negatives", item: epoch))
    return EpochTriples(users: users, positives: positives, negatives: negatives)
  }

  /// Fisher and Yates's shuffle, inside out: reads the interactions in order, writes in random.
  private func shuffle(_ generator: SeededGenerator) {
    var generator = generator
    users.withUnsafeMutableBufferPointer { users in
      positives.withUnsafeMutableBufferPointer { positives in
        for row in users.indices {
          let place = generator.index(below: row + 1)
          users[row] = users[place]
          positives[row] = positives[place]
          users[place] = data.trainingUsers[row]
          positives[place] = data.trainingItems[row]
        }
      }
    }
  }

  private func drawNegatives(_ generator: SeededGenerator) {
    var generator = generator
    let items = data.distinctItems
    let offsets = data.itemsByUser.offsets
    negatives.withUnsafeMutableBufferPointer { negatives in
      for triple in negatives.indices {
        let user = Int(users[triple])
        let start = offsets[user]
        let end = offsets[user + 1]
        let rank = generator.index(below: items.count - (end - start))
        // The own items with at most `rank` others before them come before the one sought.
        var low = start
        var high = end
        while low < high {
          let middle = (low + high) / 2
          if lacking[middle] <= Int32(rank) { low = middle + 1 } else { high = middle }
        }
        negatives[triple] = items[rank + low - start]
      }
    }
  }
}
