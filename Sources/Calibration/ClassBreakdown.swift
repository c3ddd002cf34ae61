import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// Where the redundancy is: overlap, neighbours and energy class by class.
///
/// Classes of fewer than ``minimumItems`` items are counted together.
public struct ClassBreakdown: Codable, Sendable, Equatable {
  /// What one modality says about a class.
  public struct Modality: Codable, Sendable, Equatable {
    /// Share of the anchors' K nearest neighbours that are of the anchor's own class.
    public let sameClass: Double
    /// Share of Σᵢ‖Uₖᵀ(xᵢ − x̄)‖², the energy along the shared directions, that the items of the
    /// class hold; nil where the coordinates were not given or do not vary.
    public let sharedEnergy: Double?
    /// Share of the total variance Σᵢ‖xᵢ − x̄‖² that the items of the class hold; nil likewise.
    public let variance: Double?
  }

  /// One class, or several counted together.
  public struct Row: Codable, Sendable, Equatable {
    /// The class; nil for classes counted together.
    public let label: Int?
    public let name: String
    /// Number of items.
    public let items: Int
    /// Number of anchors among them.
    public let anchors: Int
    /// Mean share of common items among the K nearest of its anchors.
    public let overlap: Double
    /// Standard error of the mean over anchors; nil for a single one.
    public let standardError: Double?
    /// overlap divided by the share K/(N − 1) of two random lists.
    public let lift: Double
    /// Share of the common neighbours that are of the anchor's own class; nil where there are no
    /// common neighbours.
    public let commonSameClass: Double?
    /// Expected share of neighbours of the anchor's own class if lists were random,
    /// (items of the class − 1)/(N − 1).
    public let chanceSameClass: Double
    public let first: Modality
    public let second: Modality
  }

  /// List length K.
  public let k: Int
  /// What the classes are, where known.
  public let classDescription: String?
  /// All anchors together.
  public let overall: Row
  /// The classes with anchors, largest overlap first, equal ones by label; those counted together
  /// come last.
  public let rows: [Row]

  /// Items from which on a class has a row of its own.
  public static let minimumItems = 10

  /// The most redundant class of its own; nil when all are counted together.
  public var worst: Row? { rows.first { $0.label != nil } }
  /// The least redundant class of its own.
  public var best: Row? { rows.last { $0.label != nil } }

  /// Energies of one modality's items.
  public struct Energies: Sendable {
    /// ‖Uₖᵀ(xᵢ − x̄)‖² of each item.
    public let shared: [Double]
    /// ‖xᵢ − x̄‖² of each item.
    public let total: [Double]

    /// - Parameters:
    ///   - coordinates: x·Uₖ of each item, n × k, centred or not.
    ///   - energies: ‖xᵢ − x̄‖² of each item.
    /// - Precondition: there is one of each for every item.
    public init(coordinates: Matrix<Double>, energies: [Double]) {
      precondition(
        coordinates.rowCount == energies.count,
        "\(coordinates.rowCount) rows of coordinates for \(energies.count) energies")
      let means = (0..<coordinates.columnCount).map { mean(coordinates.column($0)) ?? 0 }
      shared = (0..<coordinates.rowCount).map { row in
        zip(coordinates.row(row), means).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
      }
      total = energies
    }
  }

  /// Breaks the overlap down.
  ///
  /// - Parameters:
  ///   - first: Lists of the first modality.
  ///   - second: Lists of the second modality, for the same anchors in the same order.
  ///   - labels: The class of every item.
  ///   - names: The name of class c at place c, where known.
  ///   - description: What the classes are, where known.
  ///   - k: List length K; what the lists hold, where that is less.
  ///   - energies: Of both modalities' items, where known.
  /// - Throws: ``OverlapError``.
  /// - Complexity: O(M·K + N).
  public init(
    _ first: NeighborLists, _ second: NeighborLists, labels: [Int], names: [String]? = nil,
    description: String? = nil, k: Int = 10, energies: (first: Energies, second: Energies)? = nil
  ) throws(OverlapError) {
    let available = try requireComparable(first, second, itemCount: labels.count)
    guard k >= 1, available >= 1 else {
      throw .noListLength(requested: [k], available: available)
    }
    let length = min(k, available)
    let tally = ClassTally(first, second, labels: labels, k: length, energies: energies)
    let sizes = labels.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    let own = sizes.filter { $0.value >= Self.minimumItems }.keys.sorted()
    let small = sizes.filter { $0.value < Self.minimumItems }.keys.sorted()
    func name(_ label: Int) -> String {
      guard let names, names.indices.contains(label) else { return "class \(label)" }
      return names[label]
    }
    var rows = own.compactMap { tally.row([$0], label: $0, name: name($0)) }
    rows.sort { ($0.overlap, $1.label ?? 0) > ($1.overlap, $0.label ?? 0) }
    let together = small.count == 1 ? name(small[0]) : "\(small.count) smaller classes"
    if let others = tally.row(Set(small), label: nil, name: together) { rows.append(others) }
    guard let overall = tally.row(Set(sizes.keys), label: nil, name: "all items") else {
      throw .empty
    }
    self.k = length
    classDescription = description
    self.overall = overall
    self.rows = rows
  }
}
