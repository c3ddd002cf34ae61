import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// MMSSL: a graph recommender whose modalities' affinities a critic tells from the interactions,
/// with a contrastive loss between the users of each modality and the final ones.
///
///     F_m = drop(x_m·W_mᵀ + b_m),  U_m = G_u·F_m,  I_m = G_i·U_m
///     U'_m = G_u^m·E_i,  I'_m = G_i^m·E_u,  A = mean over m of U'_m (I'_m), times Σ_h W_cat[h]
///     u⁰ = E_u + η·nrm(A_u),  i⁰ = E_i + η·nrm(A_i),  uᵏ = G_u·iᵏ⁻¹,  iᵏ = G_i·uᵏ
///     U = mean of u⁰…uᴸ + r·Σ_m nrm(U_m),  I likewise;  the last uᴸ and iᴸ are softmaxes of rows
///     L = −mean ln σ(x) + λ·Σ_B(‖U_u‖² + ‖I_p‖² + ‖I_n‖²)/2B
///         + λ_f·Σ_m(‖U_m‖² + ‖I_m‖²)/2n + κ·Σ_m infoNCE(U'_m, U) − γ·mean D(a(U_m, I_m))
///
/// Before each step the critic D learns to tell the modalities' affinities a from the training
/// rows, softened by Gumbel noise, plus those of the final embeddings; see ``AffinityCritic``. The
/// modality graphs G^m start as G and are replaced while training goes on; see
/// ``LearnedAffinityGraph``. With the published settings of Baby and TikTok they are empty from the
/// third step on (`graphs: released`), which leaves A and the contrastive loss without effect;
/// `repaired` does what was meant.
///
/// As in the published code: attention over the modalities comes to their mean; G is divided by
/// the root of one side's degrees; items follow the users' new layer; and AdamW decays by 0.01. Of
/// the two forms of the softened rows it is the first one, with which the published numbers were
/// made. Its softmax has less than n·exp(−1/τ) outside the training items, which is left out: τ is
/// at most 0.04.
///
/// The plug-in projects F_m after its dropout.
///
/// - Reference: [WHXZ23].
final class MMSSL: Recommender {
  static let descriptor = ModelDescriptor(
    name: "mmssl", title: "MMSSL", reference: "WHXZ23",
    hyperParameters: [
      .embeddingSize,
      .layers("n_ui_layers", "hops over the user–item graph", default: 2),
      HyperParameter(
        "head_num", "parts whose sum mixes the modality graphs' embeddings", .integer(1...1024),
        default: .integer(4)),
      .rate("drop_rate", "dropout of the encoded features", default: 0.2),
      .weight("model_cat_rate", "weight r of the modalities in the embeddings", default: 0.55),
      .weight("id_cat_rate", "weight η of the modality graphs in them", default: 0.36),
      .penalty(default: 1e-5, grid: []),
      .weight("feat_reg_decay", "weight of the modalities' squares", default: 1e-5),
      .weight("cl_rate", "weight of the contrastive loss", default: 0.03),
      .positive("tau", "its temperature", default: 0.5),
      .weight("G_rate", "weight of the critic's opinion", default: 1e-4),
      .positive("D_lr", "the critic's learning rate", default: 3e-4),
      .rate("G_drop1", "dropout of the critic's first layer", default: 0.31),
      .rate("G_drop2", "dropout of the critic's second layer", default: 0.5),
      .weight("gp_rate", "weight of its gradient penalty, in units of 0.3", default: 1),
      HyperParameter(
        "real_data_tau", "temperature of the softened training rows", .number(1e-6...0.04),
        default: .number(0.005)),
      .weight("log_log_scale", "scale of the Gumbel noise in them", default: 1e-5),
      .weight("ui_pre_scale", "weight of the final affinities in them", default: 100),
      .choice(
        "graphs", "how the modality graphs are made", LearnedAffinityGraph.Rule.self,
        default: .released),
      HyperParameter(
        "T", "steps between two modality graphs", .integer(1...1_000_000), default: .integer(1)),
      HyperParameter(
        "m_topk_rate", "share of all items that a user is linked with", .number(0...1),
        default: .number(1e-4)),
      .learningRate(default: 5.5e-4, grid: []),
      .ofProtocol("train_batch_size", "users in a batch", default: .integer(1024)),
      .ofProtocol("weight_decay", "AdamW's decay", default: .number(0.01)),
      .ofProtocol("stopping_step", "evaluations without a new best", default: .integer(7)),
    ], takesProjection: true, optimizer: Adam.Options(decay: .decoupled), sampling: .distinctUsers
  ) { input, settings, projection, streams in
    try MMSSL(input, settings, projection, streams)
  }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let network: Network
  private let critic: AffinityCritic
  private let modalityGraphs: [LearnedAffinityGraph]
  /// The training items of every user, and a one for every item.
  private let interactions: SparseMatrix
  private let ones: Tensor
  private let settings: HyperParameters
  private let streams: RandomStreams

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: 2)
    self.settings = settings
    self.streams = streams
    let edges = UserItemGraph(input, degreeOffset: 0)
    interactions = edges.interactionMatrix { _, _ in 1 }.matrix
    ones = Tensor(
      constant: Matrix(rowCount: input.itemCount, columnCount: 1, repeating: 1))
    let graph = OneSidedGraph(
      userCount: input.userCount, itemCount: input.itemCount, users: edges.users,
      items: edges.items)
    projector = projection.map { SubspaceProjector($0, streams: streams) }
    var generator = streams.generator(for: "initialization")
    network = Network(
      input, matrices, graph, settings, projector: projector, using: &generator)
    critic = AffinityCritic(
      itemCount: input.itemCount,
      rates: (settings.number("G_drop1"), settings.number("G_drop2")), using: &generator)
    parameters = network.parameters

    let rule: LearnedAffinityGraph.Rule = settings.choice("graphs")
    let batchSize = settings.integer("train_batch_size")
    let topCount = Int(Double(input.itemCount) * settings.number("m_topk_rate"))
    modalityGraphs = matrices.map {
      LearnedAffinityGraph(
        $0.name, training: graph, counts: (input.userCount, input.itemCount), rule: rule,
        topCount: rule == .repaired ? max(topCount, 1) : topCount, period: settings.integer("T"),
        batchSize: batchSize, stepCount: input.trainingUsers.count / batchSize + 1)
    }
  }

  var buffers: [Buffer] { modalityGraphs.flatMap(\.buffers) }

  var auxiliaries: [AuxiliaryObjective] {
    [
      AuxiliaryObjective(
        "critic", critic.parameters, .before, learningRate: settings.number("D_lr"),
        options: Adam.Options(firstDecay: 0.5, secondDecay: 0.9)
      ) { [unowned self] batch, _, tape in criticLoss(batch, on: tape) }
    ]
  }

  func beginEpoch(_ epoch: Int) throws {
    for graph in modalityGraphs { graph.synchronize() }
    try projector?.refresh(epoch) {
      let tape = evaluation.restarted
      return network.encoded(on: tape).map(\.matrix)
    }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let state = network.forward(
      modalityGraphs.map(\.graph), dropout: seeds("model features", batch), on: tape)
    let affinities = affinities(state, batch, pattern(batch), on: tape)
    for (graph, rows) in zip(modalityGraphs, affinities) {
      graph.advance(batch.step - 1, users: batch.users) {
        rows.nearest($0, on: evaluation)
      }
    }
    var terms = [
      ("bpr", tape.rankingLoss(users: state.users, items: state.items, batch, form: .natural))
    ]
    func add(_ name: String, _ key: String, scale: Double = 1, _ term: () -> Tensor) {
      let weight = scale * settings.number(key)
      if weight != 0 { terms.append((name, tape.scaled(term(), by: weight))) }
    }
    add("penalty", "reg_weight", scale: 1 / Double(batch.count)) {
      tape.batchSquares(users: state.users, items: state.items, batch)
    }
    add("features", "feat_reg_decay") { featurePenalty(state, on: tape) }
    add("contrast", "cl_rate") { contrast(state, batch, on: tape) }
    add("adversary", "G_rate", scale: -1) {
      critic.held(on: tape).meanScore(
        affinities, "generator", seeds: seeds("critic", batch), on: tape)
    }
    let total = terms.dropFirst().reduce(terms[0].1) { tape.sum($0, $1.1) }
    return Loss(total: total, terms: terms)
  }

  func representations() -> Representations {
    for graph in modalityGraphs { graph.synchronize() }
    let state = network.forward(modalityGraphs.map(\.graph), on: evaluation.restarted)
    return Representations(users: state.users.matrix, items: state.items.matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(
      network.names, network.encoded(on: tape), by: projector, on: tape)
  }

  /// What the critic is trained on; the network is as it is.
  private func criticLoss(_ batch: Batch, on tape: Tape) -> Tensor {
    let (own, constants) = (pattern(batch), evaluation.restarted)
    let state = network.forward(
      modalityGraphs.map(\.graph), dropout: seeds("critic features", batch), on: constants)
    let final = AffinityRows(
      users: constants.gathered(state.users, rows: batch.users), items: state.items, own: own,
      on: constants)
    let real = AffinityRows(
      share: softened(batch, own, on: constants), plus: final,
      weight: settings.number("ui_pre_scale"), ones: ones, on: constants)
    return critic.loss(
      real: real, fake: affinities(state, batch, own, on: constants),
      penalty: 0.3 * settings.number("gp_rate"), seeds: seeds("critic", batch), on: tape)
  }

  /// The softmax of the batch's training rows with Gumbel noise, at the training items.
  private func softened(_ batch: Batch, _ own: SparsePattern, on tape: Tape) -> Tensor {
    let noise = tape.gumbelNoise(
      own.entryCount, 1, guard: 1e-8, seed: streams.seed(for: "noise", batch))
    let scale = settings.number("log_log_scale") / settings.number("real_data_tau")
    return tape.softmax(tape.scaled(noise, by: scale), of: own)
  }

  private func affinities(
    _ state: Network.State, _ batch: Batch, _ own: SparsePattern, on tape: Tape
  ) -> [AffinityRows] {
    state.modalities.map {
      AffinityRows(
        users: tape.gathered($0.users, rows: batch.users), items: $0.items, own: own, on: tape)
    }
  }

  /// The training items of the batch's users.
  private func pattern(_ batch: Batch) -> SparsePattern {
    var (rows, columns): ([Int32], [Int32]) = ([], [])
    for (row, user) in batch.users.enumerated() {
      let entries = interactions.rowStarts[Int(user)]..<interactions.rowStarts[Int(user) + 1]
      rows += repeatElement(Int32(row), count: entries.count)
      columns += interactions.columns[entries]
    }
    return SparsePattern(
      rowCount: batch.count, columnCount: interactions.columnCount, rows: rows, columns: columns)
  }

  private func featurePenalty(_ state: Network.State, on tape: Tape) -> Tensor {
    let squares = state.modalities.flatMap { [$0.users, $0.items] }.map {
      tape.scaled(tape.meanSquare($0), by: Double($0.count) / 2 / Double(ones.count))
    }
    return squares.dropFirst().reduce(squares[0]) { tape.sum($0, $1) }
  }

  private func contrast(_ state: Network.State, _ batch: Batch, on tape: Tape) -> Tensor {
    func rows(_ table: Tensor) -> Tensor {
      tape.normalizedRows(tape.gathered(table, rows: batch.users))
    }
    let final = rows(state.users)
    let parts = state.identityUsers.map { table in
      let own = rows(table)
      return tape.infoNCE(
        anchors: own, positives: final, candidates: tape.stacked([own, final]),
        temperature: settings.number("tau"), excludesOwn: true, floor: 1e-8)
    }
    return parts.dropFirst().reduce(parts[0]) { tape.sum($0, $1) }
  }

  private func seeds(_ purpose: String, _ batch: Batch) -> AffinityCritic.Seeds {
    { [streams] draw in streams.seed(for: "\(purpose), \(draw)", batch) }
  }
}

extension HyperParameter {
  /// A number above 0.
  fileprivate static func positive(
    _ name: String, _ summary: String, default value: Double
  ) -> HyperParameter {
    HyperParameter(
      name, summary, .number(Double.leastNormalMagnitude...Double.greatestFiniteMagnitude),
      default: .number(value))
  }

  /// The rate of a dropout.
  fileprivate static func rate(
    _ name: String, _ summary: String, default value: Double
  ) -> HyperParameter {
    HyperParameter(name, summary, .number(0...0.999_999), default: .number(value))
  }
}
