import LinearAlgebra
import Redundancy
import Testing

@Suite("Modality gap")
struct ModalityGapTests {
  @Test func `is the distance between centres on the sphere`() throws {
    let x = Matrix<Float>(rows: [[3, 0], [5, 0]])
    let y = Matrix<Float>(rows: [[0, 2], [0, 0.5], [0, 1]])
    let gap = ModalityGap(between: x, and: y)
    #expect(abs(try #require(gap.distance) - 2.0.squareRoot()) < 1e-7)
    let opposite = ModalityGap(between: x, and: Matrix<Float>(rows: [[-9, 0], [-1, 0]]))
    #expect(abs(try #require(opposite.distance) - 2) < 1e-7)
  }

  @Test func `does not look at lengths or at which rows belong together`() throws {
    let x = MeasureWorlds.gaussian(80, 5, seed: 71)
    let y = MeasureWorlds.mapped(MeasureWorlds.gaussian(80, 5, seed: 72)) { value, _ in value + 1 }
    let gap = try #require(ModalityGap(between: x, and: y).distance)
    #expect(gap > 0.5)
    let shuffled = y.rows((0..<80).reversed())
    #expect(abs(try #require(ModalityGap(between: x, and: shuffled).distance) - gap) < 1e-12)
    let scaled = MeasureWorlds.mapped(y) { value, _ in 16 * value }
    #expect(abs(try #require(ModalityGap(between: x, and: scaled).distance) - gap) < 1e-6)
    #expect(ModalityGap(between: x, and: y).pairing == .marginal)
    #expect(try #require(ModalityGap(between: x, and: x).distance) == 0)
  }

  @Test func `has no value between different widths and says why`() {
    let gap = ModalityGap(
      between: MeasureWorlds.gaussian(9, 4, seed: 1), and: MeasureWorlds.gaussian(9, 3, seed: 2))
    #expect(gap.distance == nil)
    #expect(gap.note == "the widths 4 and 3 differ, so the centres have no distance")
  }

  @Test func `has no value without rows or with one that is not finite, and says why`() {
    let x = MeasureWorlds.gaussian(9, 4, seed: 3)
    let none = ModalityGap(between: x, and: Matrix(rowCount: 0, columnCount: 4))
    #expect(none.distance == nil)
    #expect(none.note == "a modality has no rows, so it has no centre")
    var broken = x
    broken[3, 1] = .nan
    let gap = ModalityGap(between: broken, and: x)
    #expect(gap.distance == nil)
    #expect(gap.note == "a row holds NaN or infinity, so its modality has no centre")
  }

  /// numpy 2.4 on the rows divided by np.linalg.norm(axis=1).
  @Test(.enabled(if: RealFeatures.arePresent))
  func `of TikTok agrees with numpy`() throws {
    let gap = ModalityGap(
      between: try RealFeatures.load("tiktok/image_feat.npy"),
      and: try RealFeatures.load("tiktok/audio_feat.npy"))
    #expect(abs(try #require(gap.distance) - 0.923555536039521) < 1e-7)
  }
}
