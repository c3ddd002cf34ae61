import Information
import LinearAlgebra
import Statistics
import Testing

@Suite struct DiscreteViewsTests {
  private let streams = RandomStreams(seed: 5)

  /// Rows near one of four directions, of any length.
  private func groups(_ labels: [Int], seed: UInt64) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    let rows = labels.map { label in
      let length = 1 + 9 * generator.uniform()
      return generator.normals(6).enumerated().map { column, noise in
        Float(length * ((column == label ? 1 : 0) + 0.02 * noise))
      }
    }
    return Matrix(rows: rows)
  }

  @Test func `finds planted groups whatever the length of rows`() throws {
    let labels = (0..<200).map { $0 * $0 % 4 + $0 % 3 }
    let views = try DiscreteViews(
      clustering: groups(labels, seed: 1), and: groups(labels, seed: 2), clusterCount: 4,
      streams: streams)
    for symbols in [views.first, views.second] {
      #expect(Set(zip(symbols, labels).map { $0 * 100 + $1 }).count == Set(labels).count)
    }
    #expect(views.firstCount == 4 && views.sentence.contains("4 clusters"))
  }

  @Test func `takes the signs of the leading coordinates`() throws {
    let a = Matrix<Double>(rows: [[1, -5, 9], [-1, 5, 9], [1, 5, 9], [-1, -5, 9]])
    let b = Matrix<Double>(rows: [[11, 0, 0], [9, 0, 0], [9, 0, 0], [11, 0, 0]])
    let views = try DiscreteViews(signsOf: a, and: b, coordinateCount: 2)
    #expect(views.first == [1, 2, 3, 0])
    // About the mean, and a constant coordinate has no positive sign.
    #expect(views.second == [1, 0, 0, 1])
    #expect(views.firstCount == 4 && views.secondCount == 4)
  }

  @Test func `takes few, equal and empty rows`() throws {
    let one = Matrix<Float>(rowCount: 1, columnCount: 3, repeating: 2)
    #expect(try DiscreteViews(clustering: one, and: one, streams: streams).firstCount == 1)
    let equal = Matrix<Float>(rowCount: 30, columnCount: 3, repeating: 2)
    let none = Matrix<Float>(rowCount: 30, columnCount: 0)
    let zero = Matrix<Float>(rowCount: 30, columnCount: 2)
    for features in [equal, none, zero] {
      let views = try DiscreteViews(clustering: features, and: equal, streams: streams)
      #expect(Set(views.first).count == 1)
    }
    let narrow = Matrix<Double>(rowCount: 4, columnCount: 0)
    #expect(try DiscreteViews(signsOf: narrow, and: narrow).first == [0, 0, 0, 0])
  }

  @Test func `refuses what cannot be paired or is not finite`() {
    let three = Matrix<Float>(rowCount: 3, columnCount: 2, repeating: 1)
    let four = Matrix<Float>(rowCount: 4, columnCount: 2, repeating: 1)
    #expect(throws: InformationError.itemCountMismatch(first: 3, second: 4)) {
      try DiscreteViews(clustering: three, and: four, streams: streams)
    }
    var broken = three
    broken[1, 0] = .nan
    #expect(throws: InformationError.nonFinite(modality: 1, row: 1)) {
      try DiscreteViews(clustering: three, and: broken, streams: streams)
    }
    let empty = Matrix<Float>(rowCount: 0, columnCount: 2)
    #expect(throws: InformationError.empty) {
      try DiscreteViews(clustering: empty, and: empty, streams: streams)
    }
    var coordinates = Matrix<Double>(rowCount: 2, columnCount: 1)
    coordinates[1, 0] = .infinity
    #expect(throws: InformationError.nonFinite(modality: 0, row: 1)) {
      try DiscreteViews(signsOf: coordinates, and: coordinates)
    }
  }
}
