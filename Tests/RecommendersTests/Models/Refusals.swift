import Datasets
import LinearAlgebra
import Recommenders
import Testing

extension ModelInput {
  /// The same interactions with other modalities.
  func with(_ modalities: [Modality]) -> ModelInput {
    ModelInput(
      userCount: userCount, itemCount: itemCount, trainingUsers: trainingUsers,
      trainingItems: trainingItems, modalities: modalities)
  }
}

/// A model that needs features of `count` modalities says so where there is one less, or only
/// lists of neighbours.
func checkRefusals(
  of model: String, title: String, atLeast count: Int = 2,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let one = Array(TinyWorld.input.modalities.prefix(count - 1))
  #expect(
    throws: ModelError.needsModalities(
      model: title, count: count, available: one.map(\.name)), sourceLocation: sourceLocation
  ) { try makeModel(model, on: TinyWorld.input.with(one)) }
  let lists = PrecomputedNeighbors(
    modality: "text", items: 9, width: 3, indices: (0..<27).map { Int32($0 / 3) },
    cosines: [Float](repeating: 1, count: 27), path: "text_knn.npy")
  #expect(
    throws: ModelError.needsFeatures(model: title, modality: "text"),
    sourceLocation: sourceLocation
  ) {
    try makeModel(
      model, on: TinyWorld.input.with([TinyWorld.input.modalities[0], .neighbors(lists)]))
  }
}
