import Information
import Statistics

extension TheoremChecks {
  /// Equation 2: shared information is a task-relevant part plus redundancy.
  ///
  ///     I(V;T) = I(V;T|Y) + [I(V;T) − I(V;T|Y)]
  ///
  /// The paper calls the first term task-relevant and the bracket redundancy. The sum is an
  /// identity, and the bracket equals I(V;Y) + I(T;Y) − I(V,T;Y): what both modalities say about
  /// the task, minus what only both together say. So the names are the wrong way round, and the
  /// bracket is no amount of anything where it is negative.
  ///
  /// Verdict: `fails` when the identity is off by more than 1e-12 bits in 1,000 random tables, in
  /// the exclusive-or of two coins or in the data, or when the bracket is negative in the
  /// exclusive-or or the data; else `holds`. In the data V and T are the signs of the items' first
  /// shared coordinates and Y the class.
  ///
  /// - Complexity: O(n).
  /// - Reference: [CLEAR26], Equation 2; [WB10].
  public static func equation2(_ evidence: TheoremEvidence) -> TheoremVerdict {
    var generator = evidence.context.streams.generator(for: "equation-2")
    let random = (0..<1_000).map { _ in
      JointTable(v: 2, t: 2, y: 2, weights: (0..<8).map { _ in 1 - generator.uniform() })
    }
    let data = dataTable(evidence)
    let error = (random + [.exclusiveOr] + [data].compactMap(\.self)).map(\.identityError).max()
    let coins = JointTable.exclusiveOr.bracket
    let checks: [TheoremVerdict.Check] = [
      .atMost("largest error of bracket = I(V;Y) + I(T;Y) − I(V,T;Y), bits", error, 0,
        tolerance: 1e-12),
      .atLeast("bracket for Y = V xor T, bits", coins, 0, tolerance: 1e-12),
      .atLeast("bracket in the data, bits", data?.bracket, 0, tolerance: 1e-12),
    ]
    let onData = data.map {
      " In the data, with \(evidence.context.classDescription) as the task, I(V;T|Y) is "
        + "\(words($0.modalitiesGivenTask)) bits and the bracket \(words($0.bracket))."
    }
    return TheoremVerdict(
      id: "equation-2", title: "Task-relevant and redundant information",
      statement: "What two modalities share splits into I(V;T|Y), called task-relevant, and the "
        + "rest, called redundancy.",
      verdict: checks.noneFails ? .holds : .fails,
      measured: min(coins, data?.bracket ?? coins), tolerance: 0,
      measure: "smallest bracket I(V;T) − I(V;T|Y) in bits; at least 0 for an amount",
      explanation: "The split is exact to \(words(error)) bits, but the part called redundancy is "
        + "\(words(coins)) bits for Y = V xor T, and it is the part that concerns the task."
        + (onData ?? ""),
      checks: checks)
  }

  /// Signs of the first shared coordinates against the class.
  private static func dataTable(_ evidence: TheoremEvidence) -> JointTable? {
    guard let groups = evidence.classMembers(minimumCount: 10), groups.count > 1 else {
      return nil
    }
    var weights = [Double](repeating: 0, count: 4 * groups.count)
    for (label, group) in groups.enumerated() {
      for item in group {
        let v = evidence.firstCoordinates[item, 0] > 0 ? 1 : 0
        let t = evidence.secondCoordinates[item, 0] > 0 ? 1 : 0
        weights[(v * 2 + t) * groups.count + label] += 1
      }
    }
    return JointTable(v: 2, t: 2, y: groups.count, weights: weights)
  }
}
