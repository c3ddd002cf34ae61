/// Why training cannot begin or go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The loss of a batch is NaN or infinite.
  case diverged(epoch: Int, step: Int, steps: Int, term: String)
  /// The scores of an epoch are NaN or infinite.
  case divergedScores(epoch: Int, EvaluationError)
  /// The embeddings from which a projection was to be taken are NaN or infinite.
  case divergedEmbeddings(epoch: Int)
  /// A feature is NaN or infinite.
  case nonFiniteFeatures(source: String, row: Int, column: Int)
  /// There are no interactions to train on.
  case noInteractions(dataset: String)
  /// The model has no embeddings on which a projection may act.
  case takesNoProjection(model: String)
  /// There is no model of that name.
  case unknownModel(String, known: [String])

  /// Whether training began, and its numbers left the range.
  public var isDivergence: Bool {
    switch self {
    case .diverged, .divergedScores, .divergedEmbeddings: true
    case .nonFiniteFeatures, .noInteractions, .takesNoProjection, .unknownModel: false
    }
  }

  public var description: String {
    switch self {
    case .diverged(let epoch, let step, let steps, let term):
      "training diverged: the loss (\(term)) is not a finite number in epoch \(epoch), step "
        + "\(step) of \(steps); lower learning_rate or raise reg_weight"
    case .divergedScores(let epoch, let problem):
      "training diverged in epoch \(epoch): \(problem)"
    case .divergedEmbeddings(let epoch):
      "training diverged: at the beginning of epoch \(epoch) the modality embeddings are not "
        + "finite; lower learning_rate"
    case .nonFiniteFeatures(let source, let row, let column):
      "\(source) is NaN or infinite in row \(row), column \(column); every feature must be a "
        + "finite number, so repair or leave out that item"
    case .noInteractions(let dataset):
      "\(dataset) has no interactions to train on; put \(dataset).inter beside its features"
    case .takesNoProjection(let model):
      "\(model) has no modality embeddings for a projection to act on; leave --clear out"
    case .unknownModel(let name, let known):
      "there is no model \(name.debugDescription); the models are \(known.joined(separator: ", "))"
    }
  }
}
