/// The standard error of a statistic by leaving out one group of items after the other.
///
///     se² = (g − 1)/g · Σⱼ (θ₍ⱼ₎ − mean θ₍·₎)²
///
/// Nothing is drawn twice: a bootstrap with replacement would make duplicates, which are each
/// other's nearest neighbours.
///
/// - Reference: [ET93], chapter 11; groups, [ST95].
public struct GroupJackknife: Codable, Sendable, Equatable {
  /// The statistic of all items.
  public let estimate: Double
  /// Its standard error.
  public let standardError: Double
  /// estimate ± 1.96 standard errors.
  public let lower: Double
  public let upper: Double
  /// Number of groups g.
  public let groups: Int

  /// Groups that are usual: enough for a standard error good to about a sixth.
  public static let usualGroupCount = 20

  /// - Parameters:
  ///   - estimate: The statistic of all items.
  ///   - leaveOneOut: The statistic without each group; values that are not finite make it nil.
  public init?(estimate: Double, leaveOneOut: [Double]) {
    guard leaveOneOut.count > 1, estimate.isFinite, leaveOneOut.allSatisfy(\.isFinite),
      let variance = sampleVariance(leaveOneOut)
    else { return nil }
    let g = Double(leaveOneOut.count)
    self.estimate = estimate
    standardError = (variance * (g - 1) * (g - 1) / g).squareRoot()
    lower = estimate - 1.96 * standardError
    upper = estimate + 1.96 * standardError
    groups = leaveOneOut.count
  }

  /// The group of each of `itemCount` items: groups of nearly equal size, drawn at random.
  public static func groups(
    itemCount: Int, count: Int = usualGroupCount, streams: RandomStreams
  ) -> [Int] {
    precondition(count > 1, "a jackknife needs two groups, got \(count)")
    var generator = streams.generator(for: "jackknife-groups")
    var result = [Int](repeating: 0, count: itemCount)
    for (place, item) in generator.permutation(itemCount).enumerated() {
      result[item] = place % count
    }
    return result
  }
}
