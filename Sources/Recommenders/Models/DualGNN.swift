import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// DualGNN: encoded features smoothed over the user–item graph, then users over a graph of their
/// own, linked where they share items.
///
///     F_m = W₂·leaky(W₁·x_m + b₁) + b₂,  X_m = rows of [P_m; F_m] normalised
///     R_m = X_m + ÂX_m + Â²X_m,  items I = Σ_m R_m
///     U⁰_u = ω_{u,1}·(Σ_m R_m) + Σ_{m>1} ω_{u,m}·R_m,  users U = U⁰ + S·U⁰
///     L = −mean log₂ σ(x) + λ·(Σ_m mean P_m[u_B]² + mean ω² + mean ω_I²)
///
/// S weighs up to 40 users with the most items in common by a softmax over how many these are, and
/// is drawn anew for every epoch; see ``UserGraph``. As in the published code: the weight of the
/// first modality acts on the sum of all, for the sum is made in its place (`user_fusion: own` has
/// ω_{u,m}·R_m, as intended); ω is a softmax at the start only; the items' weights ω_I are in the
/// penalty and nowhere else; two hops are fixed; and scores are those of the last batch's tensors,
/// made before its step.
///
/// The plug-in projects F_m before rows are normalised.
///
/// - Reference: [WWYWSN23], in MMRec's form [Zhou23].
final class DualGNN: Recommender {
  static let descriptor = ModelDescriptor(
    name: "dualgnn", title: "DualGNN", reference: "WWYWSN23",
    hyperParameters: [
      .embeddingSize,
      HyperParameter(
        "encoder_width", "width of the encoders' hidden layer", .integer(1...65_536),
        default: .integer(256)),
      HyperParameter(
        "user_neighbors", "users that a user is joined with", .integer(1...1_000_000),
        default: .integer(40)),
      .penalty(default: 0.1, grid: [0.1, 0.01, 1e-3, 1e-4, 1e-5]),
      .learningRate(default: 1e-4, grid: [0.1, 0.01, 1e-3, 1e-4, 1e-5]),
      .choice(
        "user_fusion", "what the first modality's weight acts on", Fusion.self, default: .sum),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try DualGNN(input, settings, projection, streams)
  }

  /// What a user's weight of the first modality acts on: the sum of all, or the first alone.
  enum Fusion: String, CaseIterable { case sum, own }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let features: [Tensor]
  private let branches: [ModalityBranch]
  private let userWeights: ModalityWeights
  private let itemWeights: ModalityWeights
  private let adjacency: SparseOperator
  private let userGraph: UserGraph
  private var userLinks: SparseOperator
  private let userNeighbors: Int
  private let streams: RandomStreams
  private let userCount: Int
  private let penalty: Double
  private let fusion: Fusion
  /// What the last batch scored with.
  private lazy var stale = StaleRepresentations(forward(on: evaluation.restarted))

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: projection == nil ? 1 : 2)
    self.streams = streams
    userCount = input.userCount
    penalty = settings.number("reg_weight")
    fusion = settings.choice("user_fusion")
    userNeighbors = settings.integer("user_neighbors")
    let graph = UserItemGraph(input, degreeOffset: 0)
    adjacency = graph.normalizedAdjacency()
    // Weaker links than a user takes are never looked at.
    userGraph = UserGraph(graph, limit: userNeighbors)
    userLinks = Self.links(userGraph, userNeighbors, epoch: 1, streams)
    features = matrices.map { Tensor(features: $0.matrix) }
    var generator = streams.generator(for: "initialization")
    branches = ModalityBranch.all(
      matrices.map { ($0.name, $0.matrix.columnCount) }, userCount: input.userCount,
      hiddenWidth: settings.integer("encoder_width"), width: settings.integer("embedding_size"),
      initialization: .torch, using: &generator)
    userWeights = ModalityWeights(
      "user_weight", rowCount: input.userCount, count: matrices.count, using: &generator)
    itemWeights = ModalityWeights(
      "item_weight", rowCount: input.itemCount, count: matrices.count, using: &generator)
    parameters = branches.parameters + [userWeights.parameter, itemWeights.parameter]
    projector = projection.map { SubspaceProjector($0, streams: streams) }
  }

  var buffers: [Buffer] { stale.buffers }

  func beginEpoch(_ epoch: Int) throws {
    userLinks = Self.links(userGraph, userNeighbors, epoch: epoch, streams)
    try projector?.refresh(epoch) {
      let tape = evaluation.restarted
      return encoded(on: tape).map(\.matrix)
    }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let (users, items) = forward(on: tape)
    stale.keep(users: users, items: items)
    return Loss(
      ranking: tape.rankingLoss(users: users, items: items, batch, form: .binary),
      squares(batch, on: tape), weight: penalty, on: tape)
  }

  func representations() -> Representations { stale.representations }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(
      branches.map(\.name), encoded(on: tape), by: projector, on: tape)
  }

  /// S of `epoch`.
  private static func links(
    _ graph: UserGraph, _ count: Int, epoch: Int, _ streams: RandomStreams
  ) -> SparseOperator {
    var generator = streams.generator(for: "user links", item: epoch)
    return graph.sampled(fanOut: count, using: &generator)
  }

  /// F of each modality, unless `projector` makes it F̃.
  private func encoded(on tape: Tape, projector: SubspaceProjector? = nil) -> [Tensor] {
    zip(branches, features).enumerated().map { modality, part in
      part.0.encoded(part.1, on: tape, projector: projector, modality: modality)
    }
  }

  private func forward(on tape: Tape) -> (users: Tensor, items: Tensor) {
    func sum(_ parts: [Tensor]) -> Tensor {
      parts.dropFirst().reduce(parts[0]) { tape.sum($0, $1) }
    }
    let halves = zip(branches, encoded(on: tape, projector: projector)).map {
      tape.split($0.propagated($1, over: adjacency, layers: 2, on: tape), after: userCount)
    }
    var users = halves.map(\.first)
    let items = sum(halves.map(\.second))
    // A single modality has no weights.
    guard users.count > 1 else { return (tape.addingProduct(userLinks, users[0]), items) }
    if fusion == .sum { users[0] = sum(users) }
    return (tape.addingProduct(userLinks, sum(userWeights(users, on: tape))), items)
  }

  private func squares(_ batch: Batch, on tape: Tape) -> Tensor {
    let ofUsers = branches.map {
      tape.meanSquare(tape.gathered($0.preference.tensor, rows: batch.users))
    }
    return (ofUsers + [tape.meanSquare(itemWeights.tensor)]).reduce(
      tape.meanSquare(userWeights.tensor)
    ) { tape.sum($0, $1) }
  }
}
