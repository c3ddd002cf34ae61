import Datasets
import LinearAlgebra
import Testing

@Suite("Dropping what the gate stops")
struct FeatureDroppingTests {
  /// Six items; item 1 is bad in the first modality, item 4 in the second.
  func dataset(_ spoil: (inout Matrix<Float>, Int) -> Void) throws -> FeatureDataset {
    var first = normalMatrix(6, 3, seed: 1)
    var second = normalMatrix(6, 2, seed: 2)
    spoil(&first, 1)
    spoil(&second, 4)
    return try FeatureDataset(
      name: "x",
      modalities: [
        .features(FeatureMatrix(name: "a", generated: first)),
        .features(FeatureMatrix(name: "b", generated: second)),
      ],
      interactions: Interactions(
        userCount: 2, itemCount: 6, users: [0, 0, 0, 1, 1], items: [0, 1, 5, 4, 3],
        splits: [0, 1, 2, 0, 1]),
      classes: ItemClasses(ids: [0, 1, 2, 3, 4, 5], names: nil, description: "six"),
      digests: [:])
  }

  func check(_ clean: FeatureDataset, _ original: FeatureDataset) throws {
    #expect(clean.itemCount == 4)
    for (kept, all) in zip(clean.featureMatrices, original.featureMatrices) {
      #expect(kept.matrix == all.matrix.rows([0, 2, 3, 5]))
    }
    #expect(clean.classes?.ids == [0, 2, 3, 5])
    #expect(clean.interactions?.itemCount == 4)
    #expect(clean.interactions?.users == [0, 0, 1])
    #expect(clean.interactions?.items == [0, 3, 2])
    #expect(clean.interactions?.splits == [0, 2, 1])
    #expect(clean.notes.count == 1 && clean.notes[0].contains("dropped 2 of 6 items"))
    _ = try FeatureGate.requireUsable(clean)
  }

  @Test func `takes non-finite items out of everything alike`() throws {
    let bad = try dataset { matrix, row in matrix[row, 1] = row == 1 ? .nan : .infinity }
    #expect(throws: DatasetError.self) { try FeatureGate.requireUsable(bad) }
    try check(bad.droppingNonFinite(), bad)
    #expect(try bad.droppingNonFinite().notes[0].contains("first: item 1"))
  }

  @Test func `takes rows of zeros out of everything alike`() throws {
    let bad = try dataset { matrix, row in
      for column in 0..<matrix.columnCount { matrix[row, column] = 0 }
    }
    #expect(throws: DatasetError.self) { try FeatureGate.requireUsable(bad) }
    try check(bad.droppingZeroRows(), bad)
  }

  @Test func `takes constant columns out of their modality`() throws {
    let bad = try dataset { matrix, _ in
      for row in 0..<6 where matrix.columnCount == 3 { matrix[row, 1] = 4 }
    }
    let clean = try bad.droppingConstantColumns()
    #expect(clean.featureMatrices.map(\.matrix.columnCount) == [2, 2])
    #expect(clean.featureMatrices[0].matrix.column(1) == bad.featureMatrices[0].matrix.column(2))
    #expect(clean.itemCount == 6 && clean.notes.count == 1)
    _ = try FeatureGate.requireUsable(clean)
  }

  @Test func `leaves good features and their notes alone`() throws {
    let good = try dataset { _, _ in }
    let clean = try good.droppingNonFinite().droppingZeroRows().droppingConstantColumns()
    #expect(clean.modalities == good.modalities && clean.notes.isEmpty)
  }

  @Test func `refuses what cannot be dropped`() throws {
    let flat = FeatureMatrix(
      name: "flat", generated: Matrix(rowCount: 4, columnCount: 2, repeating: 1))
    let dataset = try FeatureDataset(name: "x", modalities: [.features(flat)], digests: [:])
    #expect(throws: DatasetError.features(.allConstant(modality: "flat"))) {
      try dataset.droppingConstantColumns()
    }
    var holed = normalMatrix(4, 2, seed: 1)
    holed[2, 1] = .nan
    let mixed = try FeatureDataset(
      name: "x",
      modalities: [
        .features(FeatureMatrix(name: "a", generated: holed)),
        .neighbors(
          PrecomputedNeighbors(
            modality: "b", items: 4, width: 2, indices: [0, 1, 1, 0, 2, 3, 3, 2],
            cosines: [1, 0.5, 1, 0.5, 1, 0.5, 1, 0.5], path: "b")),
      ], digests: [:])
    #expect(
      throws: DatasetError.features(
        .listsTooShort(modality: "b (b)", items: 1, row: 3, left: 1))
    ) { try mixed.droppingNonFinite() }
  }
}
