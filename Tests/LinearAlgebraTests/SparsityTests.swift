import LinearAlgebra
import Testing

@Suite struct SparsityTests {
  @Test func `a matrix is mostly zero up to four elements in ten`() {
    #expect(Matrix<Float>(rows: [[0, 1, 0, 2, 0, 3, 0, .nan, 0, 0]]).isMostlyZero)
    #expect(!Matrix<Float>(rows: [[0, 1, 0, 2, 0, 3, 0, -1, 0, 5]]).isMostlyZero)
    #expect(Matrix<Float>(rowCount: 3, columnCount: 0).isMostlyZero)
  }

  @Test func `all blocks of a large matrix count`() {
    var large = Matrix<Float>(rowCount: 3000, columnCount: 1000)
    for index in 0..<1_200_000 { large.elements[3_000_000 - 1 - index] = 1 }
    #expect(large.isMostlyZero)
    large.elements[0] = 1
    #expect(!large.isMostlyZero)
  }
}
