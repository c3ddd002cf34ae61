import Foundation

/// What two modalities V and T say about each other and about a task Y, in bits.
///
///     co-information = I(V;T) − I(V;T|Y) = I(V;Y) + I(T;Y) − I(V,T;Y)
///
/// It has a sign: positive when what both modalities repeat about the task exceeds what only both
/// together say (redundancy exceeds synergy), negative in the other case. It is the difference of
/// the two, so zero does not mean that there is neither.
///
/// - Reference: [McG54]; as a difference of redundancy and synergy, [WB10].
public struct CoInformation: Codable, Sendable, Equatable {
  /// I(V;T), 0 to min(H(V), H(T)).
  public let modalities: Double
  /// I(V;Y), 0 to min(H(V), H(Y)).
  public let firstTask: Double
  /// I(T;Y), 0 to min(H(T), H(Y)).
  public let secondTask: Double
  /// I(V,T;Y), 0 to H(Y).
  public let jointTask: Double
  /// I(V;T|Y), 0 to min(H(V), H(T)).
  public let modalitiesGivenTask: Double
  /// I(V;T) − I(V;T|Y), of either sign.
  public let coInformation: Double

  /// The information in a distribution that is known, or the plug-in estimates from a table of
  /// counts.
  ///
  /// - Complexity: O(cells).
  public init(_ table: JointTable) {
    self.init(
      modalities: table.modalities, firstTask: table.firstTask, secondTask: table.secondTask,
      jointTask: table.jointTask, modalitiesGivenTask: table.modalitiesGivenTask)
  }

  private init(
    modalities: Double, firstTask: Double, secondTask: Double, jointTask: Double,
    modalitiesGivenTask: Double
  ) {
    self.modalities = modalities
    self.firstTask = firstTask
    self.secondTask = secondTask
    self.jointTask = jointTask
    self.modalitiesGivenTask = modalitiesGivenTask
    coInformation = modalities - modalitiesGivenTask
  }

  /// What plug-in estimates from `itemCount` items are too large by, to first order.
  ///
  /// Miller and Madow add (m − 1)/(2N ln 2) bits to an entropy estimated from m occupied cells;
  /// informations are sums and differences of entropies. An estimate minus its excess can be
  /// slightly negative.
  ///
  /// - Precondition: `itemCount` is positive.
  /// - Reference: [Mil55].
  public static func excess(in table: JointTable, itemCount: Int) -> CoInformation {
    precondition(itemCount > 0, "an estimate needs items, got \(itemCount)")
    func occupied(_ cells: [Double]) -> Double { Double(cells.count { $0 > 0 }) }
    let unit = 1 / (2 * Double(itemCount) * log(2))
    let v = occupied((0..<table.v).map { v in rowSum(table.modalityPairs, v, table.t) })
    let t = occupied((0..<table.t).map { t in rowSum(table.secondTaskPairs, t, table.y) })
    let pairs = occupied(table.modalityPairs)
    let firsts = occupied(table.firstTaskPairs)
    let seconds = occupied(table.secondTaskPairs)
    let all = occupied(table.probabilities)
    let y = occupied(
      (0..<table.y).map { y in
        stride(from: y, to: table.probabilities.count, by: table.y)
          .reduce(0) { $0 + table.probabilities[$1] }
      })
    return CoInformation(
      modalities: (pairs - v - t + 1) * unit, firstTask: (firsts - v - y + 1) * unit,
      secondTask: (seconds - t - y + 1) * unit, jointTask: (all - pairs - y + 1) * unit,
      modalitiesGivenTask: (all + y - firsts - seconds) * unit)
  }

  /// Each information minus that of `other`.
  public func subtracting(_ other: CoInformation) -> CoInformation {
    CoInformation(
      modalities: modalities - other.modalities, firstTask: firstTask - other.firstTask,
      secondTask: secondTask - other.secondTask, jointTask: jointTask - other.jointTask,
      modalitiesGivenTask: modalitiesGivenTask - other.modalitiesGivenTask)
  }
}

private func rowSum(_ cells: [Double], _ row: Int, _ width: Int) -> Double {
  cells[row * width..<(row + 1) * width].reduce(0, +)
}
