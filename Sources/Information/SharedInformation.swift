import LinearAlgebra
import Statistics

/// I(V;T) in bits of two lists of symbols, beside what it is when their pairing is random.
///
/// A plug-in estimate is positive even between unrelated lists; its null shows by how much.
///
/// - Parameters:
///   - first: The value of V of each item, in 0..<`firstCount`.
///   - second: The value of T of each item, in 0..<`secondCount`.
///   - relabelings: Of as many items.
/// - Returns: nil when there are no relabelings or no items. The maximum of the calibrated value
///   is min(H(V), H(T)), which no relabeling changes.
/// - Precondition: the lists have the length of the relabelings.
/// - Complexity: O((n + cells)·K), in parallel over the relabelings.
/// - Reference: plug-in bias, [Mil55]; null, [GWB26].
public func sharedInformation(
  _ first: [Int], _ second: [Int], firstCount: Int, secondCount: Int, relabelings: Relabelings
) -> CalibratedValue? {
  precondition(
    first.count == second.count && first.count == relabelings.itemCount,
    "\(first.count) and \(second.count) symbols, relabelings of \(relabelings.itemCount) items")
  guard !first.isEmpty else { return nil }
  @Sendable func information(_ partner: (Int) -> Int) -> Double {
    var counts = [Double](repeating: 0, count: firstCount * secondCount)
    for item in first.indices { counts[first[item] * secondCount + second[partner(item)]] += 1 }
    return mutualInformation(counts, columnCount: secondCount)
  }
  let null = Parallel.map(relabelings.count) { k in
    let partners = relabelings.partners(k)
    return information { partners[$0] }
  }
  let maximum = min(
    entropy(frequencies(first, firstCount)), entropy(frequencies(second, secondCount)))
  return CalibratedValue(observed: information { $0 }, null: null, maximum: maximum)
}

/// How often each symbol occurs.
private func frequencies(_ symbols: [Int], _ count: Int) -> [Double] {
  symbols.reduce(into: [Double](repeating: 0, count: count)) { $0[$1] += 1 }
}
