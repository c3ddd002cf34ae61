import Foundation
import LinearAlgebra
import Redundancy
import Statistics

/// Small worlds whose verdicts are known by inspection.
enum TheoremWorlds {
  static func gaussian(_ seed: UInt64, _ rows: Int, _ columns: Int) -> Matrix<Double> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns))
  }

  /// v = z·A + noise, t = z·B + noise with z of four dimensions, away from the origin.
  static func sharedLatent(
    items: Int = 2000, widths: (Int, Int) = (16, 16), signal: Double = 1, noise: Double = 0.3,
    offset: Double = 1, seed: UInt64 = 1
  ) -> (first: Matrix<Float>, second: Matrix<Float>) {
    let z = gaussian(seed, items, 4)
    func modality(_ width: Int, _ seed: UInt64) -> Matrix<Float> {
      let clean = product(z, gaussian(seed, 4, width))
      let noisy = gaussian(seed + 1, items, width)
      return Matrix<Float>(
        Matrix(
          rowCount: items, columnCount: width,
          elements: zip(clean.elements, noisy.elements).map {
            signal * $0 + noise * $1 + offset
          }))
    }
    return (modality(widths.0, seed + 10), modality(widths.1, seed + 20))
  }

  static func context(
    _ world: (first: Matrix<Float>, second: Matrix<Float>), rank: Int = 4, strength: Double = 0.9,
    subspace: SharedSubspace? = nil, classes: [Int]? = nil, choices: ItemChoices? = nil
  ) throws -> TheoremContext {
    TheoremContext(
      first: world.first, second: world.second, names: ["image", "text"],
      subspace: try subspace ?? SharedSubspace(between: world.first, and: world.second),
      rank: rank, strength: strength, classes: classes,
      classDescription: classes == nil ? "no classes" : "planted classes", choices: choices,
      streams: RandomStreams(seed: 999))
  }

  static func evidence(_ context: TheoremContext) throws -> TheoremEvidence {
    try TheoremEvidence(context)
  }

  /// Items of `count` classes in turn, each class shifted by `means`, plus noise of its own.
  static func classWorld(
    items: Int, classes: Int, means: (Matrix<Double>, Matrix<Double>), noise: Double,
    seed: UInt64 = 5
  ) -> (world: (first: Matrix<Float>, second: Matrix<Float>), classes: [Int]) {
    let labels = (0..<items).map { $0 % classes }
    func modality(_ means: Matrix<Double>, _ seed: UInt64) -> Matrix<Float> {
      var result = gaussian(seed, items, means.columnCount)
      for row in 0..<items {
        for column in 0..<means.columnCount {
          result[row, column] = means[labels[row], column] + noise * result[row, column]
        }
      }
      return Matrix<Float>(result)
    }
    return ((modality(means.0, seed), modality(means.1, seed + 1)), labels)
  }

  /// Users with `training` and two test choices each; a share of them falls in the user's own
  /// class, the rest anywhere.
  static func choices(
    users: Int, items: Int, classes: Int, training: Int = 8, loyalty: Double, seed: UInt64 = 3
  ) -> ItemChoices {
    var generator = SeededGenerator(seed: seed)
    var result = ItemChoices(userCount: users, users: [], items: [], isTest: [])
    for user in 0..<users {
      var chosen = Set<Int>()
      while chosen.count < training + 2 {
        var item = generator.index(below: items)
        // Items take classes in turn, so this is an item of the user's own class.
        if generator.uniform() < loyalty { item = item / classes * classes + user % classes }
        guard item < items, chosen.insert(item).inserted else { continue }
        result.users.append(Int32(user))
        result.items.append(Int32(item))
        result.isTest.append(chosen.count > training)
      }
    }
    return result
  }

  /// The median over class pairs of FDR∥/FDR⊥ from definitions, in double precision.
  static func fisher(
    _ features: Matrix<Float>, basis: Matrix<Double>, classes: [Int], modality: String
  ) -> FisherSummary {
    let mean = columnMeans(features)
    let shared = product(
      product(Matrix<Double>(features), basis), .none, basis, .transposed)
    let labels = Set(classes).sorted()
    func moments(_ x: (Int, Int) -> Double) -> [(mean: [Double], variance: Double)] {
      labels.map { label in
        let members = classes.indices.filter { classes[$0] == label }
        var center = [Double](repeating: 0, count: mean.count)
        var square = 0.0
        for item in members {
          for column in mean.indices {
            center[column] += x(item, column) / Double(members.count)
            square += x(item, column) * x(item, column) / Double(members.count)
          }
        }
        return (center, square - center.reduce(0) { $0 + $1 * $1 })
      }
    }
    let inside = moments { shared[$0, $1] }
    let outside = moments { Double(features[$0, $1]) - shared[$0, $1] }
    func ratio(_ parts: [(mean: [Double], variance: Double)], _ a: Int, _ b: Int) -> Double {
      let distance = zip(parts[a].mean, parts[b].mean).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }
      return distance / (parts[a].variance + parts[b].variance)
    }
    let ratios = labels.indices.flatMap { a in
      (0..<a).map { b in ratio(inside, a, b) / ratio(outside, a, b) }
    }
    return FisherSummary(
      modality: modality, medianRatio: median(ratios),
      shareBelowOne: Double(ratios.count { $0 < 1 }) / Double(ratios.count), randomPercentile: nil)
  }
}

extension TheoremVerdict {
  /// The one check whose name contains `part`.
  func check(_ part: String) -> Check? {
    let found = checks.filter { $0.name.contains(part) }
    return found.count == 1 ? found[0] : nil
  }
}
