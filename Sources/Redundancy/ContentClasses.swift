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
  /// items are to be expected. Of more than `itemLimit` items as many are drawn and clustered; the
  /// others then join the cluster of the nearest centroid.
  ///
  /// - Parameters:
  ///   - features: n × d, by habit those of the text.
  ///   - modality: Its name.
  ///   - itemLimit: The most items m that are clustered.
  ///   - streams: Seeds the start of the clustering, and draws the items that are clustered.
  /// - Throws: ``RedundancyError/tooFewItems(count:needed:)`` for fewer than 20 items.
  /// - Complexity: at most 50 iterations of 100·m·d operations, and 100·n·d more; a copy of m × d.
  public init(
    clustering features: Matrix<Float>, modality: String, itemLimit: Int = clusteredItemLimit,
    streams: RandomStreams
  ) throws(RedundancyError) {
    let n = features.rowCount
    guard min(n, itemLimit) >= 20 else { throw .tooFewItems(count: min(n, itemLimit), needed: 20) }
    let clusters = min(50, min(n, itemLimit) / 10)
    var generator = streams.generator(for: "content-classes")
    let name = "content classes (k-means of the row-normalised \(modality), \(clusters) clusters"
    guard n > itemLimit else {
      let fit = KMeans(rowNormalized(features), clusterCount: clusters, using: &generator)
      self.init(labels: fit.assignments, name: "\(name))")
      return
    }
    let drawn = generator.sample(itemLimit, from: n)
    let fit = KMeans(
      rowNormalized(features.rows(drawn)), clusterCount: clusters, using: &generator)
    let blocks = BlockGrid(count: n, size: 1 << 14)
    self.init(
      labels: (0..<blocks.blockCount).flatMap { block in
        fit.clusters(of: rowNormalized(features.rows(blocks.range(block))))
      },
      name: "\(name) of \(itemLimit) sampled items)")
  }

  /// Enough for two thousand items in a cluster.
  public static let clusteredItemLimit = 100_000
}
