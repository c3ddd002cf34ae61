import Datasets
import LinearAlgebra
import Testing

@Suite("Missing items")
struct MissingItemsTests {
  /// Nine items: 2 has zeros in the first modality, 5 NaN in the second, 7 both.
  func dataset() throws -> FeatureDataset {
    var first = normalMatrix(9, 3, seed: 1)
    var second = normalMatrix(9, 2, seed: 2)
    for column in 0..<3 {
      first[2, column] = column == 1 ? -0.0 : 0
      first[7, column] = .nan
    }
    for column in 0..<2 {
      second[5, column] = .nan
      second[7, column] = 0
    }
    return try FeatureDataset(
      name: "x",
      modalities: [
        .features(FeatureMatrix(name: "a", generated: first)),
        .features(FeatureMatrix(name: "b", generated: second)),
      ],
      interactions: Interactions(
        userCount: 2, itemCount: 9, users: [0, 0, 1, 1], items: [0, 2, 8, 5], splits: [0, 1, 2, 0]),
      classes: ItemClasses(ids: Array(0..<9), names: nil, description: "nine"), digests: [:])
  }

  @Test func `are rows of zeros or of NaN`() throws {
    let found = try dataset().featureMatrices.map(\.missingItems)
    #expect(found == [[2, 7], [5, 7]])
    let infinite = FeatureMatrix(
      name: "x", generated: Matrix<Float>(rows: [[.infinity, .nan], [.nan, 0], [.nan, .nan]]))
    #expect(infinite.missingItems == [2])
    #expect(
      FeatureMatrix(name: "x", generated: Matrix(rowCount: 0, columnCount: 3)).missingItems
        .isEmpty)
  }

  @Test func `are refused by name, count and place`() throws {
    let problem = FeatureProblem.missing(modality: "a", count: 2, first: 2)
    #expect(throws: DatasetError.features(problem)) { try dataset().resolvingMissing(.error) }
    #expect(
      problem.description
        == "a has no features for 2 items (rows of zeros or NaN), the first is row 2; "
        + "--missing drop goes on without those items, --missing mean gives them the mean of the "
        + "others")
  }

  @Test func `leave everything alike`() throws {
    let original = try dataset()
    let clean = try original.resolvingMissing(.drop)
    #expect(clean.itemCount == 6 && clean.classes?.ids == [0, 1, 3, 4, 6, 8])
    #expect(clean.interactions?.items == [0, 5] && clean.interactions?.users == [0, 1])
    for (kept, all) in zip(clean.featureMatrices, original.featureMatrices) {
      #expect(kept.matrix == all.matrix.rows([0, 1, 3, 4, 6, 8]))
    }
    #expect(clean.notes == ["dropped 3 of 9 items that miss a modality (first: item 2)"])
    _ = try FeatureGate.requireUsable(clean)
  }

  @Test func `get the mean of the others`() throws {
    let original = try dataset()
    let filled = try original.resolvingMissing(.mean)
    #expect(filled.itemCount == 9 && filled.classes == original.classes)
    for (place, gone) in [[2, 7], [5, 7]].enumerated() {
      let before = original.featureMatrices[place].matrix
      let after = filled.featureMatrices[place].matrix
      let others = (0..<9).filter { !gone.contains($0) }
      #expect(after.rows(others) == before.rows(others))
      for column in 0..<before.columnCount {
        let mean = others.reduce(0.0) { $0 + Double(before[$1, column]) } / 7
        for row in gone { #expect(abs(Double(after[row, column]) - mean) < 1e-7) }
      }
    }
    #expect(
      filled.notes == [
        "gave 2 of 9 items that miss a the mean of the others (first: item 2)",
        "gave 2 of 9 items that miss b the mean of the others (first: item 5)",
      ])
    _ = try FeatureGate.requireUsable(filled)
  }

  @Test(arguments: MissingPolicy.allCases)
  func `do not include rows that say something`(policy: MissingPolicy) throws {
    var matrix = normalMatrix(6, 3, seed: 3)
    matrix[4, 1] = .nan
    let partial = try FeatureDataset(
      name: "x", modalities: [.features(FeatureMatrix(name: "a", generated: matrix))], digests: [:])
    let result = try partial.resolvingMissing(policy)
    #expect(result.notes.isEmpty && result.itemCount == 6)
    #expect(throws: DatasetError.self) { try FeatureGate.requireUsable(result) }
    // Nor are they part of a mean.
    for column in 0..<3 { matrix[0, column] = 0 }
    let both = try FeatureDataset(
      name: "x", modalities: [.features(FeatureMatrix(name: "a", generated: matrix))], digests: [:])
    if policy == .mean {
      let filled = try both.resolvingMissing(.mean).featureMatrices[0].matrix
      #expect(filled.row(0).allSatisfy(\.isFinite) && filled[4, 1].isNaN)
    }
  }

  @Test func `cannot be filled from nothing`() throws {
    let flat = FeatureMatrix(name: "flat", generated: Matrix(rowCount: 4, columnCount: 2))
    let dataset = try FeatureDataset(name: "x", modalities: [.features(flat)], digests: [:])
    #expect(throws: DatasetError.features(.nothingToAverage(modality: "flat"))) {
      try dataset.resolvingMissing(.mean)
    }
    #expect(try dataset.resolvingMissing(.drop).itemCount == 0)
  }
}
