import LinearAlgebra
import Recommenders
import Testing
import Training

/// Ranking by popularity on the real sets has known metrics.
@Suite(
  "Popularity", .enabled(if: RealInteractions.areThere, "needs the real data sets"))
struct PopularityTests {
  static let keys = ["recall@10", "recall@20", "ndcg@10", "ndcg@20", "precision@20"]
    .compactMap { MetricKey($0) }

  func evaluation(
    _ name: String, _ normalization: GainNormalization = .ideal
  ) throws -> Evaluation {
    let data = try TrainingData(RealInteractions.load(name))
    var counts = [Float](repeating: 0, count: data.itemCount)
    for item in data.trainingItems { counts[Int(item)] += 1 }
    return try Evaluator(data, normalization: normalization).evaluate(
      Representations(
        users: Matrix(rowCount: data.userCount, columnCount: 1, repeating: 1),
        items: Matrix(rowCount: data.itemCount, columnCount: 1, elements: counts)))
  }

  @Test(arguments: [
    ("baby", [0.0295, 0.0505, 0.0157, 0.0210, 0.0028]),
    ("sports", [0.0181, 0.0290, 0.0103, 0.0132, 0.0016]),
    ("tiktok", [0.0465, 0.0596, 0.0221, 0.0254, 0.0030]),
  ])
  func `has the reference values`(name: String, expected: [Double]) throws {
    let test = try evaluation(name).test
    let found = Self.keys.compactMap { test[$0] }.map(roundedMetric)
    #expect(found == expected)
  }

  @Test func `has the same NDCG under either normalisation where users have one item`() throws {
    let key = MetricKey(.ndcg, at: 20)
    #expect(try evaluation("tiktok", .hits).test == evaluation("tiktok").test)
    let ideal = try #require(try evaluation("baby").test[key])
    let hits = try #require(try evaluation("baby", .hits).test[key])
    #expect(ideal < hits)
  }
}
