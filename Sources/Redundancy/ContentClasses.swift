import LinearAlgebra
import Statistics

/// A class for every item: given ones, or clusters of what the items say.
public struct ContentClasses: Codable, Sendable, Equatable {
  /// The class of each item. Numbers need not be contiguous.
  public let labels: [Int]
  /// What the classes are, for the report.
  public let name: String
  /// Number of different classes that occur.
  public let count: Int

  /// Classes that came with the data.
  public init(labels: [Int], name: String) {
    self.labels = labels
    self.name = name
    count = Set(labels).count
  }

  /// Content classes: k-means of the row-normalised features of one modality.
  ///
  /// 50 clusters, or a tenth of the items when there are fewer than 500, so that clusters of ten
  /// items are to be expected.
  ///
  /// - Parameters:
  ///   - features: n × d, by habit those of the text.
  ///   - modality: Its name.
  ///   - streams: Seeds the start of the clustering.
  /// - Throws: ``RedundancyError/tooFewItems(count:needed:)`` for fewer than 20 items.
  /// - Complexity: at most 50 iterations of 100·n·d operations.
  public init(
    clustering features: Matrix<Float>, modality: String, streams: RandomStreams
  ) throws(RedundancyError) {
    let n = features.rowCount
    guard n >= 20 else { throw .tooFewItems(count: n, needed: 20) }
    let clusters = min(50, n / 10)
    var generator = streams.generator(for: "content-classes")
    let fit = KMeans(rowNormalized(features), clusterCount: clusters, using: &generator)
    self.init(
      labels: fit.assignments,
      name: "content classes (k-means of the row-normalised \(modality), \(clusters) clusters)")
  }
}
