import ArgumentParser
import Datasets
import LinearAlgebra
import NeighborEmbedding
import Neighbors
import Redundancy
import Statistics

/// `benchmarks spectrum`: covariance, its decomposition, and the spectra before and after the
/// projection; without the noise edge, which peers do not have.
struct TimeSpectrum: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "spectrum")

  @OptionGroup var options: TaskOptions

  func run() throws {
    Parallel.threadCount = options.threads
    let (image, text) = (try options.matrix("image"), try options.matrix("text"))
    let (spectra, seconds) = try timed {
      let subspace = try SharedSubspace(between: image, and: text)
      let projection = try NullSpaceProjection(subspace, rank: 8, strength: 0.9)
      let after = projection.apply(toCovariance: subspace.covariance.matrix)
      return (before: subspace.singularValues, after: try singularValues(after))
    }
    try Answer(seconds: seconds, before: spectra.before, after: spectra.after).write()
  }
}

/// `benchmarks neighbors`: the exact 100 nearest of every item in both modalities.
struct TimeNeighbors: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "neighbors")

  @OptionGroup var options: TaskOptions

  @Option(help: "Print the lists of every n-th item.")
  var every = 100

  func run() throws {
    Parallel.threadCount = options.threads
    let modalities = [try options.matrix("image"), try options.matrix("text")]
    let (lists, seconds) = try timed {
      try modalities.map { try cosineNeighbors($0, count: 100, scored: 0) }
    }
    let printed = lists.map { lists in
      stride(from: 0, to: lists.anchors.count, by: every).map { Array(lists.neighbors(ofRow: $0)) }
    }
    try Answer(seconds: seconds, lists: printed).write()
  }
}

/// `benchmarks sliced`: the sliced Wasserstein distance of both modalities in shared coordinates.
struct TimeSliced: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "sliced")
  static let projections = 500

  @OptionGroup var options: TaskOptions

  func run() throws {
    Parallel.threadCount = options.threads
    let (first, second) = (try options.matrix("first"), try options.matrix("second"))
    let (distance, seconds) = try timed {
      try slicedWasserstein(
        first, second, projections: Self.projections, streams: RandomStreams(seed: MakeInput.seed))
    }
    try Answer(seconds: seconds, value: distance.value).write()
  }
}

/// `benchmarks map`: a t-SNE map of both modalities in shared coordinates.
struct TimeMap: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "map")

  @OptionGroup var options: TaskOptions

  @Option(help: "File to write the map to.")
  var output: String

  func run() throws {
    Parallel.threadCount = options.threads
    let points = try options.matrix("points")
    // The judge measures trustworthiness of all maps alike, outside the time.
    let (result, seconds) = try timed {
      try tSNE(
        points, options: TSNEOptions(trustworthinessAnchors: 0),
        streams: RandomStreams(seed: MakeInput.seed))
    }
    try NPYFile.write(Matrix<Float>(result.map), to: output)
    try Answer(seconds: seconds, map: output).write()
  }
}

/// `benchmarks judge`: the KL divergence and the trustworthiness of anybody's map, both from exact
/// neighbours and sums over all pairs.
struct JudgeMap: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "judge")

  @OptionGroup var options: TaskOptions

  @Argument(help: "The map, n × 2.")
  var map: String

  func run() throws {
    Parallel.threadCount = options.threads
    let tiles = DistanceTiles(try options.matrix("points"))
    let map = Matrix<Double>(try NPYFile.readMatrix(at: map).matrix)
    let defaults = TSNEOptions()
    let affinities = tsneAffinities(tiles, perplexity: defaults.perplexity)
    let descent = GradientDescent(start: map, affinities: affinities, method: .exact)
    let divergence = descent.normalizerOfMap().map {
      klDivergence(of: map, from: affinities, normalizer: $0)
    }
    try Answer(
      klDivergence: divergence,
      trustworthiness: trustworthiness(
        of: map, tiles: tiles, neighbors: defaults.trustworthinessNeighbors,
        anchors: Array(0..<map.rowCount))
    ).write()
  }
}
