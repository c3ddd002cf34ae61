import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Training

/// Interactions for the tests of the protocol.
enum TrainingWorlds {
  /// (user, item, label) rows.
  static func interactions(
    users: Int, items: Int, _ rows: [(Int32, Int32, UInt8)]
  ) -> Interactions {
    Interactions(
      userCount: users, itemCount: items, users: rows.map(\.0), items: rows.map(\.1),
      splits: rows.map(\.2))
  }

  /// Random users: `degree` different items each, the last but one for validation, the last for
  /// the test.
  static func random(
    users: Int, items: Int, degree: Int, seed: UInt64
  ) throws -> TrainingData {
    var generator = SeededGenerator(seed: seed)
    var rows: [(Int32, Int32, UInt8)] = []
    for user in 0..<users {
      for (place, item) in generator.permutation(items).prefix(degree).enumerated() {
        rows.append((Int32(user), Int32(item), UInt8(max(0, place - degree + 3))))
      }
    }
    return try TrainingData(interactions(users: users, items: items, rows))
  }

  /// Representations of small whole numbers, so that scores are exact and often equal.
  static func exactRepresentations(
    users: Int, items: Int, width: Int, seed: UInt64
  ) -> Representations {
    var generator = SeededGenerator(seed: seed)
    func table(_ rows: Int) -> Matrix<Float> {
      Matrix(
        rowCount: rows, columnCount: width,
        elements: (0..<rows * width).map { _ in Float(generator.index(below: 7) - 3) })
    }
    return Representations(users: table(users), items: table(items))
  }
}

/// Real interactions beside the package, where they have been put.
enum RealInteractions {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/data").standardizedFileURL.path
  static let areThere = FileManager.default.fileExists(atPath: "\(folder)/baby/baby.inter")

  static func load(_ name: String, featureRows: Int? = nil) throws -> Interactions {
    try InteractionTable.read("\(folder)/\(name)/\(name).inter", featureRows: featureRows)
  }
}
