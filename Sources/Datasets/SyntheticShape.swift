import LinearAlgebra
import Statistics

/// Generated data sets of the sizes in the paper's Table 1, for measuring speed and memory.
///
/// The visual modality has 4,096 non-negative, mostly zero features such as a convolutional network
/// leaves behind, the textual one 384 features in rows of unit length. They share twelve factors,
/// which are drawn around planted clusters; each has as many factors again of its own, and noise.
///
/// - Reference: [CLEAR26], Table 1.
public enum SyntheticShape: String, CaseIterable, Sendable {
  case baby, sports, clothing

  /// Users, items and interactions.
  public var size: (users: Int, items: Int, interactions: Int) {
    switch self {
    case .baby: (19_445, 7_050, 160_792)
    case .sports: (35_598, 18_357, 296_337)
    case .clothing: (39_387, 23_033, 278_677)
    }
  }

  /// Features of the visual and of the textual modality.
  public static let widths = (image: 4_096, text: 384)
  /// Factors that both modalities load on.
  public static let sharedRank = 12
  /// Planted clusters of items.
  public static let clusterCount = 24

  private static let ownRank = 12
  /// Items that are computed together.
  private static let blockSize = 256

  /// Generates the data set; the same seed gives the same bits for any number of threads.
  ///
  /// - Complexity: O(items · widths) time; memory of the features alone.
  public func make(seed: UInt64) -> FeatureDataset {
    let streams = RandomStreams(seed: seed)
    let (clusters, latent) = latent(streams)
    let image = features("image", width: Self.widths.image, own: 0, latent, streams) { row, width in
      // A bias of 0.8 standard deviations leaves about a fifth of the units active.
      let bias: Float = 2.1
      for column in 0..<width { row[column] = max(0, row[column] - bias) }
    }
    let text = features("text", width: Self.widths.text, own: 1, latent, streams) { row, width in
      let inverse = Float(1 / VectorKernels.dot(row, row, count: width).squareRoot())
      for column in 0..<width { row[column] *= inverse }
    }
    let matrices = [("image", image), ("text", text)]
    let modalities = Parallel.map(matrices.count) { index in
      Modality.features(FeatureMatrix(name: matrices[index].0, generated: matrices[index].1))
    }
    return FeatureDataset(
      name: "synthetic-\(rawValue)", sameLength: modalities,
      interactions: interactions(clusters: clusters, streams),
      classes: ItemClasses(
        ids: clusters, names: nil, description: "\(Self.clusterCount) planted clusters"))
  }

  /// Cluster and factor scores of every item: shared, image's own, text's own.
  private func latent(_ streams: RandomStreams) -> (clusters: [Int], scores: Matrix<Float>) {
    let shared = Self.sharedRank
    let width = shared + 2 * Self.ownRank
    var generator = streams.generator(for: "cluster centres")
    let centers = generator.normals(Self.clusterCount * shared)
    let grid = BlockGrid(count: size.items, size: Self.blockSize)
    let blocks = Parallel.map(grid.blockCount) { block in
      var clusters: [Int] = []
      var scores: [Float] = []
      for item in grid.range(block) {
        var generator = streams.generator(for: "item", item: item)
        let cluster = generator.index(below: Self.clusterCount)
        clusters.append(cluster)
        for (factor, score) in generator.normals(width).enumerated() {
          let isShared = factor < shared
          let center = isShared ? centers[cluster * shared + factor] : 0
          // Half the variance of a shared factor lies between clusters.
          scores.append(Float(isShared ? 0.5.squareRoot() * (center + score) : score))
        }
      }
      return (clusters, scores)
    }
    return (
      blocks.flatMap(\.0),
      Matrix(rowCount: size.items, columnCount: width, elements: blocks.flatMap(\.1))
    )
  }

  /// Factors times loadings plus noise, each row finished by `activate`.
  private func features(
    _ name: String, width: Int, own: Int, _ latent: Matrix<Float>, _ streams: RandomStreams,
    activate: @Sendable (UnsafeMutablePointer<Float>, Int) -> Void
  ) -> Matrix<Float> {
    let rank = latent.columnCount
    let loadings = loadings(name, width: width, own: own, streams)
    let noise = ColumnNoise(streams.generator(for: "\(name) noise"))
    let grid = BlockGrid(count: size.items, size: Self.blockSize)
    let count = size.items * width
    let elements = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      let out = SharedBuffer(buffer)
      latent.elements.withUnsafeBufferPointer { latent in
        loadings.withUnsafeBufferPointer { loadings in
          nonisolated(unsafe) let latent = latent.baseAddress!
          nonisolated(unsafe) let loadings = loadings.baseAddress!
          Parallel.forEach(grid.blockCount) { block in
            let rows = grid.range(block)
            let start = out.base + rows.lowerBound * width
            start.initialize(repeating: 0, count: rows.count * width)
            DenseKernels.gemm(
              .init(base: latent + rows.lowerBound * rank, stride: rank),
              .init(base: loadings, stride: width),
              .init(base: start, stride: width, rows: rows.count, columns: width, inner: rank))
            for row in rows {
              let values = out.base + row * width
              noise.add(to: values, count: width, row: row)
              activate(values, width)
            }
          }
        }
      }
      initialized = count
    }
    return Matrix(rowCount: size.items, columnCount: width, elements: elements)
  }

  /// Loadings of all factors, rank × width: decaying for the shared ones and the modality's own,
  /// zero for those of the other.
  private func loadings(
    _ name: String, width: Int, own: Int, _ streams: RandomStreams
  ) -> [Float] {
    var generator = streams.generator(for: "\(name) loadings")
    let shared = Self.sharedRank
    return (0..<shared + 2 * Self.ownRank).flatMap { factor in
      let isShared = factor < shared
      let place = isShared ? factor : (factor - shared) % Self.ownRank
      let isUsed = isShared || (factor - shared) / Self.ownRank == own
      let scale = isUsed ? 1 / Double(place + 1).squareRoot() : 0
      return generator.normals(width).map { Float($0 * scale) }
    }
  }

  private func interactions(clusters: [Int], _ streams: RandomStreams) -> Interactions {
    var generator = streams.generator(for: "degrees")
    return InteractionPlan(
      userDegrees: InteractionPlan.powerLawDegrees(
        count: size.users, total: size.interactions, minimum: 5, maximum: size.items / 20,
        exponent: 0.5, using: &generator),
      itemDegrees: InteractionPlan.powerLawDegrees(
        count: size.items, total: size.interactions, minimum: 5, maximum: size.users / 20,
        exponent: 0.6, using: &generator),
      tastes: (0..<size.users).map { _ in generator.index(below: Self.clusterCount) },
      groups: clusters, loyalty: 0.5
    ).draw(streams)
  }
}

/// Nearly normal noise of unit variance that is a function of row and column, so that no sequence
/// has to be drawn: sums of four 16-bit uniform numbers out of one hash.
private struct ColumnNoise {
  private let seed: UInt64

  init(_ generator: SeededGenerator) {
    var generator = generator
    seed = generator.next()
  }

  func add(to values: UnsafeMutablePointer<Float>, count: Int, row: Int) {
    // Sum of four uniforms on 0..<65536: mean 131070, variance 4·(65536² − 1)/12.
    let scale: Float = 1 / 37_837.227
    var state = seed ^ (UInt64(row) &* 0xD134_2543_DE82_EF95)
    for column in 0..<count {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      let pairs = (z & 0x0000_FFFF_0000_FFFF) &+ ((z >> 16) & 0x0000_FFFF_0000_FFFF)
      let sum = Int32(truncatingIfNeeded: (pairs & 0xFFFF_FFFF) &+ (pairs >> 32))
      values[column] += Float(sum &- 131_070) * scale
    }
  }
}
