import Foundation
import Statistics

/// How what two modalities say about a task splits into redundant, unique and synergistic bits.
///
/// - Reference: [BROJA14]; co-information, [McG54].
public struct InformationSplit: Codable, Sendable, Equatable {
  /// Number of items N that have a value of the task.
  public let itemCount: Int
  /// How the modalities were made discrete, in one sentence.
  public let discretization: String
  /// What the task is.
  public let task: String
  /// Numbers of values of V, T and Y.
  public let firstCount: Int
  public let secondCount: Int
  public let taskCount: Int
  /// The plug-in estimates.
  public let information: CoInformation
  /// The same less their Miller–Madow excess; slightly negative where there is nothing.
  public let corrected: CoInformation
  /// The decomposition of the plug-in estimates.
  public let parts: PartialInformation
  /// I(V;T) beside that of shuffled pairs; nil without permutations.
  public let shared: CalibratedValue?
  /// How far sampling inflates the estimates, in one sentence.
  public let biasNote: String

  /// Splits the information of `views` about `task`, over the items that have a value of it.
  ///
  /// - Parameters:
  ///   - permutations: Relabelings behind ``shared``.
  ///   - streams: Seeds them, for the purpose `information`.
  /// - Throws: ``InformationError/taskCountMismatch(entries:items:)``,
  ///   ``InformationError/empty``.
  /// - Complexity: O(n·permutations), and that of ``PartialInformation``.
  public init(
    _ views: DiscreteViews, about task: DiscreteTask, permutations: Int = 200,
    streams: RandomStreams
  ) throws(InformationError) {
    guard task.symbols.count == views.first.count else {
      throw .taskCountMismatch(entries: task.symbols.count, items: views.first.count)
    }
    let items = task.symbols.indices.filter { task.symbols[$0] >= 0 }
    guard !items.isEmpty else { throw .empty }
    var weights = [Double](repeating: 0, count: views.firstCount * views.secondCount * task.count)
    for item in items {
      let pair = views.first[item] * views.secondCount + views.second[item]
      weights[pair * task.count + task.symbols[item]] += 1
    }
    let table = JointTable(
      v: views.firstCount, t: views.secondCount, y: task.count, weights: weights)
    let excess = CoInformation.excess(in: table, itemCount: items.count)
    itemCount = items.count
    discretization = views.sentence
    self.task = task.name
    firstCount = views.firstCount
    secondCount = views.secondCount
    taskCount = task.count
    information = CoInformation(table)
    corrected = information.subtracting(excess)
    parts = PartialInformation(table)
    shared = sharedInformation(
      items.map { views.first[$0] }, items.map { views.second[$0] },
      firstCount: views.firstCount, secondCount: views.secondCount,
      relabelings: Relabelings(
        itemCount: items.count, count: permutations, streams: streams, purpose: "information"))
    biasNote =
      "Counting \(items.count) items in \(views.firstCount) x \(views.secondCount) x \(task.count) "
      + "cells inflates I(V;T) by about \(bits(excess.modalities)) bits and I(V,T;Y) by "
      + "\(bits(excess.jointTask)) (Miller–Madow); the parts are not corrected, and most of the "
      + "excess lands in the synergistic one."
  }
}

/// Bits in a sentence.
private func bits(_ value: Double) -> String { String(format: "%.2g", value) }
