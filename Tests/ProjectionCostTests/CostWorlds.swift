import Foundation
import LinearAlgebra
import ProjectionCost
import Redundancy
import Statistics

/// Features with known answers for the tests of the costs.
enum CostWorlds {
  static func gaussian(_ items: Int, _ width: Int, seed: UInt64) -> Matrix<Double> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(rowCount: items, columnCount: width, elements: generator.normals(items * width))
  }

  static func basis(_ width: Int, _ rank: Int, seed: UInt64) -> Matrix<Double> {
    orthonormalBasis(gaussian(width, rank, seed: seed))
  }

  static func rotated(_ features: Matrix<Float>, seed: UInt64) -> Matrix<Float> {
    Matrix<Float>(
      product(
        Matrix<Double>(features),
        basis(features.columnCount, features.columnCount, seed: seed)))
  }

  /// Two modalities that share two strong factors; the first has two factors of its own. Labels
  /// are the quadrants of either pair of factors.
  static func labelled(
    items: Int = 600, widths: (Int, Int) = (14, 9), seed: UInt64 = 1
  ) -> (features: FeaturePair, shared: [Int], own: [Int]) {
    let latent = gaussian(items, 2, seed: seed)
    let own = gaussian(items, 2, seed: seed + 1)
    let loadings = basis(widths.0, 4, seed: seed + 2)
    let first =
      scaled(product(latent, .none, loadings.columns(0..<2), .transposed), 4)
      + scaled(product(own, .none, loadings.columns(2..<4), .transposed), 3)
      + gaussian(items, widths.0, seed: seed + 3)
    let second =
      scaled(product(latent, .none, basis(widths.1, 2, seed: seed + 4), .transposed), 4)
      + gaussian(items, widths.1, seed: seed + 5)
    func quadrants(_ factors: Matrix<Double>) -> [Int] {
      (0..<items).map { (factors[$0, 0] > 0 ? 2 : 0) + (factors[$0, 1] > 0 ? 1 : 0) }
    }
    return (
      FeaturePair(Matrix<Float>(first), Matrix<Float>(second)), quadrants(latent), quadrants(own)
    )
  }

  /// Modalities of correlated columns with unequal variances about a mean that is not zero.
  static func mixed(items: Int, widths: (Int, Int), seed: UInt64) -> FeaturePair {
    let latent = gaussian(items, 3, seed: seed)
    func modality(_ width: Int, _ seed: UInt64) -> Matrix<Float> {
      var result =
        product(latent, gaussian(3, width, seed: seed))
        + product(gaussian(items, width, seed: seed + 1), gaussian(width, width, seed: seed + 2))
      for item in 0..<items {
        for column in 0..<width { result[item, column] += Double(column % 3) }
      }
      return Matrix<Float>(result)
    }
    return FeaturePair(modality(widths.0, seed + 10), modality(widths.1, seed + 20))
  }

  static func scaled(_ matrix: Matrix<Double>, _ factor: Double) -> Matrix<Double> {
    Matrix(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount,
      elements: matrix.elements.map { $0 * factor })
  }

  /// I − λ·B·Aᵀ, by which rows are multiplied from the right.
  static func written(_ map: LowRankMap) -> Matrix<Double> {
    .identity(map.width)
      - scaled(product(map.b, .none, map.a, .transposed), map.strength)
  }

  /// The mapped features in double precision.
  static func applied(_ map: LowRankMap, _ features: Matrix<Float>) -> Matrix<Double> {
    product(Matrix<Double>(features), written(map))
  }

  /// The maps of every way for `features`.
  static func maps(
    _ features: FeaturePair, rank: Int, strength: Double, regularization: Double = 0.1
  ) throws -> [DampingMaps] {
    let subspace = try SharedSubspace(between: features.first, and: features.second)
    let joint = try JointCovariance(between: features.first, and: features.second)
    let maker = try DampingMapMaker(
      subspace, joint, rank: rank, strength: strength, regularization: regularization)
    let principal = try [joint.first, joint.second].map {
      try principalDirections($0, count: rank)
    }
    return try [
      maker.shared(), maker.trailing(), maker.principal(principal), maker.canonical(),
      maker.leastSquares(), maker.random(draw: 0, streams: RandomStreams(seed: 5)),
    ]
  }
}

/// The fixture of `Fixtures/projection_cost.py`.
struct CostReference: Decodable {
  struct Probe: Decodable {
    let coordinates: [[Double]]
    let labels: [Int]
    let folds: [Int]
    let a: [[Double]]
    let b: [[Double]]
    let strength: Double
    let before: [Int]
    let after: [Int]
  }

  struct Projections: Decodable {
    let first: [[Float]]
    let second: [[Float]]
    let rank: Int
    let ridge: Double
    let strength: Double
    let canonical: [[[Double]]]
    let erasure: [[[Double]]]
  }

  let probe: Probe
  let projections: Projections

  static func read() throws -> CostReference {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/projection_cost.json")
    return try JSONDecoder().decode(CostReference.self, from: Data(contentsOf: url))
  }
}
