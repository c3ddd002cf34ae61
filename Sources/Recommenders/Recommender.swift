import Autodiff
import LinearAlgebra
import Statistics

/// A batch of training triples: user u prefers item p to item n.
public struct Batch: Sendable {
  /// Users u, one per triple.
  public let users: ArraySlice<Int32>
  /// Positives p: items that the user has in training.
  public let positives: ArraySlice<Int32>
  /// Negatives n: items that the user does not have.
  public let negatives: ArraySlice<Int32>
  /// Number of the epoch, from 1.
  public let epoch: Int
  /// Number of the batch within its epoch, from 1.
  public let step: Int
  /// Triples of a whole batch; the last one of an epoch may have fewer.
  public let fullCount: Int

  /// - Parameter fullCount: The batch's own count if nil.
  public init(
    users: ArraySlice<Int32>, positives: ArraySlice<Int32>, negatives: ArraySlice<Int32>,
    epoch: Int = 1, step: Int = 1, fullCount: Int? = nil
  ) {
    precondition(
      users.count == positives.count && users.count == negatives.count,
      "\(users.count) users, \(positives.count) positives, \(negatives.count) negatives")
    self.users = users
    self.positives = positives
    self.negatives = negatives
    self.epoch = epoch
    self.step = step
    self.fullCount = fullCount ?? users.count
  }

  /// Number of triples.
  public var count: Int { users.count }
}

extension RandomStreams {
  /// A seed for `purpose` that every batch of every epoch has to itself.
  public func seed(for purpose: String, _ batch: Batch) -> UInt64 {
    var ofEpoch = generator(for: purpose, item: batch.epoch)
    var ofStep = RandomStreams(seed: ofEpoch.next()).generator(for: purpose, item: batch.step)
    return ofStep.next()
  }
}

/// What a model scores with: user u gives item i the score ⟨users[u], items[i]⟩.
public struct Representations: Sendable {
  /// users × width.
  public let users: Matrix<Float>
  /// items × width.
  public let items: Matrix<Float>

  public init(users: Matrix<Float>, items: Matrix<Float>) {
    precondition(
      users.columnCount == items.columnCount,
      "users are \(users.columnCount) wide, items \(items.columnCount)")
    self.users = users
    self.items = items
  }
}

/// One modality's item features after the model's encoder, before and after the projection.
public struct ModalityEmbedding: Sendable {
  /// The modality's name, such as `image`.
  public let name: String
  /// items × width, unprojected.
  public let before: Matrix<Float>
  /// items × width, as the model uses them.
  public let after: Matrix<Float>

  public init(name: String, before: Matrix<Float>, after: Matrix<Float>) {
    self.name = name
    self.before = before
    self.after = after
  }
}

/// A loss on a tape, with its parts for the log.
public struct Loss {
  /// What is minimised, 1 × 1.
  public let total: Tensor
  /// Terms by name, as they enter the total; each 1 × 1.
  public let terms: [(name: String, value: Tensor)]

  public init(total: Tensor, terms: [(name: String, value: Tensor)]) {
    self.total = total
    self.terms = terms
  }

  /// A ranking loss, and a term that is added with a weight.
  init(
    ranking: Tensor, _ term: Tensor? = nil, named name: String = "penalty", weight: Double = 0,
    on tape: Tape
  ) {
    self.init(
      ranking: ranking, term.map { term in [(name, weight, { term })] } ?? [], on: tape)
  }

  /// A ranking loss, and terms that are added with weights; one of weight 0 is left out and not
  /// computed.
  init(
    ranking: Tensor, _ terms: [(name: String, weight: Double, value: () -> Tensor)],
    on tape: Tape
  ) {
    var (total, all) = (ranking, [("bpr", ranking)])
    for (name, weight, value) in terms where weight != 0 {
      let weighted = tape.scaled(value(), by: weight)
      total = tape.sum(total, weighted)
      all.append((name, weighted))
    }
    self.init(total: total, terms: all)
  }

  /// A ranking loss, and terms that have their weights already.
  init(ranking: Tensor, adding terms: [(name: String, value: Tensor)], on tape: Tape) {
    self.init(
      total: terms.reduce(ranking) { tape.sum($0, $1.value) }, terms: [("bpr", ranking)] + terms)
  }
}

/// A table that a model keeps beside its parameters.
public struct Buffer {
  /// Its name in a checkpoint, such as `stale.items`.
  public let name: String
  public let tensor: Tensor

  public init(_ name: String, _ tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }
}

/// A recommender as the trainer, the evaluator, the checkpoint and the audit see it.
public protocol Recommender: AnyObject {
  /// Everything that ``loss(of:on:)`` trains, by name.
  var parameters: [Parameter] { get }

  /// What is trained beside the model, each with an optimizer of its own.
  var auxiliaries: [AuxiliaryObjective] { get }

  /// Tables that are not trained but that scoring or later epochs need besides the parameters.
  var buffers: [Buffer] { get }

  /// The projection that damps what the modalities share, where there is one.
  var projector: SubspaceProjector? { get }

  /// Called before the batches of epoch 1, 2, …: resample edges, refresh the projection.
  func beginEpoch(_ epoch: Int) throws

  /// The loss of one batch.
  func loss(of batch: Batch, on tape: Tape) -> Loss

  /// Users and items as they are now, for scoring.
  func representations() -> Representations

  /// The encoded modalities as they are now; empty for a model without any.
  func modalityEmbeddings() -> [ModalityEmbedding]
}

extension Recommender {
  public var auxiliaries: [AuxiliaryObjective] { [] }
  public var buffers: [Buffer] { [] }
  public var projector: SubspaceProjector? { nil }
  public func beginEpoch(_ epoch: Int) throws {}
  public func modalityEmbeddings() -> [ModalityEmbedding] { [] }

  /// The parameters of the model and of what is trained beside it.
  public var allParameters: [Parameter] { parameters + auxiliaries.flatMap(\.parameters) }
}
