import Foundation
import LinearAlgebra
import Redundancy
import Testing

/// Small worlds made of integers, the same in the scripts behind the reference values.
enum IntegerWorld {
  /// np.stack([i % 7, i*i % 11, 3*i % 5, i**3 % 13], 1) for i in 0..<40.
  static let first = matrix { i in [i % 7, i * i % 11, 3 * i % 5, i * i * i % 13] }
  /// np.stack([(i*i + i) % 7, 5*i % 11, i % 7 + i % 3], 1).
  static let second = matrix { i in [(i * i + i) % 7, 5 * i % 11, i % 7 + i % 3] }

  private static func matrix(_ row: (Int) -> [Int]) -> Matrix<Float> {
    Matrix<Float>(rows: (0..<40).map { i in row(i).map { Float($0) } })
  }
}

@Suite("Centred kernel alignment")
struct CenteredKernelAlignmentTests {
  /// Both forms by their definition on n × n kernels.
  func plain(_ x: Matrix<Float>, _ y: Matrix<Float>) -> (biased: Double, debiased: Double) {
    func kernel(_ features: Matrix<Float>, centered: Bool) -> Matrix<Double> {
      var z = Matrix<Double>(features)
      if centered {
        for column in 0..<z.columnCount {
          let mean = z.column(column).reduce(0, +) / Double(z.rowCount)
          for row in 0..<z.rowCount { z[row, column] -= mean }
        }
      }
      return product(z, .none, z, .transposed)
    }
    func inner(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
      zip(a.elements, b.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    func unbiased(_ k: Matrix<Double>, _ l: Matrix<Double>) -> Double {
      var k = k
      var l = l
      let n = k.rowCount
      for i in 0..<n {
        k[i, i] = 0
        l[i, i] = 0
      }
      let rowSumsK = (0..<n).map { k.row($0).reduce(0, +) }
      let rowSumsL = (0..<n).map { l.row($0).reduce(0, +) }
      let m = Double(n)
      return inner(k, l) + rowSumsK.reduce(0, +) * rowSumsL.reduce(0, +) / ((m - 1) * (m - 2))
        - 2 / (m - 2) * zip(rowSumsK, rowSumsL).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let (k, l) = (kernel(x, centered: true), kernel(y, centered: true))
    // The unbiased form does not need centring; left out here to show it.
    let (rawK, rawL) = (kernel(x, centered: false), kernel(y, centered: false))
    return (
      inner(k, l) / (inner(k, k) * inner(l, l)).squareRoot(),
      unbiased(rawK, rawL) / (unbiased(rawK, rawK) * unbiased(rawL, rawL)).squareRoot()
    )
  }

  @Test(arguments: [(60, 5, 9), (40, 30, 70), (50, 120, 3), (30, 200, 100)])
  func `agrees with n by n kernels on either side`(items: Int, p: Int, q: Int) throws {
    let (x, y) = MeasureWorlds.planted(
      items: items, widths: (p, q), rank: 2, strength: 3, seed: 51)
    let expected = plain(x, y)
    let direct = try CenteredKernelAlignment(between: x, and: y)
    let joint = CenteredKernelAlignment(try JointCovariance(between: x, and: y))
    for result in [direct, joint] {
      #expect(abs(try #require(result.biased) - expected.biased) < 1e-6)
      // The unbiased sums cancel the diagonal, which costs about a digit of single precision.
      #expect(abs(try #require(result.debiased) - expected.debiased) < 1e-5)
    }
  }

  /// numpy 2.4 in float64, biased in feature space, debiased on n × n kernels.
  @Test func `of a small integer world agrees with numpy`() throws {
    let result = try CenteredKernelAlignment(between: IntegerWorld.first, and: IntegerWorld.second)
    #expect(abs(try #require(result.biased) - 0.1505037844086147) < 1e-7)
    #expect(abs(try #require(result.debiased) - 0.10074893686153201) < 1e-7)
  }

  @Test func `is one for a turned, moved and rescaled copy`() throws {
    let x = MeasureWorlds.gaussian(200, 12, seed: 52)
    let copy = MeasureWorlds.mapped(MeasureWorlds.rotated(x, seed: 53)) { value, column in
      3 * value + Double(column)
    }
    let result = try CenteredKernelAlignment(between: x, and: copy)
    #expect(abs(try #require(result.biased) - 1) < 1e-5)
    #expect(abs(try #require(result.debiased) - 1) < 1e-5)
  }

  /// Wide independent Gaussians at 1,000 items: 0.473 biased, about 0.003 debiased.
  @Test func `of unrelated wide modalities is inflated unless debiased`() throws {
    let x = MeasureWorlds.gaussian(1000, 4096, seed: 54)
    let y = MeasureWorlds.gaussian(1000, 384, seed: 55)
    let result = try CenteredKernelAlignment(between: x, and: y)
    #expect(abs(try #require(result.biased) - 0.473) < 0.01)
    #expect(abs(try #require(result.debiased)) < 0.01)
  }

  @Test func `is centred on zero for unrelated modalities`() throws {
    let values = try (0..<60).map { seed in
      try CenteredKernelAlignment(
        between: MeasureWorlds.gaussian(40, 30, seed: 1000 + UInt64(seed)),
        and: MeasureWorlds.gaussian(40, 20, seed: 2000 + UInt64(seed)))
    }
    let debiased = values.compactMap(\.debiased)
    let mean = debiased.reduce(0, +) / 60
    #expect(abs(mean) < 0.015)
    #expect(debiased.contains { $0 < 0 })
    #expect(values.compactMap(\.biased).reduce(0, +) / 60 > 0.3)
  }

  @Test func `is undefined without variance, and debiased from four items only`() throws {
    let x = MeasureWorlds.gaussian(30, 4, seed: 56)
    let constant = Matrix<Float>(rowCount: 30, columnCount: 2, repeating: 5)
    let result = try CenteredKernelAlignment(between: x, and: constant)
    #expect(result.biased == nil)
    #expect(result.debiased == nil)
    // Kernels that are a diagonal alone have no unbiased estimate.
    let corners = Matrix<Float>(Matrix<Double>.identity(8))
    let diagonal = try CenteredKernelAlignment(between: corners, and: corners)
    #expect(abs(try #require(diagonal.biased) - 1) < 1e-6)
    #expect(diagonal.debiased == nil)
    let three = try CenteredKernelAlignment(
      between: MeasureWorlds.gaussian(3, 2, seed: 1), and: MeasureWorlds.gaussian(3, 2, seed: 2))
    #expect(three.biased != nil)
    #expect(three.debiased == nil)
    #expect(throws: RedundancyError.itemCountMismatch(first: 30, second: 3)) {
      try CenteredKernelAlignment(between: x, and: MeasureWorlds.gaussian(3, 2, seed: 1))
    }
  }

  /// numpy 2.4 in float64 on the uncompressed kernels.
  @Test(
    .enabled(if: RealFeatures.arePresent),
    arguments: [
      ("tiktok/image_feat", "tiktok/audio_feat", 0.026033250502192087, 0.024662599688606512),
      ("wikipedia/image", "wikipedia/text", 0.053206034286361975, 0.04995896160538555),
      ("mfeat/pix", "mfeat/fou", 0.3641202614622474, 0.3597499056326304),
    ])
  func `of real modalities agrees with numpy`(
    first: String, second: String, biased: Double, debiased: Double
  ) throws {
    let result = try CenteredKernelAlignment(
      between: RealFeatures.load("\(first).npy"), and: RealFeatures.load("\(second).npy"))
    #expect(abs(try #require(result.biased) - biased) < 1e-6 * biased)
    #expect(abs(try #require(result.debiased) - debiased) < 1e-6 * debiased)
  }
}
