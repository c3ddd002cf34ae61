/// Why a model cannot be built on a data set or with its settings.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The model needs features of two modalities.
  case needsFeatures(model: String, modality: String)
  /// The model needs more modalities than there are.
  case needsModalities(model: String, count: Int, available: [String])
  /// The features of a modality have fewer columns than the model takes apart.
  case featuresTooNarrow(model: String, modality: String, width: Int, needed: Int)
  /// The neighbour lists hold fewer neighbours than the item graph has.
  case listsTooShort(modality: String, width: Int, needed: Int)
  /// There is no training interaction.
  case noTrainingInteractions
  /// The redundancy rank is larger than the modality embeddings are wide.
  case rankOutOfRange(rank: Int, width: Int)

  public var description: String {
    switch self {
    case .needsFeatures(let model, let modality):
      "\(model) needs the features of modality \(modality), but there are only precomputed "
        + "neighbour lists; put \(modality)_feat.npy beside them"
    case .needsModalities(let model, let count, let available):
      "\(model) needs \(count) modalities, the data set has "
        + (available.isEmpty ? "none" : available.joined(separator: ", "))
    case .featuresTooNarrow(let model, let modality, let width, let needed):
      "\(model) needs features of \(needed) columns or more, those of modality \(modality) have "
        + "\(width)"
    case .listsTooShort(let modality, let width, let needed):
      "the \(modality) lists name \(width) neighbours per item and the item graph needs "
        + "\(needed), itself included; lower knn_k"
    case .noTrainingInteractions:
      "the data set has no training interaction (x_label 0); nothing can be trained on it"
    case .rankOutOfRange(let rank, let width):
      "redundancy rank \(rank) is out of range; the modality embeddings are \(width) wide, so "
        + "choose 1 to \(width)"
    }
  }
}
