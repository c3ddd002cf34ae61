import Calibration
import DataQuality
import Datasets
import Information
import LinearAlgebra
import Neighbors
import ProjectionCost
import Redundancy
import Statistics

// What a reader needs beside the measures of redundancy themselves.

extension Auditor {
  /// Defects of the data, and the headline numbers without the items that they touch.
  mutating func measureQuality() throws {
    var found: [String: NeighborLists] = [:]
    if let lists {
      for (modality, lists) in zip(modalities, [lists.first, lists.second]) {
        found[modality.name] = lists
      }
    }
    let quality = QualityReport(findings.dataset, lists: found)
    findings.quality = quality
    let suspicious = Set(quality.suspiciousItems)
    // Fewer than half of the items are no longer the same data set.
    guard !suspicious.isEmpty, 2 * suspicious.count < findings.dataset.itemCount else { return }
    // Features that are measured on a sample are too many to be copied without those items.
    findings.cleaned =
      modalities.allSatisfy { $0.matrix != nil } && options.sample == nil
      ? try cleanedAudit(without: suspicious) : try cleanedOverlaps(without: suspicious)
  }

  /// The headline numbers of a second audit, of what is left of the features.
  private mutating func cleanedAudit(without suspicious: Set<Int>) throws -> CleanedNumbers? {
    let wanted: [Diagnostic] = [.spectrum, .overlap, .similarity]
    var options = options
    options.diagnostics = wanted.filter(options.diagnostics.contains)
    options.anchors = options.anchors.map {
      min($0, findings.dataset.itemCount - suspicious.count)
    }
    guard !options.diagnostics.isEmpty else { return nil }
    let rest: AuditFindings
    do {
      var dataset = try findings.dataset.selecting(names)
        .removing(items: suspicious, because: "that are suspicious")
      dataset.projection = nil
      rest = try audit(dataset, options: options, progress: progress)
    } catch let error as DatasetError {
      findings.notes.append("Without the suspicious items nothing could be measured: \(error).")
      return nil
    }
    return CleanedNumbers(
      removed: suspicious.count, items: rest.dataset.itemCount, all: findings.headlineNumbers,
      cleaned: rest.headlineNumbers)
  }

  /// The overlaps of neighbour lists that cannot be searched again.
  private mutating func cleanedOverlaps(without suspicious: Set<Int>) throws -> CleanedNumbers? {
    guard let lists, let overlaps = findings.retrievalOverlap else { return nil }
    var rows: [CleanedNumbers.Row] = []
    var notes: [String] = []
    for level in overlaps {
      let cleaned = CleanedLists(
        removing: suspicious, from: [lists.first, lists.second],
        itemCount: findings.dataset.itemCount, width: level.k)
      guard !cleaned.lists[0].anchors.isEmpty,
        let value = try retrievalOverlaps(
          cleaned.lists[0], cleaned.lists[1], itemCount: cleaned.itemCount,
          listLengths: [level.k]
        ).levels.first
      else { continue }
      rows.append(
        .init(
          label: "overlap@\(level.k)", all: level.mean, cleaned: value.mean,
          standardError: level.standardError))
      if cleaned.shortened > 0 {
        notes.append(
          "At K = \(level.k), \(cleaned.shortened) anchors are left out whose lists named too many "
            + "of the items that were removed.")
      }
    }
    return CleanedNumbers(
      removed: suspicious.count, items: findings.dataset.itemCount - suspicious.count, rows: rows,
      notes: notes)
  }

  /// Where the redundancy is, class by class.
  mutating func measureClasses() throws {
    let lists = try neighborLists()
    let classes = try itemClasses()
    findings.classes = try ClassBreakdown(
      lists.first, lists.second, labels: classes.labels,
      names: findings.dataset.classes?.names, description: classes.name,
      k: Verdict.judgedLength, energies: classEnergies())
  }

  /// Energies along the shared directions and in all, where there are features.
  private mutating func classEnergies() throws -> (
    first: ClassBreakdown.Energies, second: ClassBreakdown.Energies
  )? {
    guard modalities.allSatisfy({ $0.matrix != nil }) else { return nil }
    let shared = try sharedFeatures()
    func energies(_ features: Matrix<Float>, _ modality: Int) -> ClassBreakdown.Energies {
      ClassBreakdown.Energies(
        coordinates: coordinates(of: features, in: shared.fitted.bases[modality]),
        energies: centeredRowEnergies(features, center: columnMeans(features)))
    }
    return (energies(shared.before.first, 0), energies(shared.before.second, 1))
  }

  /// What the projection costs, beside other ways of choosing as many directions.
  mutating func measureCost() throws {
    let shared = try sharedFeatures()
    findings.cost = try ProjectionCosts(
      of: shared.before, subspace: shared.subspace, joint: jointCovariance(),
      rank: options.rank, strength: options.strength, labels: findings.dataset.classes?.ids,
      streams: streams)
    joint = nil
  }

  /// Redundant, unique and synergistic bits about a task.
  mutating func measureInformation() throws {
    let shared = try sharedFeatures()
    let dataset = findings.dataset
    let task: DiscreteTask
    if let classes = dataset.classes {
      task = DiscreteTask(labels: classes.ids, name: classes.description)
    } else if let interactions = dataset.interactions {
      var counts = [Int](repeating: 0, count: dataset.itemCount)
      for item in interactions.items { counts[Int(item)] += 1 }
      task = DiscreteTask(popularityThirdsOf: counts)
    } else {
      throw Obstacle(
        reason: "It needs a task that the modalities say something about: labels of the items, or "
          + "interactions.")
    }
    findings.information = try InformationSplit(
      DiscreteViews(
        clustering: shared.before.first, and: shared.before.second, streams: streams),
      about: task, permutations: max(1, options.permutations), streams: streams)
  }

  /// All pairs of three or more modalities.
  mutating func measurePairs() throws {
    let dataset = findings.dataset
    let first = try neighborLists()
    let width = min(PairMatrix.usualListLength, dataset.itemCount - 1)
    let members = try dataset.modalities.enumerated().map { place, modality in
      let lists =
        switch (place, modality) {
        case (0, _): first.first
        case (1, _): first.second
        case (_, .features(let features)):
          try cosineNeighbors(features.matrix, count: width, anchors: first.first.anchors)
        case (_, .neighbors(let lists)):
          NeighborLists(lists.removingSelf(), anchors: first.first.anchors)
        }
      return PairedModality(name: modality.name, lists: lists, features: modality.matrix)
    }
    findings.pairs = try PairMatrix(
      members, itemCount: dataset.itemCount, options: options, streams: streams)
  }

  /// The three covariances, once.
  mutating func jointCovariance() throws -> JointCovariance {
    if let joint { return joint }
    let shared = try sharedFeatures()
    let made = try JointCovariance(
      between: shared.before.first, and: shared.before.second,
      covariance: shared.subspace.covariance)
    joint = made
    releaseFreedMemory()
    return made
  }
}
