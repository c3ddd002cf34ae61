import Calibration
import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

extension Auditor {
  /// Relabels the neighbour lists, and leaves out groups of items.
  mutating func calibrateOverlap(
    _ lists: (first: NeighborLists, second: NeighborLists), lengths: [Int]
  ) throws {
    guard options.permutations > 0 else { return }
    let itemCount = findings.dataset.itemCount
    let matrices = modalities.compactMap(\.matrix)
    let null = try NeighborNull(
      lists.first, lists.second, itemCount: itemCount, listLengths: lengths,
      features: matrices.count == 2 ? (matrices[0], matrices[1]) : nil)
    let labels = try strata()
    func relabelings(within labels: [Int]?, _ purpose: String) -> Relabelings {
      neighborRelabelings(
        itemCount: itemCount, anchors: lists.first.anchors, within: labels,
        count: options.permutations, streams: streams, purpose: purpose)
    }
    var calibration = calibrationSoFar()
    calibration.neighbors = CalibratedNeighbors(
      null, free: relabelings(within: nil, "free relabelings"),
      withinClasses: labels.map { relabelings(within: $0, "relabelings within classes") })
    if matrices.count == 2 {
      let second = try SecondOrderNeighborNull(
        lists.first, lists.second, features: (matrices[0], matrices[1]), streams: streams)
      func sampled(within labels: [Int]?, _ purpose: String) -> Relabelings {
        neighborRelabelings(
          itemCount: itemCount, anchors: second.anchors, within: labels,
          count: options.permutations, streams: streams, purpose: purpose)
      }
      calibration.secondOrder = CalibratedSecondOrderNeighbors(
        second, free: sampled(within: nil, "free relabelings"),
        withinClasses: labels.map { sampled(within: $0, "relabelings within classes") })
    }
    if itemCount > GroupJackknife.usualGroupCount {
      calibration.overlapIntervals = try OverlapIntervals(
        lists.first, lists.second, itemCount: itemCount, listLengths: lengths, streams: streams)
      findings.notes += calibration.overlapIntervals?.notes ?? []
    }
    findings.calibration = calibration
  }

  /// Relabels the compressed features; recommends a rank.
  mutating func calibrateSpectrum() throws {
    guard options.permutations > 0, options.sample == nil else { return }
    let pair = try pairedFactors()
    let nulls = try spectrumNulls(of: pair)
    self.nulls = nulls
    var calibration = calibrationSoFar()
    let spectrum = CalibratedSpectrum(nulls.free)
    calibration.spectrum = spectrum
    calibration.spectrumWithinClasses = nulls.withinClasses.map(CalibratedSpectrum.init)
    calibration.spectrumIntervals = try SpectrumIntervals(
      pair, directions: spectrum.directionsAboveNull, streams: streams)
    calibration.rank = try RankRecommendation(pair, spectrum: spectrum, streams: streams)
    findings.calibration = calibration
  }

  /// The alignments under the same relabelings, which the spectrum, measured before, has kept.
  mutating func calibrateSimilarity() throws {
    guard options.permutations > 0, options.sample == nil else { return }
    let nulls = try nulls ?? spectrumNulls(of: pairedFactors())
    var calibration = calibrationSoFar()
    calibration.similarity = CalibratedSimilarity(nulls.free)
    calibration.similarityWithinClasses = nulls.withinClasses.map(CalibratedSimilarity.init)
    findings.calibration = calibration
  }

  private func calibrationSoFar() -> AuditCalibration {
    var calibration =
      findings.calibration
      ?? AuditCalibration(permutations: options.permutations, level: CalibratedValue.level)
    calibration.classes = classes?.name
    calibration.areClassesClusters = classes.map { _ in findings.dataset.classes == nil }
    return calibration
  }

  /// The classes within which relabelings stay; nil where there is no way to have any.
  private mutating func strata() throws -> [Int]? {
    do {
      return try itemClasses().labels
    } catch is Obstacle {
      return nil
    }
  }

  /// The compressed features; they are as large as narrow features and so not kept.
  private mutating func pairedFactors() throws -> PairedFactors {
    let shared = try sharedFeatures()
    return try PairedFactors(
      PrincipalFactors(of: shared.before.first, streams: streams),
      PrincipalFactors(of: shared.before.second, streams: streams),
      covariance: shared.subspace.covariance)
  }

  /// Relabels the compressed features.
  private mutating func spectrumNulls(of pair: PairedFactors) throws -> SpectrumNulls {
    let labels = try strata()
    func null(within labels: [Int]?, _ purpose: String) throws -> SpectrumNull {
      try SpectrumNull(
        pair,
        relabelings: Relabelings(
          itemCount: pair.itemCount, count: options.permutations, within: labels,
          streams: streams, purpose: purpose),
        streams: streams)
    }
    return (
      try null(within: nil, "free relabelings"),
      try labels.map { try null(within: $0, "relabelings within classes") }
    )
  }
}
