/// What each of two modalities V and T says about a task Y, split into four parts, in bits.
///
///     I*         = min I_Q(V,T;Y) over Q with the (V,Y) and (T,Y) marginals of P
///     redundant  = I(V;Y) + I(T;Y) − I*       both say it
///     unique V   = I* − I(T;Y)                only V says it
///     unique T   = I* − I(V;Y)                only T says it
///     synergistic = I(V,T;Y) − I*             only both together say it
///
/// The parts are not negative and sum to I(V,T;Y); redundant and unique sum to a modality's own
/// information; redundant − synergistic is the ``CoInformation``.
///
/// - Reference: [BROJA14].
public struct PartialInformation: Codable, Sendable, Equatable {
  public let redundant: Double
  public let uniqueFirst: Double
  public let uniqueSecond: Double
  public let synergistic: Double
  /// How far each part can be from the exact one, in bits: the distance of the minimum from a
  /// lower bound that any potentials of the marginals give.
  public let errorBound: Double
  /// Newton steps taken.
  public let iterations: Int

  /// The error that is aimed at, in bits.
  public static let tolerance = 1e-8

  /// Decomposes a distribution.
  ///
  /// At most 100 Newton steps are taken; then the best point found counts and ``errorBound`` says
  /// how good it is. Tables of 8 × 8 × 16 take about 20.
  ///
  /// - Complexity: a step is O(m³ + v·t·y²), m = (v + t)·y being the number of marginals.
  public init(_ table: JointTable) {
    let information = CoInformation(table)
    let minimum = LeastInformation(table)
    // A minimum found to a tolerance may leave its proven range by as much.
    let least = min(
      max(minimum.value, information.firstTask, information.secondTask),
      information.jointTask, information.firstTask + information.secondTask)
    redundant = information.firstTask + information.secondTask - least
    uniqueFirst = max(0, least - information.secondTask)
    uniqueSecond = max(0, least - information.firstTask)
    synergistic = max(0, information.jointTask - least)
    errorBound = minimum.gap
    iterations = minimum.iterations
  }
}
