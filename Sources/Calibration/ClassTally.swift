import Neighbors
import Redundancy
import Statistics

/// What the rows of a ``ClassBreakdown`` are made of.
struct ClassTally {
  /// Counts of one anchor's lists.
  private struct Anchor {
    let label: Int
    let common: Int
    let sameClass: (first: Int, second: Int, common: Int)
  }

  private let k: Int
  private let labels: [Int]
  private let sizes: [Int: Int]
  private let anchors: [Anchor]
  private let energies: (first: ClassBreakdown.Energies, second: ClassBreakdown.Energies)?

  init(
    _ first: NeighborLists, _ second: NeighborLists, labels: [Int], k: Int,
    energies: (first: ClassBreakdown.Energies, second: ClassBreakdown.Energies)?
  ) {
    self.k = k
    self.labels = labels
    self.energies = energies
    sizes = labels.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    anchors = mapCommonPlaces(first, second, itemCount: labels.count, length: k) { row, common in
      let label = labels[first.anchors[row]]
      func sameClass(_ items: ArraySlice<Int32>) -> Int {
        items.count { labels[Int($0)] == label }
      }
      let a = first.neighbors(ofRow: row).prefix(k)
      return Anchor(
        label: label, common: common.count,
        sameClass: (
          sameClass(a), sameClass(second.neighbors(ofRow: row).prefix(k)),
          common.count { labels[Int(a[a.startIndex + $0.first])] == label }
        ))
    }
  }

  /// The row of some classes together; nil when none of their items is an anchor.
  func row(_ classes: Set<Int>, label: Int?, name: String) -> ClassBreakdown.Row? {
    let own = anchors.filter { classes.contains($0.label) }
    guard !own.isEmpty else { return nil }
    let length = Double(k)
    let others = Double(labels.count - 1)
    let shares = own.map { Double($0.common) / length }
    let overlap = mean(shares) ?? 0
    let common = own.reduce(0) { $0 + $1.common }
    let places = length * Double(own.count)
    let members = labels.indices.filter { classes.contains(labels[$0]) }
    func modality(
      _ same: Int, _ energies: ClassBreakdown.Energies?
    ) -> ClassBreakdown.Modality {
      ClassBreakdown.Modality(
        sameClass: Double(same) / places,
        sharedEnergy: energies.flatMap { share(of: members, in: $0.shared) },
        variance: energies.flatMap { share(of: members, in: $0.total) })
    }
    return ClassBreakdown.Row(
      label: label, name: name, items: members.count, anchors: own.count, overlap: overlap,
      standardError: standardError(shares), lift: overlap * others / length,
      commonSameClass: common > 0
        ? Double(own.reduce(0) { $0 + $1.sameClass.common }) / Double(common) : nil,
      chanceSameClass: own.reduce(0) { $0 + Double((sizes[$1.label] ?? 1) - 1) / others }
        / Double(own.count),
      first: modality(own.reduce(0) { $0 + $1.sameClass.first }, energies?.first),
      second: modality(own.reduce(0) { $0 + $1.sameClass.second }, energies?.second))
  }

  private func share(of members: [Int], in energies: [Double]) -> Double? {
    let total = energies.reduce(0, +)
    guard total > 0, total.isFinite else { return nil }
    return members.reduce(0) { $0 + energies[$1] } / total
  }
}
