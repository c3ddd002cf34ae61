import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

/// The checks on real micro-videos: image and audio features of 6,710 items.
@Suite("Theorem checks on TikTok", .enabled(if: TikTok.isPresent))
struct TikTokTheoremTests {
  /// The expected numbers come from numpy 2.4 on the same files: features and covariance in double
  /// precision, `numpy.linalg.svd`, definitions written out. Curvatures depend on the drawn
  /// negatives, hence the wider tolerance.
  @Test func `give the numbers of an independent computation`() throws {
    let verdicts = try TheoremChecks.all(TikTok.context())
    func verdict(_ id: String) throws -> TheoremVerdict {
      try #require(verdicts.first { $0.id == id })
    }
    func measured(_ id: String, _ part: String) throws -> Double {
      try #require(verdict(id).check(part)?.measured, "\(id): \(part)")
    }
    #expect(abs(try measured("proposition-2", "ρ") - 0.012727950496) < 1e-10)
    #expect(
      abs(try measured("proposition-2", "relative error of Eq") - 0.103852091775) < 1e-10)
    #expect(abs((try verdict("corollary-3").measured ?? 0) - 1.161899631318) < 1e-10)
    #expect(abs(try measured("theorem-5", "without centring") - 231.795732372) < 1e-6)
    #expect(abs(try measured("equation-12", "stable rank") - 1.390687506742) < 1e-10)
    #expect(abs(try measured("theorem-4", "mean curvature") - 5.4389) < 0.01)
    #expect(abs(try measured("theorem-4", "rank correlation") - 0.9838) < 0.002)
  }

  @Test func `give the verdicts that these numbers imply`() throws {
    let verdicts = try TheoremChecks.all(TikTok.context())
    let outcomes = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.id, $0.verdict) })
    let expected: [String: TheoremVerdict.Verdict] = [
      "theorem-1": .fails, "proposition-2": .fails, "corollary-3": .premiseNotMet,
      "theorem-4": .fails, "theorem-5": .holds, "theorem-6": .premiseNotMet,
      "corollary-7": .holds, "theorem-8": .holds, "equation-2": .fails, "equation-4": .fails,
      "equation-12": .fails, "equation-13": .holds,
    ]
    #expect(outcomes == expected)
  }

  @Test func `rank by popularity as well as the published protocol does`() throws {
    let context = try TikTok.context()
    let choices = try #require(context.choices)
    let classes = try #require(context.classes)
    let preference = try #require(
      CategoryPreference(choices, classes: classes, streams: context.streams))
    let recalls = try #require(preference.recalls())
    #expect(abs(recalls.popularity - 0.0596) < 0.0001)
  }
}

/// Reads the TikTok set where it lies beside the package.
enum TikTok {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/data/tiktok")

  static var isPresent: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "image_feat.npy").path)
  }

  static func context() throws -> TheoremContext {
    let first = try features("image_feat.npy")
    let second = try features("audio_feat.npy")
    let subspace = try SharedSubspace(between: first, and: second)
    let classes = clusters(rowNormalized(second), count: 50)
    var context = TheoremContext(
      first: first, second: second, names: ["image", "audio"], subspace: subspace, rank: 8,
      strength: 0.9, classes: classes, classDescription: "content classes",
      choices: try choices(), streams: RandomStreams(seed: 999))
    context.fisher = [
      TheoremWorlds.fisher(
        first, basis: subspace.first.leadingColumns(8), classes: classes, modality: "image"),
      TheoremWorlds.fisher(
        second, basis: subspace.second.leadingColumns(8), classes: classes, modality: "audio"),
    ]
    let shared = coordinates(of: first, in: subspace.first.leadingColumns(8))
    context.subspaceClasses = clusters(Matrix<Float>(shared), count: 50)
    return context
  }

  /// A half-precision `.npy` of two dimensions, 6710 × 128.
  static func features(_ name: String) throws -> Matrix<Float> {
    let data = [UInt8](try Data(contentsOf: folder.appending(path: name)))
    let start = 10 + Int(data[8]) + 256 * Int(data[9])
    let values = stride(from: start, to: data.count, by: 2).map { index in
      let bits = UInt32(data[index]) | UInt32(data[index + 1]) << 8
      let magnitude = Float(bitPattern: (bits & 0x7FFF) << 13) * 0x1p112
      return bits & 0x8000 == 0 ? magnitude : -magnitude
    }
    return Matrix(rowCount: values.count / 128, columnCount: 128, elements: values)
  }

  static func choices() throws -> ItemChoices {
    let text = try String(contentsOf: folder.appending(path: "tiktok.inter"), encoding: .utf8)
    var result = ItemChoices(userCount: 0, users: [], items: [], isTest: [])
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: "\t")
      guard fields.count == 5, let user = Int32(fields[0]), let item = Int32(fields[1]),
        fields[4] != "1"
      else { continue }
      result.users.append(user)
      result.items.append(item)
      result.isTest.append(fields[4] == "2")
      result.userCount = max(result.userCount, Int(user) + 1)
    }
    return result
  }

  /// A few rounds of k-means from evenly spaced rows: any sensible partition does here.
  static func clusters(_ x: Matrix<Float>, count: Int) -> [Int] {
    var centers = x.rows((0..<count).map { $0 * x.rowCount / count })
    var labels = [Int](repeating: 0, count: x.rowCount)
    for _ in 0..<8 {
      let scores = product(x, .none, centers, .transposed)
      let norms = rowNorms(centers).map { Float($0 * $0 / 2) }
      var sums = Matrix<Float>(rowCount: count, columnCount: x.columnCount)
      var sizes = [Float](repeating: 0, count: count)
      for row in 0..<x.rowCount {
        let best = (0..<count).max { scores[row, $0] - norms[$0] < scores[row, $1] - norms[$1] }
        labels[row] = best ?? 0
        sizes[labels[row]] += 1
        for column in 0..<x.columnCount { sums[labels[row], column] += x[row, column] }
      }
      for c in 0..<count where sizes[c] > 0 {
        for column in 0..<x.columnCount { centers[c, column] = sums[c, column] / sizes[c] }
      }
    }
    return labels
  }
}
