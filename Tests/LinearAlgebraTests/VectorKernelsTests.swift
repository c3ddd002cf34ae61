import LinearAlgebra
import Statistics
import Testing

@Suite("Vector kernels")
struct VectorKernelsTests {
  func normals(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return generator.normals(count).map { Float($0) }
  }

  @Test(arguments: [0, 1, 3, 15, 16, 17, 33, 384, 1000])
  func `agree with the definition`(count: Int) {
    let a = normals(count, seed: 17)
    let b = normals(count, seed: 18)
    let dot = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let squares = zip(a, b).reduce(0.0) {
      $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
    }
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return }
        let tolerance = 1e-15 * Double(count + 1)
        #expect(abs(VectorKernels.dot(a, b, count: count) - dot) < tolerance)
        #expect(
          abs(VectorKernels.squaredDistance(a, b, count: count) - squares)
            < 1e-13 * squares + 1e-15)
        #expect(VectorKernels.squaredDistance(a, a, count: count) == 0)
      }
    }
  }

  @Test(arguments: [1, 3, 15, 16, 17, 33, 384, 1001])
  func `centre and add rows as written`(count: Int) {
    let row = normals(count, seed: 21)
    let center = normals(count, seed: 22).map { Double($0) / 3 }
    var narrow = [Float](repeating: 0, count: count)
    var wide = [Double](repeating: 0, count: count)
    VectorKernels.center(row, by: center, into: &narrow, count: count)
    VectorKernels.center(row, by: center, into: &wide, count: count)
    #expect(wide == zip(row, center).map { Double($0) - $1 })
    #expect(narrow == wide.map { Float($0) })
    var sums = center
    VectorKernels.add(row, to: &sums, count: count)
    VectorKernels.add(row, times: -0.7, to: &sums, count: count)
    // Two roundings for each product and sum, on every processor.
    let expected = zip(row, center).map { row, center in
      center + Double(row) + -0.7 * Double(row)
    }
    #expect(sums == expected)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 100, 512])
  func `count what is above and find what is between`(count: Int) {
    var scores = normals(count, seed: 23)
    for i in stride(from: 3, to: count, by: 7) { scores[i] = .nan }
    for i in stride(from: 5, to: count, by: 11) { scores[i] = 0.25 }
    for (low, high) in [(-0.5, 0.25), (0.25, 0.25), (0.3, 0.3), (-9, 9)] as [(Float, Float)] {
      var between = [UInt32](repeating: 0, count: count + 1)
      let found = scores.withUnsafeBufferPointer {
        VectorKernels.countAbove($0, low: low, high: high, between: &between)
      }
      #expect(found.above == scores.count { $0 > high })
      #expect(
        between.prefix(found.between).map { Int($0) }
          == scores.indices.filter { scores[$0] >= low && scores[$0] <= high })
    }
  }

  /// The order of summation that every processor and thread count has to keep.
  @Test func `add in sixteen lanes that meet in a tree`() {
    let a = normals(100, seed: 19)
    var lanes = [Double](repeating: 0, count: 16)
    for (i, value) in a.enumerated() { lanes[i % 16] += Double(value) * Double(value) }
    for width in [8, 4, 2, 1] {
      for lane in 0..<width { lanes[lane] += lanes[lane + width] }
    }
    let found = a.withUnsafeBufferPointer {
      VectorKernels.dot($0.baseAddress!, $0.baseAddress!, count: 100)
    }
    #expect(found == lanes[0])
  }

  @Test func `give row norms of one`() {
    let x = Matrix<Float>(rowCount: 700, columnCount: 33, elements: normals(700 * 33, seed: 20))
    let normalized = rowNormalized(x)
    for (row, norm) in rowNorms(normalized).enumerated() {
      #expect(abs(norm - 1) < 1e-6, "row \(row)")
    }
    let norm = rowNorms(x)[699]
    #expect(abs(Double(normalized[699, 4]) * norm - Double(x[699, 4])) < 1e-6)
  }

  @Test func `leave zero rows and empty matrices alone`() {
    let x = Matrix<Float>(rows: [[0, 0], [3, 4]])
    #expect(rowNormalized(x).elements == [0, 0, 0.6, 0.8])
    #expect(rowNorms(x) == [0, 5])
    #expect(rowNorms(Matrix(rowCount: 2, columnCount: 0)) == [0, 0])
    #expect(rowNormalized(Matrix<Float>(rowCount: 0, columnCount: 2)).elements.isEmpty)
  }

  @Test func `norm rows whose squares leave single precision`() {
    let tiny = Matrix<Float>(rows: [[3e-30, 4e-30]])
    #expect(abs(rowNorms(tiny)[0] - 5e-30) < 1e-36)
    #expect(abs(rowNormalized(tiny)[0, 1] - 0.8) < 1e-6)
    #expect(abs(rowNormalized(Matrix<Float>(rows: [[3e30, 4e30]]))[0, 0] - 0.6) < 1e-6)
  }

  @Test(arguments: [(1, 1, 1), (4, 256, 16), (7, 257, 17), (17, 64, 8), (33, 65, 9), (30, 600, 32), (5, 0, 2), (0, 3, 2)])
  func `projections are dot products, and no row's bits depend on its place`(
    rows: Int, width: Int, count: Int
  ) {
    var generator = SeededGenerator(seed: UInt64(rows + width))
    let matrix = Matrix<Float>(
      rowCount: rows, columnCount: width,
      elements: generator.normals(rows * width).map { Float($0) })
    let directions = Matrix(
      rowCount: count, columnCount: width, elements: generator.normals(count * width))
    let other = matrix.rows(0..<rows / 2)
    let found = VectorKernels.project([matrix, other], on: directions)
    #expect(found.count == count * (rows + rows / 2))
    for row in 0..<rows {
      let alone = VectorKernels.project([matrix.rows(row..<row + 1)], on: directions)
      for direction in 0..<count {
        let exact = (0..<width).reduce(0.0) {
          $0 + Double(matrix[row, $1]) * directions[direction, $1]
        }
        let value = found[direction * rows + row]
        #expect(abs(Double(value) - exact) <= 1e-7 * (1 + abs(exact)))
        #expect(value == alone[direction])
        if row < rows / 2 {
          #expect(value == found[count * rows + direction * (rows / 2) + row])
        }
      }
    }
  }

  @Test(arguments: [1, 15, 16, 17, 40, 333])
  func `digests tell rows apart that differ in one bit`(count: Int) {
    let row = normals(count, seed: 31)
    let digest = row.withUnsafeBufferPointer(VectorKernels.digest)
    #expect(row.withUnsafeBufferPointer(VectorKernels.digest) == digest)
    for place in [0, count / 2, count - 1] {
      var other = row
      other[place] = Float(bitPattern: other[place].bitPattern ^ 1)
      #expect(other.withUnsafeBufferPointer(VectorKernels.digest) != digest)
    }
  }

  @Test func `digests of many sparse rows are all different`() {
    var generator = SeededGenerator(seed: 32)
    var rows = Set<[Float]>()
    while rows.count < 20_000 {
      var row = [Float](repeating: 0, count: 40)
      for _ in 0..<3 { row[generator.index(below: 40)] = Float(generator.index(below: 30)) }
      rows.insert(row)
    }
    let digests = Set(rows.map { $0.withUnsafeBufferPointer(VectorKernels.digest) })
    #expect(digests.count == rows.count)
  }

  @Test func `the least magnitude passes over zeros and says whether any value is negative`() {
    func look(_ values: [Float]) -> (magnitude: Float, hasNegative: Bool) {
      values.withUnsafeBufferPointer(VectorKernels.leastMagnitude)
    }
    #expect(look([]) == (.infinity, false))
    #expect(look([0, -0.0, 0]) == (.infinity, false))
    #expect(look([3, 0, 2, 5]) == (2, false))
    #expect(look([3, -0.0, -2, 5]) == (2, true))
    #expect(look([1e-40, -1]) == (1e-40, true))
    var values = normals(1000, seed: 33).map(abs)
    #expect(look(values) == (values.min()!, false))
    values[777] = -values.min()! / 2
    #expect(look(values) == (-values[777], true))
  }
}
