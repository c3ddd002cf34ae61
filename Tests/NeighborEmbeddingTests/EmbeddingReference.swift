import Foundation
import LinearAlgebra
import Statistics

/// Values from scikit-learn and openTSNE, see Fixtures/make_embedding_reference.py.
struct EmbeddingReference: Decodable {
  struct AffinityRow: Decodable {
    let row: Int
    let columns: [Int32]
    let values: [Double]
  }

  let width: Int
  let perplexity: Double
  let labels: [Int]
  let points: [Float]
  let affinityEntries: Int
  let affinityRows: [AffinityRow]
  let principalDeviations: [Double]
  let principalTrustworthiness: [String: Double]
  let exactKL: Double
  let exactTrustworthiness: Double

  var matrix: Matrix<Float> {
    Matrix(rowCount: labels.count, columnCount: width, elements: points)
  }

  static func load() throws -> EmbeddingReference {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/embedding-reference.json")
    return try JSONDecoder().decode(EmbeddingReference.self, from: Data(contentsOf: url))
  }
}

/// Standard normal points.
func normalPoints(_ count: Int, _ width: Int, seed: UInt64) -> Matrix<Float> {
  var generator = SeededGenerator(seed: seed)
  return Matrix<Float>(
    Matrix(rowCount: count, columnCount: width, elements: generator.normals(count * width)))
}

/// Points around well separated centres, and the centre of each: item i belongs to i mod `classes`.
func clusteredPoints(
  _ count: Int, _ width: Int, classes: Int, separation: Double, seed: UInt64
) -> Matrix<Float> {
  var generator = SeededGenerator(seed: seed)
  let centers = generator.normals(classes * width)
  let noise = generator.normals(count * width)
  let elements = (0..<count * width).map { index in
    let (item, column) = (index / width, index % width)
    return Float(noise[index] + separation * centers[item % classes * width + column])
  }
  return Matrix(rowCount: count, columnCount: width, elements: elements)
}
