/// What a reader must know of one modality.
///
/// - Parameter isSuspicious: Whether an item is suspicious in any modality.
func modalityIssues(_ quality: ModalityQuality, isSuspicious: (Int) -> Bool) -> [QualityIssue] {
  var found = Findings(name: quality.name)
  found.addItems(quality)
  if let features = quality.features { found.addFeatures(features, items: quality.items) }
  found.addHub(quality, isSuspicious: isSuspicious)
  return found.issues
}

private struct Findings {
  let name: String
  var issues: [QualityIssue] = []

  init(name: String) { self.name = name }

  private mutating func add(
    _ severity: QualityIssue.Severity, _ kind: QualityIssue.Kind, _ finding: String,
    _ advice: String
  ) {
    issues.append(
      QualityIssue(
        severity: severity, kind: kind, modalities: [name], finding: finding, advice: advice))
  }

  mutating func addItems(_ quality: ModalityQuality) {
    if let features = quality.features, quality.missing.count > 0 {
      add(
        .blocking, .missing,
        "\(name) has no features for \(quality.missing.text("item")): "
          + "\(features.zeroRows.count) rows of zeros, \(features.absentRows.count) of NaN.",
        "--missing drop goes on without these items; --missing mean fills them in, after which "
          + "they count as imputed.")
    }
    let means = quality.suspicious.filter { $0.reason == .meanRow }
    for group in means {
      add(
        .serious, .meanRows,
        "\(name) gives \(group.items.text("item")) the mean of the others, as imputation does.",
        "Trust only numbers that hold without these items; they are near everything, and each "
          + "other's nearest neighbours.")
    }
    let shared = quality.suspicious.filter { $0.reason == .sharedVector }
    if let largest = shared.first {
      let total = shared.reduce(0) { $0 + $1.items.count }
      let rest = shared.count == 1
        ? "." : "; \(shared.count) such vectors stand for \(total) items."
      add(
        .serious, .sharedVector,
        "\(name) has one vector for \(largest.items.text("item"))\(rest)",
        "Trust only numbers that hold without these items, and look at what they are: a "
          + "placeholder, an imputed mean, or one item listed many times.")
    }
    let total = quality.sharedVectors.reduce(0) { $0 + $1.items.count }
    if quality.isDiscrete {
      add(
        .serious, .discrete,
        "\(name) has \(quality.sharedVectors.count) vectors for \(total) of its "
          + "\(quality.items) items: it is a choice among few, and ties decide who is near whom.",
        "Give it as classes of the items rather than as features.")
    }
    let repeated = quality.duplicates.ordinary
    if repeated > 0 {
      add(
        .note, .duplicates,
        "\(name): \(repeated) \(repeated == 1 ? "item equals" : "items equal") an earlier one "
          + "\(quality.duplicates.evidence.text), apart from imputed and shared vectors.",
        "Check whether the same product is listed twice; equal items are each other's neighbours.")
    }
  }

  mutating func addFeatures(_ features: FeatureQuality, items: Int) {
    if features.nonFiniteRows.count > 0 {
      add(
        .blocking, .nonFinite,
        "\(name) has \(features.nonFiniteValues) NaN, infinite or oversized values in "
          + "\(features.nonFiniteRows.text("item")) with other values.",
        "Repair the extraction, or --drop-nonfinite goes on without these items.")
    }
    addColumns(features)
    if let near = features.nearDuplicates, near.count > 0 {
      add(
        .note, .nearDuplicates,
        "\(name) has \(near.text("item")) in all but the same direction as another.",
        "Check whether they are the same content, stored or cropped differently.")
    }
    if features.values.areIntegers {
      add(
        .note, .integers,
        "\(name) holds \(features.values.areZeroOrOne ? "only 0 and 1" : "whole numbers only"); "
          + "imputed means cannot be told.",
        "Expect ties among neighbours.")
    }
    if features.width > items {
      add(
        .note, .wide,
        "\(name) is \(features.width) wide for \(items) items.",
        "Read its spectra and similarities against their null, not against zero.")
    }
  }

  private mutating func addColumns(_ features: FeatureQuality) {
    let columns = features.columns
    if columns.constant.count > 0 {
      add(
        .blocking, .constantColumns, "\(name) has \(columns.constant.text("constant column")).",
        "--drop-constant goes on without them.")
    }
    if columns.nearlyConstant.count > 0 {
      add(
        .note, .nearlyConstantColumns,
        "\(name) has \(columns.nearlyConstant.text("nearly constant column")), below 1e-12 of the "
          + "mean variance.",
        "Standardise the columns if these are meant to count.")
    }
    if columns.duplicated.count > 0 {
      add(
        .note, .duplicateColumns,
        "\(name) has \(columns.duplicated.text("column")) equal to an earlier one.",
        "Leave the copies out; each counts its content once more.")
    }
    // One of two or three columns has most of the variance as a matter of course.
    if let column = features.scale.largestColumn, let share = features.scale.largestColumnShare,
      features.width >= 4, share > 0.5
    {
      add(
        .serious, .dominantColumn,
        "\(name) has \(percent(share)) of its variance in column \(column) of \(features.width).",
        "Standardise the columns; cosines and spectra now tell of that column alone.")
    }
  }

  mutating func addHub(_ quality: ModalityQuality, isSuspicious: (Int) -> Bool) {
    // A tenth of all lists, and in small sets twenty times as many as an item has on average.
    guard let hubness = quality.hubness, let item = hubness.largestItem,
      10 * hubness.largestCount > hubness.lists,
      hubness.largestCount * quality.items > 20 * hubness.k * hubness.lists
    else { return }
    add(
      .note, .hub,
      "\(name): item \(item)\(isSuspicious(item) ? ", which is suspicious," : "") is among the "
        + "\(hubness.k) nearest of \(hubness.largestCount) of \(hubness.lists) items.",
      "Centre the features before neighbours are compared, or look at what that item is.")
  }
}

extension DuplicateSummary.Evidence {
  fileprivate var text: String {
    switch self {
    case .features: "bit for bit"
    case .neighborLists: "by a cosine of 1 in the neighbour lists"
    }
  }
}

/// `62 %`.
private func percent(_ share: Double) -> String { "\(Int((100 * share).rounded(.down))) %" }
