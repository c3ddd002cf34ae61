import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Similarity")
struct SimilarityTests {
  let streams = RandomStreams(seed: 3)

  @Test func `puts the parts together and survives JSON`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 500, widths: (20, 20), rank: 2, strength: 2, seed: 81)
    let result = try Similarity(
      between: x, and: y, mutualKNN: .init(k: 10, value: 0.25), streams: streams)
    let joint = try JointCovariance(between: x, and: y)
    #expect(result.linearCKA == CenteredKernelAlignment(joint).debiased)
    #expect(result.linearCKABiased == CenteredKernelAlignment(joint).biased)
    #expect(result.cca == (try CanonicalCorrelation(joint)).correlations)
    #expect(result.cca.count == 16)
    #expect(result.mutualKNN?.value == 0.25)
    #expect(result.modalityGap == ModalityGap(between: x, and: y))
    #expect(result.ccaRegularization == 0.1)
    let json = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(Similarity.self, from: json) == result)
  }

  @Test func `shows what chance gives beside the leading correlation`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 600, widths: (60, 40), rank: 1, strength: 3, seed: 82)
    let related = try Similarity(between: x, and: y, streams: streams)
    #expect(related.cca[0] > 1.5 * (try #require(related.ccaShuffled)))
    let unrelated = try Similarity(
      between: MeasureWorlds.gaussian(600, 60, seed: 83),
      and: MeasureWorlds.gaussian(600, 40, seed: 84), streams: streams)
    let shuffled = try #require(unrelated.ccaShuffled)
    #expect(shuffled > 0.3)
    #expect(abs(unrelated.cca[0] - shuffled) < 0.1 * shuffled)
  }

  @Test func `takes the gap of different widths from shared coordinates`() throws {
    let x = MeasureWorlds.gaussian(40, 6, seed: 85)
    let y = MeasureWorlds.gaussian(40, 4, seed: 86)
    #expect(try Similarity(between: x, and: y, streams: streams).modalityGap.distance == nil)
    let (a, b) = (x.leadingColumns(3), y.leadingColumns(3))
    let result = try Similarity(
      between: x, and: y, sharedCoordinates: (first: a, second: b), streams: streams)
    #expect(result.modalityGap.distance == ModalityGap(between: a, and: b).distance)
    #expect(result.modalityGap.note == "row-normalised, in 3 shared coordinates")
  }

  @Test func `takes covariances that are already known`() throws {
    let x = MeasureWorlds.gaussian(90, 7, seed: 87)
    let y = MeasureWorlds.gaussian(90, 5, seed: 88)
    let known = try Similarity(
      between: x, and: y, joint: JointCovariance(between: x, and: y), streams: streams)
    #expect(try Similarity(between: x, and: y, streams: streams) == known)
  }

  @Test func `is undefined, not NaN, where a modality is constant`() throws {
    let constant = Matrix<Float>(rowCount: 40, columnCount: 4, repeating: 1)
    let result = try Similarity(
      between: MeasureWorlds.gaussian(40, 6, seed: 1), and: constant, streams: streams)
    #expect(result.linearCKA == nil)
    #expect(result.cca.isEmpty)
    #expect(result.ccaShuffled == nil)
    #expect(try !JSONEncoder().encode(result).isEmpty)
  }

  @Test func `has the same bits for any number of threads`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 1200, widths: (600, 200), rank: 2, strength: 1, seed: 89)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try Similarity(between: x, and: y, streams: streams)
    Parallel.threadCount = 4
    #expect(try Similarity(between: x, and: y, streams: streams) == one)
  }

  /// Reference values of the data's description and numpy 2.4.
  @Test(.enabled(if: RealFeatures.arePresent))
  func `of TikTok agrees with numpy`() throws {
    let result = try Similarity(
      between: RealFeatures.load("tiktok/image_feat.npy"),
      and: RealFeatures.load("tiktok/audio_feat.npy"), streams: streams)
    #expect(abs(try #require(result.linearCKABiased) - 0.0260) < 5e-5)
    let expected = [0.4249530628328804, 0.3489335222453418, 0.33080297493312816]
    for (a, b) in zip(result.cca, expected) { #expect(abs(a - b) < 1e-6) }
    #expect(try #require(result.ccaShuffled) < 0.2)
  }
}
