import LinearAlgebra
import Statistics

/// Two modalities made discrete: one symbol of each for every item.
///
/// What is left of the features decides what information can be found: the parts are those of the
/// symbols, not of the features.
public struct DiscreteViews: Codable, Sendable, Equatable {
  /// The symbol of each item in the first modality, in 0..<``firstCount``.
  public let first: [Int]
  /// The symbol of each item in the second modality, in 0..<``secondCount``.
  public let second: [Int]
  public let firstCount: Int
  public let secondCount: Int
  /// How the features were made discrete, in one sentence.
  public let sentence: String

  /// The usual number of clusters.
  public static let usualClusterCount = 8

  /// k-means clusters of the row-normalised features of each modality.
  ///
  /// - Parameters:
  ///   - first: n × p.
  ///   - second: n × q.
  ///   - clusterCount: Clusters of each modality; n when there are fewer items.
  ///   - streams: Seeds the starts, for the purpose `information-clusters` and the modality.
  /// - Throws: ``InformationError``.
  /// - Complexity: at most 50 iterations of 2·n·(p + q)·`clusterCount` operations.
  /// - Reference: [Llo82]; start [AV07].
  public init(
    clustering first: Matrix<Float>, and second: Matrix<Float>,
    clusterCount: Int = usualClusterCount, streams: RandomStreams
  ) throws(InformationError) {
    precondition(clusterCount > 0, "\(clusterCount) clusters")
    let n = first.rowCount
    guard n == second.rowCount else {
      throw .itemCountMismatch(first: n, second: second.rowCount)
    }
    guard n > 0 else { throw .empty }
    let count = min(clusterCount, n)
    var symbols: [[Int]] = []
    for (modality, features) in [first, second].enumerated() {
      if let row = rowNorms(features).firstIndex(where: { !$0.isFinite }) {
        throw .nonFinite(modality: modality, row: row)
      }
      guard features.columnCount > 0 else {
        symbols.append(Array(repeating: 0, count: n))
        continue
      }
      var generator = streams.generator(for: "information-clusters", item: modality)
      symbols.append(
        KMeans(rowNormalized(features), clusterCount: count, using: &generator).assignments)
    }
    self.first = symbols[0]
    self.second = symbols[1]
    firstCount = count
    secondCount = count
    sentence =
      "Each modality is the cluster of an item: k-means of its row-normalised features, "
      + "\(count) clusters."
  }

  /// The signs of the leading shared coordinates about their means.
  ///
  /// - Parameters:
  ///   - first: Shared coordinates of the first modality, n × m, strongest first.
  ///   - second: Those of the second modality, of the same shape.
  ///   - coordinateCount: Signs of each modality, 1 to 4; m when there are fewer coordinates.
  /// - Throws: ``InformationError``.
  /// - Complexity: O(n).
  public init(
    signsOf first: Matrix<Double>, and second: Matrix<Double>, coordinateCount: Int = 3
  ) throws(InformationError) {
    precondition((1...4).contains(coordinateCount), "\(coordinateCount) signs, not 1 to 4")
    let n = first.rowCount
    guard n == second.rowCount else {
      throw .itemCountMismatch(first: n, second: second.rowCount)
    }
    guard n > 0 else { throw .empty }
    let width = min(coordinateCount, first.columnCount, second.columnCount)
    var symbols: [[Int]] = []
    for (modality, coordinates) in [first, second].enumerated() {
      var values = [Int](repeating: 0, count: n)
      for column in 0..<width {
        let entries = coordinates.column(column)
        if let row = entries.firstIndex(where: { !$0.isFinite }) {
          throw .nonFinite(modality: modality, row: row)
        }
        let center = entries.reduce(0, +) / Double(n)
        for item in 0..<n where entries[item] > center { values[item] += 1 << column }
      }
      symbols.append(values)
    }
    self.first = symbols[0]
    self.second = symbols[1]
    firstCount = 1 << width
    secondCount = 1 << width
    sentence =
      "Each modality is the signs of its \(width) leading shared coordinates about their means."
  }
}
