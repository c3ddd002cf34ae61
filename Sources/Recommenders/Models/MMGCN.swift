import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// MMGCN: for each modality three graph convolutions with weights, to each of which the users' and
/// items' identities are added again.
///
///     F_1 = x_1·W₀ᵀ + b₀,  F_m = x_m otherwise,  X⁰ = rows of [P_m; F_m] normalised
///     H = leaky(M·(X·Θ)),  Y = leaky(X·Aᵀ + a) + Z,  X ← leaky([H, Y]·Gᵀ + g), three times
///     R = mean over m of X³,  L = −mean ln σ(x) + λ·Ω
///     Ω = mean over all (u, p) and (u, n) of Z_u² + Z_i², + mean P_1²
///
/// M is the mean over neighbours. As published and as run, not as intended: the identities Z and
/// the users' vectors P_m are random numbers that stay what they were drawn as, so that the
/// penalty Ω is a constant without effect (`trains_vectors` trains them); joining, three layers
/// and the last of them alone are fixed; only the first modality is encoded; the mean over
/// modalities stands where the paper has their sum; and scores are those of the last batch's
/// tensors, made before its step (`stale_scoring`).
///
/// The plug-in projects F_m before rows are normalised, each modality in its own width.
///
/// - Reference: [WWNHHC19], in MMRec's form [Zhou23].
final class MMGCN: Recommender {
  static let descriptor = ModelDescriptor(
    name: "mmgcn", title: "MMGCN", reference: "WWNHHC19",
    hyperParameters: [
      .embeddingSize,
      HyperParameter(
        "encoder_width", "width that the first modality is encoded to", .integer(1...65_536),
        default: .integer(256)),
      .penalty(default: 1e-5, grid: [0.0, 1e-5, 1e-4, 1e-3, 1e-2, 0.1]),
      .learningRate(default: 1e-4, grid: [1e-4, 5e-4, 1e-3, 5e-3, 1e-2]),
      .flag("trains_vectors", "whether identities and users' vectors are trained"),
      HyperParameter(
        "stale_scoring", "whether the last batch's tensors score", .flag, default: .flag(true)),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try MMGCN(input, settings, projection, streams)
  }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let features: [Tensor]
  private let identities: Tensor
  private let encoder: LinearLayer
  private let towers: [Tower]
  private let means: SparseOperator
  private let userCount: Int
  private let penalty: Double
  private let scoresStale: Bool
  /// What the last batch scored with, where that is what scores.
  private lazy var stale =
    scoresStale ? StaleRepresentations(forward(on: evaluation.restarted)) : nil

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: projection == nil ? 1 : 2)
    let width = settings.integer("embedding_size")
    userCount = input.userCount
    penalty = settings.number("reg_weight")
    scoresStale = settings.flag("stale_scoring")
    let graph = UserItemGraph(input, degreeOffset: 0)
    means = graph.meanAdjacency()
    features = matrices.map { Tensor(features: $0.matrix) }
    var generator = streams.generator(for: "initialization")
    let widths =
      [settings.integer("encoder_width")] + matrices.dropFirst().map(\.matrix.columnCount)
    let tables =
      [
        Parameter(
          "identity", Initialization.xavierNormal(graph.nodeCount, width, using: &generator))
      ]
      + zip(matrices, widths).map { matrix, inputs in
        Parameter(
          "\(matrix.name).preference",
          Initialization.xavierNormal(input.userCount, inputs, using: &generator))
      }
    let isTrained = settings.flag("trains_vectors")
    let vectors = tables.map { isTrained ? $0.tensor : Tensor(constant: $0.tensor.matrix) }
    identities = vectors[0]
    encoder = LinearLayer(
      "\(matrices[0].name).encoder", inputs: matrices[0].matrix.columnCount, outputs: widths[0],
      initialization: .torch, using: &generator)
    var towers: [Tower] = []
    for (place, matrix) in matrices.enumerated() {
      towers.append(
        Tower(
          matrix.name, inputs: widths[place], width: width, users: vectors[place + 1],
          using: &generator))
    }
    self.towers = towers
    parameters =
      (isTrained ? tables : []) + encoder.parameters + towers.flatMap(\.parameters)
    projector = projection.map { SubspaceProjector($0, streams: streams) }
  }

  var buffers: [Buffer] { stale?.buffers ?? [] }

  func beginEpoch(_ epoch: Int) throws {
    try projector?.refresh(epoch) {
      let tape = evaluation.restarted
      return encoded(on: tape).map(\.matrix)
    }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let (users, items) = forward(on: tape)
    stale?.keep(users: users, items: items)
    let ranking = tape.rankingLoss(users: users, items: items, batch, form: .natural)
    guard penalty > 0 else { return Loss(ranking: ranking, on: tape) }
    return Loss(ranking: ranking, omega(batch, on: tape), weight: penalty, on: tape)
  }

  func representations() -> Representations {
    if let stale { return stale.representations }
    let (users, items) = forward(on: evaluation.restarted)
    return Representations(users: users.matrix, items: items.matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(
      towers.map(\.name), encoded(on: tape), by: projector, on: tape)
  }

  /// F of each modality, unless `projector` makes it F̃.
  private func encoded(on tape: Tape, projector: SubspaceProjector? = nil) -> [Tensor] {
    features.enumerated().map { modality, x in
      modality == 0
        ? encoder(x, on: tape, projector: projector)
        : projector?.apply(x, modality: modality, on: tape) ?? x
    }
  }

  /// R, split into users and items.
  private func forward(on tape: Tape) -> (users: Tensor, items: Tensor) {
    let outputs = zip(towers, encoded(on: tape, projector: projector)).map {
      $0($1, identities: identities, means: means, on: tape)
    }
    let sum = outputs.dropFirst().reduce(outputs[0]) { tape.sum($0, $1) }
    let (users, items) = tape.split(
      tape.scaled(sum, by: 1 / Double(outputs.count)), after: userCount)
    return (users, items)
  }

  /// Ω: every triple has its user twice, with the positive and with the negative.
  private func omega(_ batch: Batch, on tape: Tape) -> Tensor {
    let (users, items) = tape.split(identities, after: userCount)
    func meanSquare(_ table: Tensor, _ rows: ArraySlice<Int32>) -> Tensor {
      tape.meanSquare(tape.gathered(table, rows: rows))
    }
    let ofItems = tape.sum(
      meanSquare(items, batch.positives), meanSquare(items, batch.negatives))
    let ofIdentities = tape.sum(meanSquare(users, batch.users), tape.scaled(ofItems, by: 0.5))
    return tape.sum(ofIdentities, tape.meanSquare(towers[0].users))
  }
}

/// One modality's graph network.
private struct Tower {
  let name: String
  /// P, users × inputs.
  let users: Tensor
  private let layers: [GraphLayer]

  init(
    _ name: String, inputs: Int, width: Int, users: Tensor, using generator: inout SeededGenerator
  ) {
    self.name = name
    self.users = users
    var layers: [GraphLayer] = []
    for place in 1...3 {
      layers.append(
        GraphLayer(
          "\(name).layer\(place)", inputs: place == 1 ? inputs : width, width: width,
          isFirst: place == 1, using: &generator))
    }
    self.layers = layers
  }

  var parameters: [Parameter] { layers.flatMap(\.parameters) }

  /// X³ for the items F.
  func callAsFunction(
    _ items: Tensor, identities: Tensor, means: SparseOperator, on tape: Tape
  ) -> Tensor {
    let nodes = tape.normalizedRows(tape.stacked([users, items]))
    return layers.reduce(nodes) { $1($0, identities: identities, means: means, on: tape) }
  }
}

/// leaky([leaky(M·(X·Θ)), leaky(X·Aᵀ + a) + Z]·Gᵀ + g).
private struct GraphLayer {
  private static let slope = 0.01

  private let convolution: Parameter
  private let skip: LinearLayer
  private let combination: LinearLayer

  /// - Parameter isFirst: G starts Xavier normal in the first layer alone; the published code
  ///   leaves the others as PyTorch starts them.
  init(
    _ name: String, inputs: Int, width: Int, isFirst: Bool, using generator: inout SeededGenerator
  ) {
    convolution = Parameter(
      "\(name).convolution", Initialization.xavierNormal(inputs, inputs, using: &generator))
    skip = LinearLayer(
      "\(name).skip", inputs: inputs, outputs: width, weights: .xavierNormal, biases: .fanIn,
      using: &generator)
    combination = LinearLayer(
      "\(name).combination", inputs: inputs + width, outputs: width,
      weights: isFirst ? .xavierNormal : .fanIn, biases: .fanIn, using: &generator)
  }

  var parameters: [Parameter] { [convolution] + skip.parameters + combination.parameters }

  func callAsFunction(
    _ x: Tensor, identities: Tensor, means: SparseOperator, on tape: Tape
  ) -> Tensor {
    let neighbors = tape.leakyReLU(
      tape.product(means, tape.product(x, convolution.tensor)), slope: Self.slope)
    let own = tape.sum(tape.leakyReLU(skip(x, on: tape), slope: Self.slope), identities)
    return tape.leakyReLU(combination(tape.joined([neighbors, own]), on: tape), slope: Self.slope)
  }
}
