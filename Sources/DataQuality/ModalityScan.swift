import Datasets
import LinearAlgebra
import Neighbors

/// The quality of one modality together with the full sets of items behind its counts.
struct ModalityScan: Sendable {
  let quality: ModalityQuality
  let missing: Set<Int>
  let suspicious: Set<Int>
  /// For each item the number of its group of equal items, nil for items without equal.
  let groups: [Int?]

  /// Looks at features, and at the neighbours of all items or of some where they are known.
  init(_ features: FeatureMatrix, lists: NeighborLists?) {
    let matrix = features.matrix
    let items = matrix.rowCount
    let rows = RowScan(matrix)
    let absent = features.absentRows(rows)
    let missing = Set(rows.zeroRows + absent)
    let isUsable = rows.nonFinite.indices.map { rows.nonFinite[$0] == 0 && !missing.contains($0) }
    let partial = rows.nonFinite.indices.filter {
      rows.nonFinite[$0] > 0 && !missing.contains($0)
    }
    let scan = FeatureScan(matrix, isUsable: isUsable)
    let equal = DuplicateGroups(matrix, hashes: rows.hashes).groups
      .filter { !missing.contains($0[0]) }
    let groups = numbered(equal, items: items)
    let copies = groups.map { $0.map { equal[$0].count } ?? 1 }
    let means = meanRows(
      matrix, dtype: features.dtype, scan, isUsable: isUsable, copies: copies,
      zeroRows: rows.zeroRows.count)
    let isMean = Set(means ?? [])
    let shared = SharedGroups(equal, items: items) { members in
      isMean.contains(members[0]) ? .mean
        : isUsable[members[0]] ? sharedVectorKind(matrix, rows: members, scan) : .placeholder
    }
    self.missing = missing
    self.groups = groups
    let suspects = Suspects(missing: missing.sorted(), meanRows: means ?? [], shared: shared)
    suspicious = suspects.items
    quality = ModalityQuality(
      name: features.name, items: items,
      features: FeatureQuality(
        width: matrix.columnCount, dtype: features.dtype,
        nonFiniteValues: partial.reduce(0) { $0 + rows.nonFinite[$1] },
        nonFiniteRows: Occurrences(partial), zeroRows: Occurrences(rows.zeroRows),
        absentRows: Occurrences(absent), meanRows: means.map { Occurrences($0) },
        nearDuplicates: lists.flatMap {
          nearDuplicates($0, groups: groups, width: matrix.columnCount)
        }.map { Occurrences($0) },
        columns: ColumnQuality(matrix, scan), scale: ScaleSummary(scan, isUsable: isUsable),
        values: scan.values),
      missing: Occurrences(missing.sorted()),
      duplicates: DuplicateSummary(equal, evidence: .features) { members in
        members.count < sharedVectorSize(items: items) && !isMean.contains(members[0])
      },
      sharedVectors: shared.vectors,
      isDiscrete: shared.isDiscrete, hubness: lists.map { Hubness($0, items: items) },
      suspicious: suspects.groups)
  }

  /// Looks at neighbour lists without the features behind them.
  init(_ precomputed: PrecomputedNeighbors) {
    let items = precomputed.items
    let lists = NeighborLists(precomputed)
    let equal = tiedGroups(lists, items: items)
    let shared = SharedGroups(equal, items: items) { _ in nil }
    let suspects = Suspects(missing: [], meanRows: [], shared: shared)
    missing = []
    suspicious = suspects.items
    groups = numbered(equal, items: items)
    quality = ModalityQuality(
      name: precomputed.modality, items: items, features: nil, missing: Occurrences([]),
      duplicates: DuplicateSummary(equal, evidence: .neighborLists) {
        $0.count < sharedVectorSize(items: items)
      },
      sharedVectors: shared.vectors, isDiscrete: shared.isDiscrete,
      hubness: precomputed.width >= 2
        ? Hubness(NeighborLists(precomputed.removingSelf()), items: items) : nil,
      suspicious: suspects.groups)
  }
}

extension NeighborLists {
  fileprivate init(_ lists: PrecomputedNeighbors) {
    self.init(
      anchors: Array(0..<lists.items), width: lists.width, indices: lists.indices,
      scores: lists.cosines)
  }
}

/// For each item the number of the group that has it, or nil.
private func numbered(_ groups: [[Int]], items: Int) -> [Int?] {
  var result = [Int?](repeating: nil, count: items)
  for (number, members) in groups.enumerated() {
    for item in members { result[item] = number }
  }
  return result
}

/// The groups of equal items that are large enough to be a shared vector.
private struct SharedGroups {
  let members: [[Int]]
  let vectors: [SharedVector]
  let isDiscrete: Bool

  init(_ equal: [[Int]], items: Int, kind: ([Int]) -> SharedVector.Kind?) {
    members = equal.filter { $0.count >= sharedVectorSize(items: items) }
      .sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
    vectors = members.map { SharedVector(kind: kind($0), items: Occurrences($0)) }
    isDiscrete = DataQuality.isDiscrete(shared: members, items: items)
  }
}

/// Suspicious items by reason.
private struct Suspects {
  let items: Set<Int>
  let groups: [SuspiciousGroup]

  /// A shared vector of a discrete modality is one of its values, unless it is the mean.
  init(missing: [Int], meanRows: [Int], shared: SharedGroups) {
    var means = Set(meanRows)
    var others: [[Int]] = []
    for (members, vector) in zip(shared.members, shared.vectors) {
      if vector.kind == .mean {
        means.formUnion(members)
      } else if !shared.isDiscrete {
        others.append(members)
      }
    }
    items = means.union(missing).union(others.joined())
    var groups: [SuspiciousGroup] = []
    if !missing.isEmpty { groups.append(.init(reason: .missing, items: Occurrences(missing))) }
    if !means.isEmpty {
      groups.append(.init(reason: .meanRow, items: Occurrences(means.sorted())))
    }
    self.groups = groups + others.map { .init(reason: .sharedVector, items: Occurrences($0)) }
  }
}
