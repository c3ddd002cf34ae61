import Datasets
import Foundation
import LinearAlgebra
import Testing

@Suite("Feature inspection")
struct FeatureInspectionTests {
  @Test func `finds nothing wrong with noise`() {
    let found = FeatureInspection.inspect(normalMatrix(1300, 7, seed: 1), name: "x")
    #expect(found.items == 1300 && found.dimension == 7 && found.dtype == "float32")
    #expect(found.nonFinite == 0 && found.firstNonFinite == nil)
    #expect(found.zeroRows == 0 && found.firstZeroRow == nil)
    #expect(found.duplicateRows == 0 && found.itemsSharingLargestGroup == 1)
    #expect(found.constantColumns == 0 && found.firstConstantColumn == nil)
  }

  @Test(arguments: [1, 4])
  func `finds each planted fault at its place`(threads: Int) {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = threads
    var matrix = normalMatrix(1300, 7, seed: 2)
    for row in 0..<1300 { matrix[row, 5] = 2.5 }
    for column in 0..<7 {
      for row in [3, 700, 701, 1299] { matrix[row, column] = matrix[2, column] }
      matrix[1000, column] = matrix[999, column]
    }
    matrix[900, 4] = .infinity
    matrix[900, 6] = .nan
    matrix[1200, 0] = -.infinity
    let found = FeatureInspection.inspect(matrix, name: "x")
    #expect(found.nonFinite == 3)
    #expect(found.firstNonFinite == .init(row: 900, column: 4))
    #expect(found.duplicateRows == 5)
    #expect(found.itemsSharingLargestGroup == 5)
    #expect(found.constantColumns == 1 && found.firstConstantColumn == 5)
    for column in 0..<7 { matrix[640, column] = column % 2 == 0 ? 0 : -0.0 }
    let zero = FeatureInspection.inspect(matrix, name: "x")
    #expect(zero.zeroRows == 1 && zero.firstZeroRow == 640 && zero.constantColumns == 0)
  }

  @Test func `counts rows as equal only bit for bit`() {
    let matrix = Matrix<Float>(rows: [[0, 1], [-0.0, 1], [0, 1], [1, 0]])
    #expect(FeatureInspection.inspect(matrix, name: "x").duplicateRows == 1)
  }

  @Test func `has an answer for a matrix without rows`() {
    let found = FeatureInspection.inspect(Matrix(rowCount: 0, columnCount: 3), name: "x")
    #expect(found.itemsSharingLargestGroup == 0 && found.constantColumns == 0)
  }

  @Test func `is the same after a round trip through JSON`() throws {
    var matrix = normalMatrix(10, 3, seed: 3)
    matrix[4, 1] = .nan
    let found = FeatureInspection.inspect(matrix, name: "x")
    let decoded = try JSONDecoder().decode(
      ModalityInspection.self, from: JSONEncoder().encode(found))
    #expect(decoded == found)
  }
}

@Suite("Feature gate")
struct FeatureGateTests {
  let good = FeatureMatrix(name: "good", generated: normalMatrix(5, 3, seed: 1))

  func problem(_ matrix: Matrix<Float>) -> FeatureProblem? {
    let bad = FeatureMatrix(
      name: "bad", matrix: matrix, dtype: "float32", path: "/x/bad.npy", digest: "")
    let both = [good, bad]
    let error = datasetError {
      try FeatureGate.requireUsable(both, both.map { FeatureInspection.inspect($0) })
    }
    guard case .features(let problem) = error else { return nil }
    return problem
  }

  @Test func `lets good features through and stops each fault with its place`() throws {
    let name = "bad (/x/bad.npy)"
    var matrix = normalMatrix(5, 3, seed: 2)
    #expect(problem(matrix) == nil)
    #expect(
      problem(normalMatrix(4, 3, seed: 2))
        == .rowsDiffer(first: "good", firstRows: 5, second: name, secondRows: 4))
    matrix[3, 2] = .nan
    #expect(problem(matrix) == .nonFinite(modality: name, count: 1, row: 3, column: 2))
    matrix = normalMatrix(5, 3, seed: 2)
    for column in 0..<3 { matrix[1, column] = 0 }
    #expect(problem(matrix) == .zeroRows(modality: name, count: 1, first: 1))
    matrix = normalMatrix(5, 3, seed: 2)
    for row in 0..<5 { matrix[row, 1] = 7 }
    #expect(problem(matrix) == .constantColumns(modality: name, count: 1, first: 1))
    #expect(
      problem(matrix)?.description
        == "bad (/x/bad.npy) has 1 constant column, the first is column 1; "
        + "--drop-constant goes on without such columns")
    let few = try FeatureDataset(
      name: "few",
      modalities: [.features(FeatureMatrix(name: "a", generated: normalMatrix(2, 3, seed: 1)))],
      digests: [:])
    #expect(throws: DatasetError.features(.tooFewItems(2))) {
      try FeatureGate.requireUsable(few)
    }
  }
}
