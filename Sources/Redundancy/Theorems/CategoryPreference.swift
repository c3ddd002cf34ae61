import Foundation
import LinearAlgebra
import Statistics

/// How much a user's past classes say about the class of what the user chooses next.
///
/// π_c is the share of training choices in class c, and h_{u,c} = (n_{u,c} + π_c)/(n_u + 1) the
/// user's smoothed share. Users without training choices are left out, as they have no past.
package struct CategoryPreference {
  /// Mean over test choices of log₂(h/π), in bits; 0 when classes do not matter.
  package let informationGain: Double
  /// Bootstrap 95 % interval of the gain over users.
  package let interval: (lower: Double, upper: Double)
  /// Test choices and users that the gain rests on.
  package let choiceCount: Int
  package let userCount: Int

  private let labels: [Int]
  private let shares: [Double]
  private let training: [[Int]]
  private let test: [[Int]]

  static let resamples = 400
  /// Length of the ranked lists.
  static let listLength = 20

  /// Nil when no test choice of a user with training choices falls in a class that has any.
  ///
  /// - Parameter classes: Class of each item; negative for none.
  package init?(_ choices: ItemChoices, classes: [Int], streams: RandomStreams) {
    let distinct = Set(classes.filter { $0 >= 0 }).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    labels = classes.map { numbers[$0] ?? -1 }
    training = choices.itemsByUser(test: false)
    test = choices.itemsByUser(test: true)
    var counts = [Double](repeating: 0, count: distinct.count)
    for item in training.joined() where labels[item] >= 0 { counts[labels[item]] += 1 }
    let total = counts.reduce(0, +)
    guard total > 0 else { return nil }
    shares = counts.map { $0 / total }

    var sums: [(gain: Double, count: Double)] = []
    for user in training.indices {
      guard !training[user].isEmpty else { continue }
      let lifts = Self.lifts(training[user], labels: labels, shares: shares)
      var gain = 0.0
      var count = 0.0
      for item in test[user] {
        guard labels[item] >= 0, let lift = lifts[labels[item]] else { continue }
        gain += log2(lift)
        count += 1
      }
      if count > 0 { sums.append((gain, count)) }
    }
    guard !sums.isEmpty else { return nil }
    let measured = sums
    informationGain =
      measured.reduce(0) { $0 + $1.gain } / measured.reduce(0) { $0 + $1.count }
    choiceCount = Int(measured.reduce(0) { $0 + $1.count })
    userCount = measured.count
    let means = Parallel.map(Self.resamples) { index in
      var generator = streams.generator(for: "corollary-7", item: index)
      var gain = 0.0
      var count = 0.0
      for _ in measured.indices {
        let user = measured[generator.index(below: measured.count)]
        gain += user.gain
        count += user.count
      }
      return gain / count
    }
    interval = (quantile(means, at: 0.025) ?? .nan, quantile(means, at: 0.975) ?? .nan)
  }

  /// h_{u,c}/π_c per class; nil for a class that nobody chose in training.
  private static func lifts(
    _ items: [Int], labels: [Int], shares: [Double]
  ) -> [Double?] {
    var counts = [Double](repeating: 0, count: shares.count)
    for item in items where labels[item] >= 0 { counts[labels[item]] += 1 }
    let total = counts.reduce(0, +)
    return shares.indices.map { c in
      shares[c] > 0 ? (counts[c] + shares[c]) / (total + 1) / shares[c] : nil
    }
  }

  /// Recall@20 of popularity, and of popularity times h/π, with training items masked.
  ///
  /// Ties are broken by the lower item number. An item without a class keeps its popularity.
  ///
  /// - Complexity: O(m·20·classes + items·log(items)), in parallel over users.
  package func recalls() -> (popularity: Double, byClass: Double)? {
    var popularity = [Double](repeating: 0, count: labels.count)
    for item in training.joined() { popularity[item] += 1 }
    let order = labels.indices.sorted {
      (popularity[$1], $0) < (popularity[$0], $1)
    }
    // The last queue holds the items without a class.
    var queues = [[Int]](repeating: [], count: shares.count + 1)
    for item in order { queues[labels[item] >= 0 ? labels[item] : shares.count].append(item) }
    let users = training.indices.filter { !training[$0].isEmpty && !test[$0].isEmpty }
    guard !users.isEmpty else { return nil }
    let (scores, sortedQueues) = (popularity, queues)
    let hits = Parallel.map(users.count) { index in
      let user = users[index]
      let masked = Set(training[user])
      let lifts = Self.lifts(training[user], labels: labels, shares: shares).map { $0 ?? 1 } + [1]
      let wanted = Set(test[user])
      let plain = Self.merge([order], [1], scores, masked: masked)
      let byClass = Self.merge(sortedQueues, lifts, scores, masked: masked)
      return (
        popularity: Double(plain.count { wanted.contains($0) }) / Double(wanted.count),
        byClass: Double(byClass.count { wanted.contains($0) }) / Double(wanted.count)
      )
    }
    let count = Double(hits.count)
    return (
      hits.reduce(0) { $0 + $1.popularity } / count, hits.reduce(0) { $0 + $1.byClass } / count
    )
  }

  /// The best unmasked items of several queues, each sorted by score, under a factor per queue.
  private static func merge(
    _ queues: [[Int]], _ factors: [Double], _ scores: [Double], masked: Set<Int>
  ) -> [Int] {
    // Each head stands on an unmasked item or past the end.
    var heads = queues.map { queue in queue.firstIndex { !masked.contains($0) } ?? queue.count }
    var result: [Int] = []
    while result.count < listLength {
      var best: (queue: Int, item: Int, score: Double)?
      for q in queues.indices where heads[q] < queues[q].count {
        let item = queues[q][heads[q]]
        let score = scores[item] * factors[q]
        if let known = best, (known.score, -known.item) >= (score, -item) { continue }
        best = (q, item, score)
      }
      guard let best else { break }
      result.append(best.item)
      repeat { heads[best.queue] += 1 } while heads[best.queue] < queues[best.queue].count
        && masked.contains(queues[best.queue][heads[best.queue]])
    }
    return result
  }
}
