import LinearAlgebra
import Statistics

/// The data set that comes with the package: small, complete, and of known redundancy.
///
/// 2,000 items in eight categories, an image modality of 64 features, a text modality of 32, and
/// the interactions of 800 users who prefer categories. Both modalities are
///
///     x = μ + z·diag(√s)·Aᵀ + h·diag(√u)·Bᵀ + e
///
/// where the four scores z are shared, the three scores h are the modality's own, and e is noise
/// of unit variance. All scores have mean 0 and variance 1, are uncorrelated with each other and
/// with the noise in the sample itself, and [A B] is orthonormal. Hence the covariance between the
/// modalities is A·diag(s)·A'ᵀ, with A' the loadings of the text, plus that of the two noises
/// alone, whose singular values end near (√64 + √32)/√2000 = 0.31: exactly ``sharedRank``
/// directions stand above it, with singular values close to ``sharedStrengths``. About three fifths
/// of the shared variance lie between the categories.
public enum DemoWorld {
  /// Number of items.
  public static let items = 2_000
  /// Features of the image and of the text modality.
  public static let widths = (image: 64, text: 32)
  /// Rank of the planted shared subspace.
  public static let sharedRank = 4
  /// Singular values of the planted cross-covariance.
  public static let sharedStrengths = [12.0, 8, 5, 3]
  /// Variances along the directions that each modality has to itself.
  public static let ownVariances = [6.0, 5, 4]
  /// Names of the categories, 250 items each.
  public static let categories = [
    "books", "games", "lamps", "mugs", "shoes", "strollers", "tools", "toys",
  ]
  /// Number of users.
  public static let users = 800

  /// Generates the data set; the same seed gives the same bits.
  public static func make(seed: UInt64) -> FeatureDataset {
    let streams = RandomStreams(seed: seed)
    var generator = streams.generator(for: "demo categories")
    let classes = generator.permutation(items).map { $0 % categories.count }
    let scores = scores(classes: classes, streams)
    let modalities = [("image", widths.image), ("text", widths.text)].enumerated().map {
      place, modality in
      Modality.features(
        FeatureMatrix(
          name: modality.0,
          generated: features(
            name: modality.0, width: modality.1, place: place, scores: scores, streams)))
    }
    let dataset = FeatureDataset(
      name: "demo", sameLength: modalities,
      interactions: interactions(classes: classes, streams),
      classes: ItemClasses(
        ids: classes, names: categories, description: "\(categories.count) planted categories"))
    return dataset
  }

  /// A constant column, then the shared scores, then those of image and of text: orthonormal,
  /// items × (1 + 4 + 3 + 3).
  private static func scores(classes: [Int], _ streams: RandomStreams) -> Matrix<Double> {
    var generator = streams.generator(for: "demo scores")
    let centers = generator.normals(categories.count * sharedRank)
    let betweenClasses = 0.6.squareRoot()
    let withinClasses = 0.4.squareRoot()
    let rows = classes.map { category in
      let own = generator.normals(sharedRank + 2 * ownVariances.count)
      let shared = (0..<sharedRank).map {
        betweenClasses * centers[category * sharedRank + $0] + withinClasses * own[$0]
      }
      return [1] + shared + own[sharedRank...]
    }
    return orthonormalBasis(Matrix<Double>(rows: rows))
  }

  private static func features(
    name: String, width: Int, place: Int, scores: Matrix<Double>, _ streams: RandomStreams
  ) -> Matrix<Float> {
    var generator = streams.generator(for: "demo \(name)")
    let noise = Matrix(
      rowCount: items, columnCount: width, elements: generator.normals(items * width))
    // What the noise shares with any score by chance goes, so the planted part is exact.
    let residual = noise - product(scores, product(scores, .transposed, noise, .none))
    let means = generator.normals(width).map { 0.5 * $0 }
    let ownStart = 1 + sharedRank + place * ownVariances.count
    let columns = Array(1...sharedRank) + Array(ownStart..<ownStart + ownVariances.count)
    let scale = (sharedStrengths + ownVariances).map { ($0 * Double(items)).squareRoot() }
    let loadings = randomBasis(
      width: width, rank: columns.count, streams.generator(for: "demo \(name) loadings"))
    var latent = Matrix<Double>(rowCount: items, columnCount: columns.count)
    for item in 0..<items {
      for (place, column) in columns.enumerated() {
        latent[item, place] = scores[item, column] * scale[place]
      }
    }
    var result = product(latent, .none, loadings, .transposed) + residual
    for item in 0..<items {
      for column in 0..<width { result[item, column] += means[column] }
    }
    return Matrix<Float>(result)
  }

  private static func interactions(classes: [Int], _ streams: RandomStreams) -> Interactions {
    var generator = streams.generator(for: "demo degrees")
    let total = 12 * users
    return InteractionPlan(
      userDegrees: InteractionPlan.powerLawDegrees(
        count: users, total: total, minimum: 5, maximum: 100, exponent: 0.5, using: &generator),
      itemDegrees: InteractionPlan.powerLawDegrees(
        count: items, total: total, minimum: 1, maximum: 80, exponent: 0.6, using: &generator),
      tastes: (0..<users).map { _ in generator.index(below: categories.count) },
      groups: classes, loyalty: 0.8
    ).draw(streams)
  }
}
