import Calibration
import Datasets
import LinearAlgebra
import NeighborEmbedding
import Neighbors
import Redundancy
import Statistics

/// One audit under way: shared intermediate results are made when first needed.
struct Auditor {
  var findings: AuditFindings
  let modalities: [Modality]
  let options: AuditOptions
  let baseline: FeatureDataset?
  let streams: RandomStreams
  let progress: @Sendable (String) -> Void
  var features: Features?
  var lists: (first: NeighborLists, second: NeighborLists)?
  var classes: ContentClasses?
  var nulls: SpectrumNulls?
  /// The three covariances of the features, until the last diagnostic that needs them.
  var joint: JointCovariance?

  /// Relabelings of the compressed features: free, and within classes.
  typealias SpectrumNulls = (free: SpectrumNull, withinClasses: SpectrumNull?)

  /// What the diagnostics on features share.
  struct Features {
    let before: FeaturePair
    let subspace: SharedSubspace
    /// Fitted to these features: the leading directions that they share.
    let fitted: NullSpaceProjection
    /// The same, or the one that came with the features.
    let applied: NullSpaceProjection
  }

  /// Why a diagnostic cannot be had for this data, although the data is sound.
  struct Obstacle: Error {
    let reason: String
  }

  init(
    dataset: FeatureDataset, options: AuditOptions, baseline: FeatureDataset?,
    progress: @escaping @Sendable (String) -> Void
  ) throws {
    precondition(dataset.modalities.count >= 2, "an audit compares two modalities")
    findings = AuditFindings(dataset: dataset, options: options)
    findings.inspections = try FeatureGate.requireUsable(dataset)
    modalities = Array(dataset.modalities.prefix(2))
    self.options = options
    self.baseline = baseline
    streams = RandomStreams(seed: options.seed)
    self.progress = progress
  }

  /// The diagnostics that were asked for, in the order in which each finds what it needs: quality
  /// looks at the neighbours that others searched.
  var order: [Diagnostic] {
    let wanted = Diagnostic.allCases.filter {
      options.diagnostics.contains($0)
        && ($0 != .pairs || findings.dataset.modalities.count > 2)
        && (options.sample == nil || !Self.sampledDiagnostics.contains($0))
    }
    return wanted.filter { $0 != .quality } + wanted.filter { $0 == .quality }
  }

  /// Measures one diagnostic, or notes why it cannot be had.
  mutating func run(_ diagnostic: Diagnostic) throws {
    progress("measuring: \(diagnostic.card.title)")
    let clock = ContinuousClock()
    let start = clock.now
    do {
      switch diagnostic {
      case .quality: try measureQuality()
      case .spectrum: try measureSpectrum()
      case .overlap: try measureOverlap()
      case .classes: try measureClasses()
      case .similarity: try measureSimilarity()
      case .pairs: try measurePairs()
      case .cost: try measureCost()
      case .information: try measureInformation()
      case .fisher: try measureFisher()
      case .swd: try measureDistances()
      case .tsne: try measureMaps()
      case .theorems: try measureTheorems()
      }
    } catch let obstacle as Obstacle {
      findings.skipped.append(
        SkippedDiagnostic(diagnostic: diagnostic, reason: obstacle.reason))
    }
    releaseFreedMemory()
    findings.timings[diagnostic.reportKey] = start.duration(to: clock.now) / .seconds(1)
  }

  var names: [String] { modalities.map(\.name) }

  // MARK: - What diagnostics share

  /// The features with their shared subspace and projection.
  mutating func sharedFeatures() throws -> Features {
    if let features { return features }
    let matrices = modalities.compactMap(\.matrix)
    guard matrices.count == 2 else {
      let lists = modalities.filter { $0.matrix == nil }.map(\.name).joined(separator: " and ")
      throw Obstacle(
        reason: "It needs the features themselves; of \(lists) there are only precomputed "
          + "neighbour lists.")
    }
    let subspace = try SharedSubspace(between: matrices[0], and: matrices[1])
    let fitted = try NullSpaceProjection(
      subspace, rank: options.rank, strength: options.strength)
    var applied = fitted
    if let own = findings.dataset.projection {
      applied = try NullSpaceProjection(own, modalities: names, widths: matrices.map(\.columnCount))
      findings.drift = try drift(of: own, from: fitted, modalities: names)
    }
    let made = Features(
      before: FeaturePair(matrices[0], matrices[1]), subspace: subspace, fitted: fitted,
      applied: applied)
    features = made
    return made
  }

  /// Nearest neighbours in both modalities, searched or as they came.
  mutating func neighborLists() throws -> (first: NeighborLists, second: NeighborLists) {
    if let lists { return lists }
    let itemCount = findings.dataset.itemCount
    if let anchors = options.anchors, anchors > itemCount {
      throw AuditError.tooManyAnchors(count: anchors, items: itemCount)
    }
    let anchors = options.anchors.map { count in
      var generator = streams.generator(for: "anchors")
      return generator.sample(count, from: itemCount)
    }
    let longest = max(options.topK.max() ?? 0, Self.mutualNeighborCount)
    // Some more, so that lists still have their length when a group of items is left out.
    let width =
      options.permutations > 0
      ? OverlapIntervals.listWidth(
        forLength: longest, itemCount: itemCount, anchorCount: options.anchors ?? itemCount)
      : min(longest, itemCount - 1)
    let found = try modalities.map { modality -> NeighborLists in
      switch modality {
      case .features(let features):
        let report = progress
        // Beyond these, only the order of the neighbours is read.
        return try cosineNeighbors(
          features.matrix, count: width, anchors: anchors,
          scored: max(Self.mutualNeighborCount, ScoreDensity.usualLength)
        ) { share in
          report("searching neighbours, \(modality.name): \(Int(100 * share)) %")
        }
      case .neighbors(let lists): return NeighborLists(lists.removingSelf(), anchors: anchors)
      }
    }
    lists = (found[0], found[1])
    return (found[0], found[1])
  }

  /// Neighbours of the mutual nearest-neighbour measure, as its paper takes them.
  static let mutualNeighborCount = 10

  /// Classes of the items: given ones, or clusters of the second modality's content.
  mutating func itemClasses() throws -> ContentClasses {
    if let classes { return classes }
    let made: ContentClasses
    if let given = findings.dataset.classes {
      made = ContentClasses(labels: given.ids, name: given.description)
    } else {
      do {
        made = try ContentClasses(
          clustering: sharedFeatures().before.second, modality: names[1], streams: streams)
      } catch RedundancyError.tooFewItems(let count, let needed) {
        throw Obstacle(
          reason: "Without labels, classes come from clustering the items, and \(count) items are "
            + "fewer than the \(needed) that it needs.")
      }
    }
    classes = made
    return made
  }

  // MARK: - One function a diagnostic

  private mutating func measureSpectrum() throws {
    let shared = try sharedFeatures()
    findings.spectrum = try CovarianceSpectrum(
      of: shared.subspace, first: shared.before.first, second: shared.before.second,
      projection: shared.applied)
    try calibrateSpectrum()
    guard let baseline else { return }
    // They have the same modalities, but maybe not in this order.
    let other = names.compactMap { name in
      baseline.featureMatrices.first { $0.name == name }?.matrix
    }
    findings.baseline = try BaselineComparison(
      before: FeaturePair(other[0], other[1]), after: shared.before.projected(by: shared.applied),
      rank: options.rank, strength: options.strength, of: baseline)
  }

  private mutating func measureOverlap() throws {
    let lists = try neighborLists()
    // Precomputed lists have the width that they have; their full length is always compared.
    let stored = findings.dataset.neighborLists.isEmpty ? [] : [
      min(lists.first.width, lists.second.width)
    ]
    let overlaps = try retrievalOverlaps(
      lists.first, lists.second, itemCount: findings.dataset.itemCount,
      listLengths: Set(options.topK + stored).sorted())
    findings.retrievalOverlap = overlaps.levels
    findings.notes += overlaps.notes
    if let anchors = options.anchors { findings.notes.append(anchorNote(anchors)) }
    try calibrateOverlap(lists, lengths: overlaps.levels.map(\.k))
    findings.scoreDensity = try scoreDensity(
      lists.first, lists.second, names: (names[0], names[1]), streams: streams)
  }

  private mutating func measureDistances() throws {
    try measureWasserstein()
    let shared = try sharedFeatures()
    let coordinates = SharedCoordinates(shared.subspace)
    do {
      findings.clouds = try CloudDistances(
        coordinates.express(shared.before), coordinates: coordinates.sentence, streams: streams)
    } catch RedundancyError.tooFewItems(let count, let needed) {
      findings.notes.append(
        "Distances of the clouds were left out: \(count) items are fewer than the \(needed) that "
          + "they need.")
    }
  }

  private mutating func measureWasserstein() throws {
    let shared = try sharedFeatures()
    findings.slicedWasserstein = try slicedWasserstein(
      of: shared.before, under: shared.applied, subspace: shared.subspace,
      projections: options.projections, streams: streams)
  }

  private mutating func measureMaps() throws {
    let shared = try sharedFeatures()
    let points = 2 * findings.dataset.itemCount
    let tsneOptions = TSNEOptions(perplexity: options.perplexity)
    guard points > tsneOptions.neighborCount else {
      throw Obstacle(
        reason: "A map of \(points) points is too small for perplexity \(options.perplexity); "
          + "choose a --perplexity below \(points / 3).")
    }
    // The figure's titles show the distance beside the overlap.
    if findings.slicedWasserstein == nil { try measureWasserstein() }
    let coordinates = SharedCoordinates(shared.subspace)
    let before = try map(coordinates.express(shared.before), "before", tsneOptions)
    let after = try map(
      coordinates.express(shared.before, under: shared.applied), "after", tsneOptions)
    findings.maps = (before.map, after.map)
    findings.tsne = MapComparison(
      pairing: .marginal, before: before.summary, after: after.summary)
  }

  private func map(
    _ features: FeaturePair, _ state: String, _ options: TSNEOptions
  ) throws -> (map: Matrix<Double>, summary: MapSummary) {
    let report = progress
    let result = try tSNE(
      features.first.stacked(above: features.second), options: options, streams: streams
    ) { report("t-SNE \(state) projection: step \($0) of \($1)") }
    let overlap = try mapOverlap(result.map, streams: streams)
    return (
      normalizedMap(result.map),
      MapSummary(
        klDivergence: result.klDivergence, trustworthiness: result.trustworthiness,
        trustworthinessAnchors: result.trustworthinessAnchors, overlap: overlap.overlap,
        ceiling: overlap.ceiling, marginalX: overlap.marginalX, marginalY: overlap.marginalY,
        mapSlicedWasserstein: overlap.slicedWasserstein.value,
        directionalOverlap: try directionalOverlap(
          features.first, features.second, streams: streams),
        points: result.map.rowCount)
    )
  }

  private mutating func measureFisher() throws {
    let shared = try sharedFeatures()
    let classes = try itemClasses()
    do {
      findings.fisher = try [shared.before.first, shared.before.second].enumerated().map {
        try FisherDiscriminantRatio(
          features: $1, modality: names[$0], basis: shared.fitted.bases[$0],
          classes: classes, streams: streams)
      }
    } catch RedundancyError.tooFewClasses(let count, let minimumItems) {
      throw Obstacle(
        reason: "Fisher ratios compare two or more classes; \(count) have at least "
          + "\(minimumItems) items.")
    }
  }

  private mutating func measureSimilarity() throws {
    let shared = try sharedFeatures()
    let lists = try neighborLists()
    let mutual = try mutualNearestNeighbors(
      lists.first, lists.second, itemCount: findings.dataset.itemCount,
      k: Self.mutualNeighborCount)
    let coordinates = SharedCoordinates(shared.subspace).express(shared.before)
    findings.similarity = try Similarity(
      between: shared.before.first, and: shared.before.second,
      joint: jointCovariance(),
      mutualKNN: mutual.map { .init(k: Self.mutualNeighborCount, value: $0) },
      sharedCoordinates: (coordinates.first, coordinates.second), streams: streams)
    try calibrateSimilarity()
  }

  private mutating func measureTheorems() throws {
    let shared = try sharedFeatures()
    var classes: ContentClasses?
    do {
      classes = try itemClasses()
      if findings.fisher == nil { try measureFisher() }
    } catch is Obstacle {
      // The statements about classes then say that they have none.
    }
    findings.theorems = try TheoremChecks.all(
      TheoremContext(
        first: shared.before.first, second: shared.before.second, names: names,
        subspace: shared.subspace, covariance: shared.subspace.covariance, rank: options.rank,
        strength: options.strength, classes: classes?.labels,
        classDescription: classes?.name ?? "no classes",
        choices: findings.dataset.interactions.map(ItemChoices.init),
        fisher: (findings.fisher ?? []).map(FisherSummary.init), streams: streams))
  }
}
