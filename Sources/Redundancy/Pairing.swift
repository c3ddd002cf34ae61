/// Whether a measure looks at which rows belong together.
public enum Pairing: String, Codable, Sendable {
  /// Uses the pairing: it changes when the rows of one modality are shuffled.
  case paired
  /// Compares the two clouds as a whole: shuffling one modality's rows leaves it unchanged, so it
  /// can never show redundancy on its own.
  case marginal
}
