import DataQuality
import Datasets
import Foundation
import LinearAlgebra
import Neighbors
import Statistics

/// Features with known defects, or without any.
enum QualityWorlds {
  static func gaussian(_ items: Int, _ width: Int, seed: UInt64) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix<Float>(
      Matrix(rowCount: items, columnCount: width, elements: generator.normals(items * width)))
  }

  /// Non-negative and mostly zero, as a convolutional network leaves its features.
  static func sparse(_ items: Int, _ width: Int, seed: UInt64) -> Matrix<Float> {
    var matrix = gaussian(items, width, seed: seed)
    for index in matrix.elements.indices {
      matrix.elements[index] = max(0, matrix.elements[index] - 0.8)
    }
    return matrix
  }

  /// A data set of the given features, named `a`, `b`, ….
  static func dataset(_ matrices: Matrix<Float>..., dtypes: [String] = []) -> FeatureDataset {
    let names = ["a", "b", "c"]
    do {
      return try FeatureDataset(
        name: "x",
        modalities: matrices.enumerated().map { place, matrix in
          .features(
            FeatureMatrix(
              name: names[place], matrix: matrix,
              dtype: place < dtypes.count ? dtypes[place] : "float32", path: nil, digest: ""))
        }, digests: [:])
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// The neighbours of every modality of `dataset`.
  static func lists(_ dataset: FeatureDataset, count: Int = 10) throws -> [String: NeighborLists] {
    var result: [String: NeighborLists] = [:]
    for features in dataset.featureMatrices {
      result[features.name] = try cosineNeighbors(features.matrix, count: count)
    }
    return result
  }

  /// The quality of a data set with the neighbours of all its modalities.
  static func report(_ dataset: FeatureDataset) throws -> QualityReport {
    QualityReport(dataset, lists: try lists(dataset))
  }

  /// The column means over `rows`, computed plainly.
  static func mean(_ matrix: Matrix<Float>, rows: some Collection<Int>) -> [Float] {
    (0..<matrix.columnCount).map { column in
      Float(rows.reduce(0.0) { $0 + Double(matrix[$1, column]) } / Double(rows.count))
    }
  }
}

extension Matrix {
  /// Replaces row `index`.
  mutating func setRow(_ index: Int, _ values: [Scalar]) {
    elements.replaceSubrange(index * columnCount..<(index + 1) * columnCount, with: values)
  }
}

extension QualityReport {
  var kinds: [QualityIssue.Kind] { issues.map(\.kind) }

  func issue(_ kind: QualityIssue.Kind) -> QualityIssue? { issues.first { $0.kind == kind } }
}

/// Real data beside the package, where it has been put.
enum RealData {
  static let folder = ProcessInfo.processInfo.environment["CLEAR_DATA"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../shared/data").standardizedFileURL.path
  static let search = DatasetSearch(
    dataDirectory: folder, environment: [:], workingDirectory: "/nowhere")

  static func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(name)")
  }
}
