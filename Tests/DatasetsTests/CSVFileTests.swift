import Datasets
import Foundation
import Testing

@Suite("CSV files")
struct CSVFileTests {
  func read(_ text: String) throws -> (rows: Int, columns: Int, elements: [Float]) {
    let work = try Workdir()
    let matrix = try CSVFile.readMatrix(at: work.write(text, to: "x.csv"))
    return (matrix.rowCount, matrix.columnCount, matrix.elements)
  }

  func problem(_ text: String) throws -> CSVProblem? {
    let work = try Workdir()
    let path = try work.write(text, to: "x.csv")
    guard case .table(path, let problem) = datasetError({ _ = try CSVFile.readMatrix(at: path) })
    else { return nil }
    return problem
  }

  @Test(arguments: [
    "1,2.5\n-3e2,4\n", "a,b\n1,2.5\n-3e2,4", "1, 2.5\r\n -3e2 ,4\r\n", "\u{FEFF}1,2.5\n-3e2,4\n",
  ])
  func `are one row per line`(text: String) throws {
    let (rows, columns, elements) = try read(text)
    #expect(rows == 2 && columns == 2)
    #expect(elements == [1, 2.5, -300, 4])
  }

  @Test func `keep what is not finite for the gate to count`() throws {
    let elements = try read("nan,inf\n1e39,-1\n").elements
    #expect(elements[0].isNaN)
    #expect(elements[1...] == [.infinity, .infinity, -1])
  }

  static let malformed: [(String, CSVProblem)] = [
    ("", .empty), ("a,b\n", .empty),
    ("1,2\n3\n", .fieldCount(line: 2, found: 1, expected: 2)),
    ("1,2\n\n3,4\n", .fieldCount(line: 2, found: 1, expected: 2)),
    ("x,y\n1,2\n3,4,5\n", .fieldCount(line: 3, found: 3, expected: 2)),
    ("id,1\n2,3\n", .notANumber(line: 1, column: 1, text: "id")),
    ("1,2\n3,two\n", .notANumber(line: 2, column: 2, text: "two")),
    ("1,2\n3,\n", .notANumber(line: 2, column: 2, text: "")),
    ("1;2\n3;4\n", .notANumber(line: 2, column: 1, text: "3;4")),
  ]

  @Test(arguments: malformed)
  func `name the line and the column that are wrong`(text: String, expected: CSVProblem) throws {
    #expect(try problem(text) == expected)
  }

  @Test func `are features under the name of the file`() throws {
    let work = try Workdir()
    let features = try FeatureFile.read(work.write("1,2\n3,4\n", to: "text_feat.csv"))
    #expect(features.name == "text" && features.dtype == "text")
    #expect(features.matrix.elements == [1, 2, 3, 4])
    #expect(features.digest == Digest.sha256(Array("1,2\n3,4\n".utf8)))
  }
}
