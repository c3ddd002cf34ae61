import Statistics

/// A fold for each item so that every class is spread evenly over the folds.
///
/// - Parameters:
///   - labels: The class of each item; any integers.
///   - count: Number of folds, at least 1.
/// - Returns: Numbers in `0..<count`. Folds differ by at most one item in size, and by at most one
///   in each class.
/// - Complexity: O(n log n).
package func stratifiedFolds(labels: [Int], count: Int, streams: RandomStreams) -> [Int] {
  precondition(count >= 1, "at least one fold, got \(count)")
  var generator = streams.generator(for: "probe-folds")
  var members: [Int: [Int]] = [:]
  for item in generator.permutation(labels.count) {
    members[labels[item], default: []].append(item)
  }
  var folds = [Int](repeating: 0, count: labels.count)
  // Dealt on from class to class, so that classes of one item do not all meet in one fold.
  var next = 0
  for label in members.keys.sorted() {
    for item in members[label] ?? [] {
      folds[item] = next
      next = (next + 1) % count
    }
  }
  return folds
}
