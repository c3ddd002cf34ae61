import Foundation
import LinearAlgebra

/// Two small clouds with what scipy and scikit-learn find on them.
struct MarginalFixture: Decodable {
  let a: [[Float]]
  let b: [[Float]]
  let energy: Double
  let coefficient: Double
  let auc: Double
  let accuracy: Double

  var first: Matrix<Float> { Matrix(rows: a) }
  var second: Matrix<Float> { Matrix(rows: b) }

  static func load() throws -> MarginalFixture {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/marginal_measures.json")
    return try JSONDecoder().decode(MarginalFixture.self, from: Data(contentsOf: url))
  }
}
