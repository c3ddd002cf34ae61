import ArgumentParser
import Datasets
import Foundation
import LinearAlgebra
import Redundancy
import Statistics

/// `benchmarks make`: the files that both sides read.
///
/// `image.npy` and `text.npy` are the features of a generated data set, `first.npy` and
/// `second.npy` the same in 64 shared coordinates, `points.npy` these two stacked and
/// `directions.npy` the directions that our sliced Wasserstein distance will draw.
struct MakeInput: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Write the features that a task reads.")

  /// Seed of all input.
  static let seed: UInt64 = 999

  @Argument(help: "baby, sports or clothing.")
  var shape: String

  @Argument(help: "Folder to write.")
  var folder: String

  @Option(help: "Items to keep; all by default.")
  var items: Int?

  @Option(help: "Directions of the sliced Wasserstein distance.")
  var projections = TimeSliced.projections

  func run() throws {
    guard let shape = SyntheticShape(rawValue: shape) else {
      throw ValidationError("There is no shape \(shape).")
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let kept = 0..<min(items ?? .max, shape.size.items)
    let features = shape.make(seed: Self.seed).featureMatrices.map { $0.matrix.rows(kept) }
    let subspace = try SharedSubspace(between: features[0], and: features[1])
    let shared = SharedCoordinates(subspace).express(FeaturePair(features[0], features[1]))
    let streams = RandomStreams(seed: Self.seed)
    let directions = (0..<projections).map { item in
      var generator = streams.generator(for: "projection-directions", item: item)
      let vector = generator.normals(shared.first.columnCount)
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { Float($0 / norm) }
    }
    let files = [
      "image": features[0], "text": features[1], "first": shared.first, "second": shared.second,
      "points": shared.first.stacked(above: shared.second), "directions": Matrix(rows: directions),
    ]
    for (name, matrix) in files { try NPYFile.write(matrix, to: "\(folder)/\(name).npy") }
  }
}
