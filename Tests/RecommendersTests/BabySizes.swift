import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics

/// Inputs of the size of the Baby data set, and its interactions where they are there.
enum BabySizes {
  static let users = 19_445
  static let items = 7_050

  /// No features, one edge.
  static let emptyInput = ModelInput(
    userCount: users, itemCount: items, trainingUsers: [0], trainingItems: [0], modalities: [])

  /// Features of the right widths, but of two items only: enough where no item is looked up.
  static let narrowInput = ModelInput(
    [(0, 0)], users: users, items: items, image: randomMatrix(2, 4096, seed: 1),
    text: randomMatrix(2, 384, seed: 2))

  static func triples(_ count: Int, seed: UInt64) -> Triples {
    var generator = SeededGenerator(seed: seed)
    func draw(_ bound: Int) -> [Int32] {
      (0..<count).map { _ in Int32(generator.index(below: bound)) }
    }
    return Triples(users: draw(users), positives: draw(items), negatives: draw(items))
  }

  /// As many random edges as Baby has, six or so for a user.
  static func randomPairs(seed: UInt64) -> [(Int32, Int32)] {
    var generator = SeededGenerator(seed: seed)
    return (0..<118_551).map { _ in
      (Int32(generator.index(below: users)), Int32(generator.index(below: items)))
    }
  }

  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/data/baby/baby.inter").standardizedFileURL.path
  static let areThere = FileManager.default.fileExists(atPath: path)

  /// Baby's training interactions.
  static func trainingPairs() throws -> [(Int32, Int32)] {
    let interactions = try InteractionTable.read(path)
    return interactions.splits.indices.filter { interactions.splits[$0] == 0 }.map {
      (interactions.users[$0], interactions.items[$0])
    }
  }
}
