extension TheoremChecks {
  /// Corollary 7: knowing an item's category does not help to predict who likes it.
  ///
  /// Measured on test choices: the information gain, mean of log₂(h_{u,c}/π_c) in bits, with a
  /// bootstrap 95 % interval over users; and Recall@20 of popularity·h/π against popularity, with
  /// training items masked.
  ///
  /// Verdict: `fails` when the gain exceeds 0.1 bit with the whole interval above 0, or when recall
  /// improves by more than 20 %; `holds` otherwise; `not applicable` without interactions or
  /// classes. The gain of clusters in the shared directions is measured beside it and does not
  /// decide. Classes with fewer than 10 items are dropped.
  ///
  /// - Complexity: O(m·20·classes + 400·m).
  /// - Reference: [CLEAR26], Corollary 7.
  public static func corollary7(_ evidence: TheoremEvidence) -> TheoremVerdict {
    let context = evidence.context
    var result = TheoremVerdict(
      id: "corollary-7", title: "Coarse information is irrelevant to the task",
      statement: "Whether a user likes an item hardly depends on the item's category.",
      verdict: .notApplicable, measured: nil, tolerance: 0.1,
      measure: "bits that a user's past classes say about the class of a test choice; "
        + "at most 0.1 for the claim",
      explanation: "There are no interactions or no classes, so nobody's preference for a "
        + "category can be measured.",
      checks: [])
    guard let choices = context.choices else { return result }
    let subspaceGain = context.subspaceClasses.flatMap {
      CategoryPreference(choices, classes: $0, streams: context.streams)
    }
    let subspaceCheck = TheoremVerdict.Check.atMost(
      "information gain of clusters in the shared directions, bits",
      subspaceGain?.informationGain, 0.1)
    guard let classes = largeClasses(evidence),
      let preference = CategoryPreference(choices, classes: classes, streams: context.streams)
    else {
      result.checks = [subspaceCheck]
      return result
    }
    let recalls = preference.recalls()
    let improvement = recalls.map { recall in
      recall.byClass == recall.popularity ? 0 : recall.byClass / recall.popularity - 1
    }
    let gain = TheoremVerdict.Check.atMost(
      "information gain in bits", preference.informationGain, 0.1)
    let lower = TheoremVerdict.Check.atMost(
      "lower end of its bootstrap 95 % interval", preference.interval.lower, 0)
    let recall = TheoremVerdict.Check.atMost(
      "relative improvement of Recall@20 by category", improvement, 0.2)
    result.checks = [gain, lower, recall, subspaceCheck]
    result.measured = preference.informationGain
    let isInformative = gain.verdict == .fails && lower.verdict == .fails
    result.verdict = isInformative || recall.verdict == .fails ? .fails : .holds
    result.explanation =
      "With \(context.classDescription) as categories, a user's past tells "
      + "\(words(preference.informationGain)) bits (95 % interval "
      + "\(words(preference.interval.lower)) to \(words(preference.interval.upper)), "
      + "\(preference.userCount) users) about the category of a test choice; Recall@20 goes from "
      + "\(words(recalls?.popularity)) by popularity to \(words(recalls?.byClass)) by category."
    return result
  }

  /// The labels with those of classes of fewer than 10 items made negative.
  private static func largeClasses(_ evidence: TheoremEvidence) -> [Int]? {
    guard let groups = evidence.classMembers(minimumCount: 10) else { return nil }
    var labels = [Int](repeating: -1, count: evidence.itemCount)
    for (label, group) in groups.enumerated() {
      for item in group { labels[item] = label }
    }
    return labels
  }
}
