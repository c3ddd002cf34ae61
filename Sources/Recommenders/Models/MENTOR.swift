import Autodiff
import LinearAlgebra
import Statistics

/// MENTOR: a graph convolution for each modality, beside which three tasks supervise themselves.
///
/// The backbone gives H_m for each modality m and R = [U; I] from them (``ModalityBackbone``). The
/// others are the guide H_id, a convolution of item embeddings, and for each modality two views
/// H_m1 and H_m2 with branches of their own, whose hops are perturbed:
///
///     h¹ = Âx + ρ·sign(Âx) ⊙ r¹,  h² = Âh¹ + ρ·sign(Âh¹) ⊙ r²,  H = x + h¹ + h²,  ‖r‖ = 1
///     G = [H_id, H_id] and R_m = [H_m, H_m], their items smoothed as those of R
///     L = −mean log₂ σ(x) + γ·(Σ_m mean P_m[u_B]² + mean w²) + α·Align + φ·MaskF + ψ·MaskG
///     Align = Σ_{a,b ∈ {R, G, R_1, R_2}} |var a − var b| + |mean a − mean b|
///     MaskF = Σ_{X ∈ {U, I}} 1 − mean cos(drop(X), X·Wᵀ + b)
///     MaskG = Σ_{X ∈ {U, I}} −mean ln softmax(⟨X̂_1, X̂_2⟩/τ), over all users and all items
///
/// Kept as published: MaskF is a constant, through which no gradient flows (`mask_gradient` lets it
/// flow); MaskG trains branches that never score and reaches the scores through w alone; w is
/// free after its start; log₂, beside which the other terms count ln 2 times less. Branches that a
/// term alone trains are there only where the term has a weight. The reference stops on Recall@10
/// and scores with the last batch's tensors (`stale_scoring`).
///
/// - Complexity: a step is 6·d·(users² + items²) operations for MaskG, d the joined width; with
///   `mask_weight_g` 0, which differs in w alone, it is that of ``CLEAR``.
/// - Reference: [XCYLWN25], Sections 3.1 to 3.4; perturbation of [YYXCHN22].
final class MENTOR: Recommender {
  static let descriptor = ModelDescriptor(
    name: "mentor", title: "MENTOR", reference: "XCYLWN25",
    hyperParameters: ModalityBackbone.hyperParameters + [
      .penalty(default: 1e-3, grid: []),
      .learningRate(default: 1e-4, grid: []),
      .weight("align_weight", "weight of Align", default: 0.1, grid: [0.1, 0.2, 0.3]),
      .weight(
        "mask_weight_f", "weight of MaskF", default: 1.5, grid: [0.5, 1.0, 1.5, 2.0, 2.5]),
      .weight("mask_weight_g", "weight of MaskG", default: 1e-4, grid: [1e-2, 1e-3, 1e-4]),
      .temperature(default: 0.2, grid: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]),
      HyperParameter(
        "dropout", "share of elements that MaskF hides", .number(0...0.999_999),
        default: .number(0.5), grid: (1...7).map { .number(Double($0) / 10) }),
      HyperParameter(
        "noise_radius", "length of the noise in the views", .number(0...1e6),
        default: .number(0.1)),
      .flag("mask_gradient", "whether MaskF trains what it is made of"),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try MENTOR(input, settings, projection, streams)
  }

  let parameters: [Parameter]
  private let backbone: ModalityBackbone
  private let guide: Guide?
  /// The branches of each view, one for each modality; no views where MaskG has no weight.
  private let views: [[ModalityBranch]]
  /// The map X·Wᵀ + b of MaskF.
  private let predictor: LinearLayer
  private let weights: (penalty: Double, align: Double, features: Double, graph: Double)
  private let (temperature, dropout, noiseRadius): (Double, Double, Double)
  private let isMaskTrained: Bool
  private let userCount: Int
  private let streams: RandomStreams

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    self.streams = streams
    userCount = input.userCount
    weights = (
      settings.number("reg_weight"), settings.number("align_weight"),
      settings.number("mask_weight_f"), settings.number("mask_weight_g")
    )
    temperature = settings.number("temp")
    dropout = settings.number("dropout")
    noiseRadius = settings.number("noise_radius")
    isMaskTrained = settings.flag("mask_gradient") && weights.features != 0
    let matrices = try input.features(for: Self.descriptor, atLeast: 2)
    let width = settings.integer("embedding_size")
    var generator = streams.generator(for: "initialization")
    backbone = try ModalityBackbone(
      matrices, input, settings, projection, .init(), streams, using: &generator)

    func branches(
      _ inputs: [(name: String, width: Int)], using generator: inout SeededGenerator
    ) -> [ModalityBranch] {
      ModalityBranch.all(
        inputs, userCount: input.userCount, hiddenWidth: settings.integer("encoder_width"),
        width: width, initialization: .torch, using: &generator)
    }
    // Each has a stream of its own, so that no term's weight changes how the others start.
    var ofGuide = streams.generator(for: "initialization of the guide")
    guide = weights.align == 0 ? nil : Guide(
      items: Parameter(
        "guide.items", Initialization.xavierNormal(input.itemCount, width, using: &ofGuide)),
      branch: branches([("guide", width)], using: &ofGuide)[0])
    views = weights.graph == 0 ? [] : (1...2).map { view in
      var ofView = streams.generator(for: "initialization of view \(view)")
      return branches(
        matrices.map { ("\($0.name).view\(view)", $0.matrix.columnCount) }, using: &ofView)
    }
    var ofMask = streams.generator(for: "initialization of the mask")
    predictor = LinearLayer(
      "predictor", inputs: width * matrices.count, outputs: width * matrices.count,
      initialization: .torch, using: &ofMask)
    parameters =
      backbone.parameters + (guide.map { [$0.items] + [$0.branch].parameters } ?? [])
      + views.flatMap(\.parameters) + (isMaskTrained ? predictor.parameters : [])
  }

  var buffers: [Buffer] { backbone.buffers }
  var projector: SubspaceProjector? { backbone.projector }

  func beginEpoch(_ epoch: Int) throws { try backbone.beginEpoch(epoch) }
  func representations() -> Representations { backbone.representations() }
  func modalityEmbeddings() -> [ModalityEmbedding] { backbone.modalityEmbeddings() }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let state = backbone.forward(on: tape)
    let terms: [(name: String, weight: Double, value: () -> Tensor)] = [
      ("penalty", weights.penalty, { self.backbone.penalty(batch, on: tape) }),
      ("align", weights.align, { self.alignment(state, on: tape) }),
      ("mask_features", weights.features, { self.hiddenFeatures(state, batch, on: tape) }),
      ("mask_graph", weights.graph, { self.perturbedGraphs(batch, on: tape) }),
    ]
    return Loss(
      ranking: tape.rankingLoss(
        users: state.users, items: state.items, batch, form: .binary),
      adding: terms.filter { $0.weight != 0 }.map {
        ($0.name, tape.scaled($0.value(), by: $0.weight))
      }, on: tape)
  }

  // MARK: Align

  /// Item embeddings and the branch that takes them for features.
  private struct Guide {
    let items: Parameter
    let branch: ModalityBranch
  }

  /// Variance and mean of all elements of a table.
  private typealias Moments = (variance: Tensor, mean: Tensor)

  private func alignment(_ state: ModalityBackbone.State, on tape: Tape) -> Tensor {
    guard let guide else { preconditionFailure("there is no guide") }
    let ofGuide = guide.branch.propagated(
      guide.branch.encoded(guide.items.tensor, on: tape), over: backbone.adjacency, layers: 2,
      on: tape)
    let guideHalves = tape.split(ofGuide, after: userCount)
    let (copies, width) = (backbone.branches.count, ofGuide.columnCount)
    let tables =
      [
        moments(tape.stacked([state.users, state.items]), on: tape),
        moments(
          tape.stacked([
            guideHalves.first, backbone.smoothed(guideHalves.second, on: tape),
          ]), copies: copies, on: tape),
      ]
      + state.propagated.enumerated().map { modality, nodes in
        // The smoothed items of a modality are its columns among all.
        let columns = modality * width..<(modality + 1) * width
        return moments(
          tape.stacked([
            tape.split(nodes, after: userCount).first, tape.columns(columns, of: state.items),
          ]), copies: copies, on: tape)
      }
    let gaps = tables.indices.flatMap { a in
      tables[..<a].flatMap { other in
        [
          tape.absolute(tape.difference(tables[a].variance, other.variance)),
          tape.absolute(tape.difference(tables[a].mean, other.mean)),
        ]
      }
    }
    return gaps.dropFirst().reduce(gaps[0]) { tape.sum($0, $1) }
  }

  /// The moments of `copies` of x side by side, the variance unbiased: of n elements, the copies'
  /// squares are c times those of x, and their number cn.
  private func moments(_ x: Tensor, copies: Int = 1, on tape: Tape) -> Moments {
    let (n, c) = (Double(x.count), Double(copies))
    return (tape.scaled(tape.variance(x), by: c * (n - 1) / (c * n - 1)), tape.mean(x))
  }

  // MARK: MaskF

  private func hiddenFeatures(
    _ state: ModalityBackbone.State, _ batch: Batch, on tape: Tape
  ) -> Tensor {
    let parts = [("users", state.users), ("items", state.items)].map { name, table in
      let x = isMaskTrained ? table : tape.detached(table)
      let predicted = isMaskTrained ? predictor(x, on: tape) : predictor.held(x, on: tape)
      let hidden = tape.dropout(
        x, rate: dropout, seed: streams.seed(for: "mask of \(name)", batch))
      let cosines = tape.rowDots(
        tape.normalizedRows(hidden, floor: 1e-8), tape.normalizedRows(predicted, floor: 1e-8))
      return tape.adding(constant: 1, to: tape.scaled(tape.mean(cosines), by: -1))
    }
    return tape.sum(parts[0], parts[1])
  }

  // MARK: MaskG

  private func perturbedGraphs(_ batch: Batch, on tape: Tape) -> Tensor {
    let fused = views.map { view in
      let (users, items) = backbone.fused(
        zip(view, backbone.features).map { perturbed($0, $1, batch, on: tape) }, on: tape)
      return (users: tape.normalizedRows(users), items: tape.normalizedRows(items))
    }
    func contrast(_ first: Tensor, _ second: Tensor) -> Tensor {
      tape.infoNCE(
        anchors: first, positives: second, candidates: second, temperature: temperature)
    }
    return tape.sum(
      contrast(fused[0].users, fused[1].users), contrast(fused[0].items, fused[1].items))
  }

  /// x + h¹ + h² of a view's branch.
  private func perturbed(
    _ branch: ModalityBranch, _ features: Tensor, _ batch: Batch, on tape: Tape
  ) -> Tensor {
    let nodes = branch.nodes(branch.encoded(features, on: tape), on: tape)
    var (sum, hop) = (nodes, nodes)
    for layer in 1...2 {
      hop = tape.perturbed(
        tape.product(backbone.adjacency, hop), radius: noiseRadius,
        seed: streams.seed(for: "noise of \(branch.name), hop \(layer)", batch))
      sum = tape.sum(sum, hop)
    }
    return sum
  }
}
