import Foundation
import LinearAlgebra

/// Small pairs with their similarities by scipy.
struct SubspaceSimilarityReference: Decodable {
  let first: [[Float]]
  let second: [[Float]]
  let directions: [Int]
  let correlations: [Double]
  let svcca: Double
  let pwcca: Double
  let procrustes: Double

  var x: Matrix<Float> { Matrix(rows: first) }
  var y: Matrix<Float> { Matrix(rows: second) }

  static func all() throws -> [SubspaceSimilarityReference] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/subspace_similarity.json")
    return try JSONDecoder().decode([Self].self, from: Data(contentsOf: url))
  }
}
