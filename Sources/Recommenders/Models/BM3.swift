import Autodiff
import LinearAlgebra
import Statistics

/// BM3: users, items and the items' modalities predict each other's views, without negatives.
///
///     Z̄ = (Z + ÂZ + … + ÂᴸZ)/(L + 1),  Z = [E_u; E_i]
///     U = Z̄[users],  I = Z̄[items] + E_i,  F_m = X_m·W_mᵀ + b_m
///     online view x̃ = x·Wᵀ + b,  target view x′ = dropout(x) without gradient,  d = 1 − mean cos
///     L = d(Ũ, I′) + d(Ĩ, U′) + γ·Σ_m (d(F̃_m, I′) + d(F̃_m, F′_m)) + λ·(‖U‖_F + ‖I‖_F)/n_items
///     score(u, i) = ⟨ũ, ĩ⟩
///
/// As published in code:
/// - One predictor W, b serves users, items and modalities; the features X_m are trained too.
/// - Dropout is on the targets only and masks whole tables: a row that occurs twice in a batch
///   loses the same elements, and I′ is the same wherever it stands.
/// - The penalty is on norms, not their squares, of whole tables, and users too are divided by the
///   number of items.
/// - Training is on cosines, scoring on inner products.
///
/// The reference floors the product of two norms at 1e-8, here each norm is at least 1e-12; only
/// rows of zeros or nearly so differ. The plug-in projects F_m. As the targets have no gradient
/// and features do not score, it acts through the predictor alone.
///
/// - Reference: [ZZLZMWYJ23], as in MMRec [Zhou23]; [CLEAR26] for the plug-in.
final class BM3: Recommender {
  static let descriptor = ModelDescriptor(
    name: "bm3", title: "BM3", reference: "ZZLZMWYJ23",
    hyperParameters: [
      .embeddingSize,
      .layers("n_layers", "hops over the user–item graph", default: 1, grid: [1, 2]),
      HyperParameter(
        "dropout", "share of elements that a target view goes without", .number(0...0.999_999),
        default: .number(0.5), grid: [.number(0.3), .number(0.5)]),
      .penalty(default: 0.1, grid: [0.1, 0.01]),
      HyperParameter(
        "cl_weight", "weight γ of the modalities' losses",
        .number(0...Double.greatestFiniteMagnitude), default: .number(2)),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try BM3(input, settings, projection, streams)
  }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let embeddings: Tensor
  private let encoders: [FeatureEncoder]
  private let predictor: LinearLayer
  private let adjacency: SparseOperator
  private let userCount: Int
  private let layers: Int
  private let dropout: Double
  private let penalty: Double
  private let rows: BatchRows
  private let modalityWeight: Double
  private let streams: RandomStreams

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: projection == nil ? 1 : 2)
    let width = settings.integer("embedding_size")
    self.streams = streams
    userCount = input.userCount
    layers = settings.integer("n_layers")
    dropout = settings.number("dropout")
    penalty = settings.number("reg_weight")
    modalityWeight = settings.number("cl_weight")
    adjacency = UserItemGraph(input, degreeOffset: 1e-7).normalizedAdjacency()
    let (embeddings, tables) = idEmbeddings(input, width: width, streams)
    self.embeddings = embeddings
    encoders = matrices.map { FeatureEncoder($0, width: width, weights: .xavierNormal, streams) }
    var generator = streams.generator(for: "initialization of predictor")
    predictor = LinearLayer(
      "predictor", inputs: width, outputs: width, weights: .xavierNormal, biases: .fanIn,
      using: &generator)
    parameters = tables + predictor.parameters + encoders.flatMap(\.parameters)
    projector = projection.map { SubspaceProjector($0, streams: streams) }
    rows = BatchRows(userCount: input.userCount, itemCount: input.itemCount)
  }

  func beginEpoch(_ epoch: Int) throws {
    try projector?.refresh(epoch) {
      let tape = evaluation.restarted
      return encoders(on: tape).map(\.matrix)
    }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let (allUsers, allItems) = forward(on: tape)
    /// The views of a table's rows in the batch; what lies outside it has no part in the cosines.
    func views(_ rows: Tensor, at indices: ArraySlice<Int32>, of table: String) -> Views {
      let target = tape.dropout(
        tape.detached(rows), gatheredFrom: indices, rate: dropout,
        seed: streams.seed(for: "dropout of \(table)", batch))
      return Views(
        online: tape.normalizedRows(predictor(rows, on: tape)),
        target: tape.normalizedRows(target))
    }
    let users = views(
      tape.gathered(allUsers, rows: batch.users), at: batch.users, of: "users")
    let items = views(
      tape.gathered(allItems, rows: batch.positives), at: batch.positives, of: "items")
    let (positives, places) = rows.items(batch.positives)
    let encoded = encoders(on: tape, distinct: positives, projector: projector)
    let modalities = zip(encoders, encoded).map { encoder, rows in
      views(tape.gathered(rows, rows: places[...]), at: batch.positives, of: encoder.name)
    }

    /// Σ (1 − mean cos) over pairs of an online view and a target.
    func distance(_ pairs: [(online: Tensor, target: Tensor)]) -> Tensor {
      let means = pairs.map { tape.mean(tape.rowDots($0.online, $0.target)) }
      let sum = means.dropFirst().reduce(means[0]) { tape.sum($0, $1) }
      return tape.adding(constant: Double(pairs.count), to: tape.scaled(sum, by: -1))
    }
    let reconstruction = distance([(users.online, items.target), (items.online, users.target)])
    let alignment = distance(modalities.map { ($0.online, items.target) })
    let masking = distance(modalities.map { ($0.online, $0.target) })
    let norms = tape.sum(tape.frobeniusNorm(allUsers), tape.frobeniusNorm(allItems))
    return Loss(
      sumOf: [
        ("reconstruction", reconstruction),
        ("alignment", tape.scaled(alignment, by: modalityWeight)),
        ("masking", tape.scaled(masking, by: modalityWeight)),
        ("penalty", tape.scaled(norms, by: penalty / Double(allItems.rowCount))),
      ], on: tape)
  }

  /// Both views of the same rows, normalised.
  private struct Views {
    let online: Tensor
    let target: Tensor
  }

  func representations() -> Representations {
    let tape = evaluation.restarted
    let (users, items) = forward(on: tape)
    return Representations(
      users: predictor(users, on: tape).matrix, items: predictor(items, on: tape).matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(
      encoders.map(\.name), encoders(on: tape), by: projector, on: tape)
  }

  /// U and I.
  private func forward(on tape: Tape) -> (users: Tensor, items: Tensor) {
    let smoothed = tape.propagated(
      adjacency, embeddings, layers: layers, combination: .mean)
    let (users, items) = tape.split(smoothed, after: userCount)
    let (_, own) = tape.split(embeddings, after: userCount)
    return (users, tape.sum(items, own))
  }
}
