import LinearAlgebra
import Statistics
import Testing

@Suite("Products")
struct ProductsTests {
  /// The product by its definition.
  func plainProduct(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: a.rowCount, columnCount: b.columnCount)
    for r in 0..<a.rowCount {
      for c in 0..<b.columnCount {
        for i in 0..<a.columnCount { result[r, c] += a[r, i] * b[i, c] }
      }
    }
    return result
  }

  @Test(arguments: [(3, 4, 5), (513, 7, 600), (1, 1, 1), (40, 700, 2)])
  func `agree with the definition in every transposition`(m: Int, n: Int, r: Int) {
    var generator = SeededGenerator(seed: 1)
    let a = Matrix(rowCount: m, columnCount: n, elements: generator.normals(m * n))
    let b = Matrix(rowCount: n, columnCount: r, elements: generator.normals(n * r))
    let expected = plainProduct(a, b)
    // n products of unit-scale numbers, each rounded to 1.1e-16.
    let tolerance = 1e-14 * Double(n) + 1e-15
    #expect((product(a, b) - expected).maximumMagnitude < tolerance)
    let (left, right) = (a.transposed(), b.transposed())
    for turned in [
      product(left, .transposed, b, .none), product(a, .none, right, .transposed),
      product(left, .transposed, right, .transposed),
    ] { #expect((turned - expected).maximumMagnitude < tolerance) }
    var sum = expected
    addProduct(left, .transposed, right, .transposed, to: &sum)
    #expect((sum - expected.scaled(by: 2)).maximumMagnitude < tolerance)
  }

  @Test func `of single precision agree with double precision`() {
    var generator = SeededGenerator(seed: 2)
    let a = Matrix<Float>(Matrix(rowCount: 70, columnCount: 30, elements: generator.normals(2100)))
    let b = Matrix<Float>(Matrix(rowCount: 30, columnCount: 9, elements: generator.normals(270)))
    let expected = product(Matrix<Double>(a), Matrix<Double>(b))
    #expect((Matrix<Double>(product(a, b)) - expected).maximumMagnitude < 1e-4)
  }

  private func singles(_ seed: UInt64, _ rows: Int, _ columns: Int) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: rows, columnCount: columns,
      elements: generator.normals(rows * columns).map { Float($0) })
  }

  @Test(arguments: [(64, 64, 64), (65, 300, 67), (100, 257, 130), (333, 65, 600), (64, 1100, 95)])
  func `of single precision round no worse than it, however they are made`(
    m: Int, n: Int, r: Int
  ) {
    let (a, b) = (singles(3, m, n), singles(4, n, r))
    let (turnedA, turnedB) = (a.transposed(), b.transposed())
    let expected = product(Matrix<Double>(a), Matrix<Double>(b))
    let scale = product(
      Matrix<Double>(rowCount: m, columnCount: n, elements: a.elements.map { abs(Double($0)) }),
      Matrix<Double>(rowCount: n, columnCount: r, elements: b.elements.map { abs(Double($0)) }))
    func check(_ found: [Float], times factor: Double, _ place: SourceLocation) {
      let wrong = found.indices.filter {
        abs(Double(found[$0]) - factor * expected.elements[$0])
          > 0x1p-24 * Double(n).squareRoot() * factor * scale.elements[$0]
      }
      #expect(wrong.isEmpty, "\(wrong.count) of \(found.count)", sourceLocation: place)
    }
    for (x, transposeX) in [(a, Transposition.none), (turnedA, .transposed)] {
      for (y, transposeY) in [(b, Transposition.none), (turnedB, .transposed)] {
        check(product(x, transposeX, y, transposeY).elements, times: 1, #_sourceLocation)
        // A tile within a wider matrix, whose other columns stay as they are.
        let stride = r + 3
        var target = [Float](repeating: 7, count: m * stride)
        for accumulates in [false, true] {
          DenseKernels.gemm(
            .init(base: x.elements, stride: x.columnCount, transposition: transposeX),
            .init(base: y.elements, stride: y.columnCount, transposition: transposeY),
            .init(
              base: &target, stride: stride, rows: m, columns: r, inner: n,
              accumulates: accumulates))
          let inside = (0..<m).flatMap { target[$0 * stride..<$0 * stride + r] }
          check(inside, times: accumulates ? 2 : 1, #_sourceLocation)
          #expect((0..<m).allSatisfy { target[$0 * stride + r..<($0 + 1) * stride] == [7, 7, 7] })
        }
      }
    }
  }

  @Test func `of single precision keep what is not a number in its row`() {
    for bits in [Float.nan.bitPattern, 0x7FFF_FFFF, 0xFFFF_FFFF] {
      var a = singles(5, 70, 80)
      a[9, 33] = Float(bitPattern: bits)
      let found = product(a, singles(6, 80, 90))
      #expect(found.row(9).allSatisfy { $0.isNaN })
      #expect(found.elements.filter { $0.isNaN }.count == 90)
    }
    var a = singles(5, 70, 80)
    a[9, 33] = .infinity
    #expect(product(a, singles(6, 80, 90)).row(9).allSatisfy { !$0.isFinite })
  }
}
