import LinearAlgebra
import Statistics
import Testing

@Suite("Centred energies")
struct CenteredEnergiesTests {
  @Test(arguments: [1, 7, 8, 19, 300])
  func `are squared distances from the centre`(width: Int) {
    var generator = SeededGenerator(seed: UInt64(width))
    let x = Matrix<Float>(
      Matrix(rowCount: 30, columnCount: width, elements: generator.normals(30 * width)))
    let center = generator.normals(width)
    let energies = centeredRowEnergies(x, center: center)
    for item in 0..<30 {
      let expected = zip(x.row(item), center).reduce(0.0) {
        $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
      }
      #expect(abs(energies[item] - expected) < 1e-13 * expected + 1e-15)
    }
  }

  @Test func `add up to the trace of the covariance`() {
    var generator = SeededGenerator(seed: 12)
    let x = Matrix<Float>(
      Matrix(
        rowCount: 700, columnCount: 33, elements: generator.normals(700 * 33).map { $0 + 100 }))
    let sigma = covariance(x)
    let trace = (0..<33).reduce(0) { $0 + sigma[$1, $1] }
    #expect(abs(totalVariance(x) - trace) < 1e-12 * trace)
  }
}
