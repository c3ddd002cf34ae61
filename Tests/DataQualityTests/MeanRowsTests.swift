import DataQuality
import Datasets
import LinearAlgebra
import Statistics
import Testing

@Suite("Imputed means")
struct MeanRowsTests {
  typealias Worlds = QualityWorlds

  func meanRows(_ matrix: Matrix<Float>, dtype: String = "float32") -> Occurrences? {
    let other = Worlds.gaussian(matrix.rowCount, 5, seed: 99)
    return QualityReport(Worlds.dataset(matrix, other, dtypes: [dtype]))
      .modalities[0].features?.meanRows
  }

  @Test(arguments: [1, 4, 300])
  func `are found however many there are`(count: Int) throws {
    var matrix = Worlds.sparse(1000, 40, seed: 1)
    let imputed = (0..<count).map { 3 * $0 + 1 }
    let others = Set(0..<1000).subtracting(imputed).sorted()
    let mean = Worlds.mean(matrix, rows: others)
    for item in imputed { matrix.setRow(item, mean) }
    let found = try #require(meanRows(matrix))
    #expect(found.count == count && found.first == Array(imputed.prefix(10)))
    let report = QualityReport(Worlds.dataset(matrix, Worlds.gaussian(1000, 6, seed: 2)))
    #expect(report.suspiciousItems == imputed)
    #expect(report.kinds == [.meanRows])
    #expect(report.modalities[0].suspicious.map(\.reason) == [.meanRow])
    if count >= 5 { #expect(report.modalities[0].sharedVectors.map(\.kind) == [.mean]) }
  }

  @Test func `are found when the mean was taken over rows of zeros too`() throws {
    var matrix = Worlds.sparse(300, 60, seed: 2)
    for item in 0..<60 { matrix.setRow(item, [Float](repeating: 0, count: 60)) }
    let others = (0..<300).filter { $0 != 70 }
    matrix.setRow(70, Worlds.mean(matrix, rows: others))
    #expect(try #require(meanRows(matrix)).first == [70])
  }

  @Test func `are found in shared vectors that were normalised afterwards`() throws {
    var matrix = rowNormalized(Worlds.sparse(2000, 60, seed: 3))
    let mean = Worlds.mean(matrix, rows: 50..<2000)
    let norm = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for item in 0..<50 { matrix.setRow(item, mean.map { $0 / norm }) }
    let report = QualityReport(Worlds.dataset(matrix, Worlds.gaussian(2000, 6, seed: 2)))
    #expect(report.modalities[0].sharedVectors.map(\.kind) == [.mean])
    #expect(report.suspiciousItems == Array(0..<50))
    #expect(report.kinds == [.meanRows])
  }

  @Test func `are told from placeholders that outnumber everything`() throws {
    // The mean of all is within 10⁻³ of the placeholder; that of the other two items is not.
    var matrix = Worlds.gaussian(4000, 30, seed: 4)
    for item in 3..<4000 { matrix.setRow(item, Array(matrix.row(2))) }
    let report = QualityReport(Worlds.dataset(matrix, Worlds.gaussian(4000, 6, seed: 2)))
    #expect(report.modalities[0].features?.meanRows?.count == 0)
    #expect(report.modalities[0].sharedVectors.map(\.kind) == [.placeholder])
  }

  @Test func `stored in half precision are found`() throws {
    var matrix = Worlds.sparse(500, 30, seed: 5)
    for index in matrix.elements.indices {
      matrix.elements[index] = Float(Float16(matrix.elements[index]))
    }
    let mean = Worlds.mean(matrix, rows: 1..<500)
    matrix.setRow(0, mean.map { Float(Float16($0)) })
    #expect(try #require(meanRows(matrix, dtype: "float16")).first == [0])
  }

  @Test func `are not seen in rows that share only the large columns of the mean`() throws {
    var matrix = Worlds.gaussian(400, 6, seed: 6)
    for row in 0..<400 { matrix[row, 0] = 1e6 * matrix[row, 0] }
    var row = Worlds.mean(matrix, rows: 1..<400)
    matrix.setRow(0, row)
    #expect(try #require(meanRows(matrix)).first == [0])
    row[2] += 0.5
    matrix.setRow(0, row)
    #expect(try #require(meanRows(matrix)).count == 0)
  }

  @Test func `agree with a plain search`() throws {
    var generator = SeededGenerator(seed: 8)
    for seed in 0..<12 as Range<UInt64> {
      var matrix = Worlds.gaussian(200, 8, seed: seed)
      let chosen = generator.sample(generator.index(below: 5), from: 199)
      // The last item is near the mean, but a hundred times further than any tolerance.
      var near = Worlds.mean(matrix, rows: Set(0..<199).subtracting(chosen).sorted())
      near[5] += 1e-2
      matrix.setRow(199, near)
      let mean = Worlds.mean(matrix, rows: Set(0..<200).subtracting(chosen).sorted())
      for item in chosen { matrix.setRow(item, mean) }
      let all = Worlds.mean(matrix, rows: 0..<200)
      let plain = (0..<200).filter { item in
        zip(matrix.row(item), all).allSatisfy { abs($0 - $1) < 1e-5 }
      }
      #expect(plain == chosen)
      #expect(try #require(meanRows(matrix)).first == plain)
    }
  }

  @Test func `cannot be told in one column or in whole numbers`() {
    #expect(meanRows(Worlds.gaussian(50, 1, seed: 1)) == nil)
    var whole = Worlds.gaussian(50, 6, seed: 1)
    for index in whole.elements.indices { whole.elements[index].round() }
    #expect(meanRows(whole) == nil)
    #expect(meanRows(Worlds.gaussian(2, 6, seed: 1)) == nil)
  }

  @Test func `follow from filling in what was missing`() throws {
    var matrix = Worlds.sparse(500, 60, seed: 7)
    for item in [3, 88, 400] { matrix.setRow(item, [Float](repeating: 0, count: 60)) }
    let dataset = Worlds.dataset(matrix, Worlds.gaussian(500, 6, seed: 2))
    #expect(QualityReport(dataset).modalities[0].missing.first == [3, 88, 400])
    let filled = QualityReport(try dataset.resolvingMissing(.mean))
    #expect(filled.modalities[0].missing.count == 0)
    #expect(filled.suspiciousItems == [3, 88, 400])
    #expect(filled.modalities[0].suspicious.map(\.reason) == [.meanRow])
    #expect(QualityReport(try dataset.resolvingMissing(.drop)).suspiciousItems.isEmpty)
  }
}
