import DataQuality
import LinearAlgebra
import Statistics
import Testing

@Suite("Column quality")
struct ColumnQualityTests {
  typealias Worlds = QualityWorlds

  func features(_ matrix: Matrix<Float>) throws -> FeatureQuality {
    let other = Worlds.gaussian(matrix.rowCount, 5, seed: 99)
    return try #require(QualityReport(Worlds.dataset(matrix, other)).modalities[0].features)
  }

  @Test func `groups equal columns as a plain comparison does`() throws {
    var generator = SeededGenerator(seed: 1)
    for seed in 0..<10 as Range<UInt64> {
      let sources = Worlds.gaussian(1100, 9, seed: seed)
      let origin = (0..<30).map { _ in generator.index(below: 9) }
      var matrix = Matrix(
        rowCount: 1100, columnCount: 30,
        elements: (0..<1100).flatMap { row in origin.map { sources[row, $0] } })
      // A copy that is no copy in one late row.
      matrix[1099, 29] += 1
      let plain = Dictionary(grouping: 0..<30) { matrix.column($0) }.values
        .filter { $0.count > 1 }
      let found = try features(matrix).columns
      #expect(found.duplicated.count == plain.reduce(0) { $0 + $1.count - 1 })
      #expect(
        Set(found.duplicateGroups.map(\.first)) == Set(plain.map { Array($0.sorted().prefix(10)) }))
      #expect(
        found.duplicateGroups.map(\.count) == found.duplicateGroups.map(\.count).sorted(by: >))
    }
  }

  @Test func `settles columns whose hashes collide by their values`() {
    let matrix = Matrix<Float>(rows: [[1, 1, 2, 2, 3], [4, 4, 5, 5, 6], [7, 7, 8, 9, 9]])
    let same = [UInt64](repeating: 5, count: 5)
    #expect(equalColumns(matrix, among: Array(0..<5), hashes: same) == [[0, 1]])
    #expect(equalColumns(matrix.transposed(), among: [0, 1, 2], hashes: same).isEmpty)
    let pairs = Matrix<Float>(rows: [[1, 2, 1, 2, 1]])
    #expect(equalColumns(pairs, among: Array(0..<5), hashes: same) == [[0, 2, 4], [1, 3]])
  }

  @Test func `finds nearly constant columns, not merely small ones`() throws {
    var matrix = Worlds.gaussian(600, 10, seed: 2)
    for row in 0..<600 {
      matrix[row, 3] *= 1e-8
      matrix[row, 6] *= 1e-4
      matrix[row, 8] = -2
    }
    let columns = try features(matrix).columns
    #expect(columns.nearlyConstant.first == [3] && columns.nearlyConstant.count == 1)
    #expect(columns.constant.first == [8])
  }

  @Test func `takes constant columns among the items that have features`() throws {
    var matrix = Worlds.gaussian(60, 4, seed: 3)
    for row in 0..<60 { matrix[row, 1] = 0.1 }
    matrix.setRow(0, [0, 0, 0, 0])
    matrix.setRow(59, [Float](repeating: .nan, count: 4))
    #expect(try features(matrix).columns.constant.first == [1])
  }
}
