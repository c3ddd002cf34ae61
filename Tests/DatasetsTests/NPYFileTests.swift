import Datasets
import Foundation
import LinearAlgebra
import Statistics
import Testing

@Suite("NPY files")
struct NPYFileTests {
  @Test(arguments: [
    ("f2", "float16"), ("f4", "float32"), ("f8", "float64"), ("f2_big", "float16"),
    ("f4_big", "float32"), ("f8_big", "float64"), ("f4_fortran", "float32"),
    ("f8_big_fortran", "float64"), ("version2", "float32"), ("version3", "float32"),
  ])
  func `of floats read as numpy wrote them`(file: String, dtype: String) throws {
    let (matrix, found) = try NPYFile.readMatrix(at: Fixtures.path("\(file).npy"))
    #expect(matrix == Fixtures.table(minus: 6.5))
    #expect(found == dtype)
  }

  @Test(arguments: [
    ("i1", "int8"), ("i2", "int16"), ("i4", "int32"), ("i8", "int64"), ("u1", "uint8"),
    ("u2", "uint16"), ("u4", "uint32"), ("u8", "uint64"), ("i4_big", "int32"),
    ("i8_fortran", "int64"),
  ])
  func `of integers read as floats and as integers`(file: String, dtype: String) throws {
    let path = Fixtures.path("\(file).npy")
    let (matrix, found) = try NPYFile.readMatrix(at: path)
    #expect(matrix == Fixtures.table(minus: 0))
    #expect(found == dtype)
    let table = try NPYFile.readInt32Matrix(at: path)
    #expect(table.rowCount == 5 && table.columnCount == 3)
    #expect(table.values == (0..<15).map { Int32($0) })
  }

  @Test func `of truth values become zeros and ones`() throws {
    let (matrix, dtype) = try NPYFile.readMatrix(at: Fixtures.path("bool.npy"))
    #expect(matrix.elements == (0..<15).map { Float($0 % 2) })
    #expect(dtype == "bool")
  }

  @Test func `of one dimension become one column`() throws {
    let (matrix, _) = try NPYFile.readMatrix(at: Fixtures.path("vector.npy"))
    #expect(matrix.columnCount == 1)
    #expect(matrix.elements == [-6.5, -3.5, -0.5, 2.5, 5.5])
    #expect(try NPYFile.readIntegers(at: Fixtures.path("labels.npy")) == [0, 3, 6, 9, 12])
  }

  @Test func `keep doubles beyond single precision as infinities for the gate to find`() throws {
    let (matrix, _) = try NPYFile.readMatrix(at: Fixtures.path("special_f8.npy"))
    #expect(matrix[0, 0] == .infinity && matrix[0, 1] == -.infinity && matrix[0, 2] == 1)
    #expect(matrix[1, 0].isNaN && matrix[1, 1] == .infinity && matrix[1, 2] == 65504)
    let found = FeatureInspection.inspect(matrix, name: "x")
    #expect(found.nonFinite == 4)
    #expect(found.firstNonFinite == .init(row: 0, column: 0))
  }

  @Test func `convert subnormal, infinite and signed half-precision values exactly`() throws {
    let (matrix, _) = try NPYFile.readMatrix(at: Fixtures.path("special_f2.npy"))
    #expect(matrix[0, 0] == 0x1p-24 && matrix[0, 1] == 65504 && matrix[0, 2].isNaN)
    #expect(matrix[1, 0] == .infinity && matrix[1, 1].sign == .minus)
    #expect(abs(matrix[1, 2] - 6.1e-5) < 3e-8)
  }

  @Test func `are written byte for byte as numpy writes them`() throws {
    let work = try Workdir()
    let path = try work("out.npy")
    try NPYFile.write(Fixtures.table(minus: 6.5), to: path)
    let written = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(written == (try Fixtures.bytes("f4.npy")))
  }

  @Test(arguments: [(1, 1), (300, 700), (2, 70_000)])
  func `come back as they were written`(rows: Int, columns: Int) throws {
    let work = try Workdir()
    let matrix = normalMatrix(rows, columns, seed: 3)
    let path = try work("x.npy")
    try NPYFile.write(matrix, to: path)
    #expect(try NPYFile.readMatrix(at: path).matrix == matrix)
  }

  @Test(arguments: [
    ("objects", NPYProblem.pickled), ("records", .unsupportedType("with named fields")),
    ("complex", .unsupportedType("\"<c8\"")), ("text", .unsupportedType("\"<U1\"")),
    ("cube", .wrongDimensions([5, 3, 1])),
  ])
  func `of other kinds are refused with the reason`(file: String, problem: NPYProblem) {
    let path = Fixtures.path("\(file).npy")
    #expect(throws: DatasetError.array(path: path, problem)) { try NPYFile.readMatrix(at: path) }
  }

  @Test func `of floats are no labels, and tables no vector of labels`() {
    let real = Fixtures.path("f4.npy")
    let vector = Fixtures.path("vector.npy")
    #expect(throws: DatasetError.array(path: vector, .notIntegers(type: "float32"))) {
      try NPYFile.readIntegers(at: vector)
    }
    #expect(throws: DatasetError.array(path: real, .notIntegers(type: "float32"))) {
      try NPYFile.readInt32Matrix(at: real)
    }
    #expect(throws: DatasetError.array(path: Fixtures.path("i4.npy"), .wrongDimensions([5, 3]))) {
      try NPYFile.readIntegers(at: Fixtures.path("i4.npy"))
    }
  }

  @Test func `say in one sentence what is wrong and what to do`() {
    let sentence = datasetError {
      _ = try NPYFile.readMatrix(at: Fixtures.path("objects.npy"))
    }?.description ?? ""
    #expect(sentence.contains("objects.npy: holds pickled Python objects"))
    #expect(sentence.contains("numpy.save(path, numpy.asarray(values, dtype='float32'))"))
    #expect(!sentence.contains("\n"))
  }

  @Test func `that are missing or folders are told apart`() throws {
    let work = try Workdir()
    #expect(throws: DatasetError.fileNotFound(path: "\(work.path)/no.npy")) {
      try NPYFile.readMatrix(at: "\(work.path)/no.npy")
    }
    #expect(throws: DatasetError.unreadable(path: work.path, reason: "it is a directory")) {
      try NPYFile.readMatrix(at: work.path)
    }
    let device = "/dev/zero"
    #expect(throws: DatasetError.unreadable(path: device, reason: "it is not a regular file")) {
      try NPYFile.readMatrix(at: device)
    }
  }
}
