import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// SAND: each modality is cut into what it shares and what it has alone; the shared halves are
/// drawn together, the halves of a modality are driven apart.
///
///     S_m = X_m·Wᵀ + b,  S_m = [S_m^g, S_m^u], the first half of the columns and the rest
///     ŷ = ⟨u, i⟩ of ``ModalityBackbone`` on S_m
///     z_m = head(S_m^g),  a_m = S_m^g·Aᵀ + c,  b_m = S_m^u·Bᵀ + d
///     L = −mean log₂ σ(x) + α·Solo + Distance
///     Solo = −mean_r ln softmax_s(⟨z_2[r], z_1[s]⟩/τ)[r], over all items
///     Distance = υ·mean_m bound(a_m, b_m), or υ·mean_m −mean (â_m − b̂_m)²
///
/// The bound of the mutual information has a network q of its own (``MutualInformationBound``),
/// which is fitted after every step: `club_epoch` steps on all items, permuted jointly in the
/// reference, which changes nothing. As released, q is fitted on (a_2, a_1) and (b_2, b_1), text
/// and image, although the bound is of (a_m, b_m), so that it bounds nothing; `club_pairs` corrects
/// that. `distancing` chooses the squared distance instead; the released code has it in comments
/// only, unbounded and without υ. Rows of length 1, which bound it, and υ are our choice.
///
/// Kept as published: no penalty; one direction in Solo, in which the first modality is the image.
/// The reference scores with the last batch's tensors (`stale_scoring`). Every layer behind S_m is
/// linear there, so S_m is never computed: W is multiplied by those layers instead. What the logs
/// of Baby and Sports had for α is not known; α's grid is the one to search.
///
/// - Reference: [HWYBW24]; the bound is [CHDLGC20].
final class SAND: Recommender {
  static let descriptor = ModelDescriptor(
    name: "sand", title: "SAND", reference: "HWYBW24",
    hyperParameters: ModalityBackbone.hyperParameters + [
      .learningRate(default: 1e-4, grid: []),
      .weight(
        "alpha_contrast", "weight of Solo", default: 0.012, grid: [0.012, 0.1, 0.5, 0.8, 1.0]),
      .temperature(default: 0.2),
      .weight("ureg", "weight of the halves' distance", default: 0.006),
      .choice(
        "distancing", "what drives the halves apart", Distancing.self,
        default: .mutualInformation),
      .choice(
        "club_pairs", "what the bound's network is fitted on", ClubPairs.self,
        default: .released),
      HyperParameter(
        "club_epoch", "steps of the bound's network after each step", .integer(1...10_000),
        default: .integer(50)),
      HyperParameter(
        "hidden_dim", "width of the heads' hidden layers", .integer(1...65_536),
        default: .integer(64)),
      HyperParameter(
        "out_dim", "width of what is compared", .integer(1...65_536), default: .integer(32)),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try SAND(input, settings, projection, streams)
  }

  /// What drives the halves of a modality apart.
  enum Distancing: String, CaseIterable {
    case mutualInformation = "mutual_information"
    case negativeL2 = "negative_l2"
  }

  /// What the bound's network is fitted on: halves of the same kind, as released, or of the same
  /// modality, as the bound needs it.
  enum ClubPairs: String, CaseIterable { case released, corrected }

  let parameters: [Parameter]
  private let backbone: ModalityBackbone
  private let separations: [Separation]
  private let bound: MutualInformationBound
  private let weights: (contrast: Double, distance: Double)
  private let temperature: Double
  private let distancing: Distancing
  private let clubPairs: ClubPairs
  private let clubSteps: Int
  private let streams: RandomStreams
  /// a and b of each modality in the last batch, before its step.
  private var seen: [(generic: Tensor, unique: Tensor)] = []

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    self.streams = streams
    weights = (settings.number("alpha_contrast"), settings.number("ureg"))
    temperature = settings.number("temp")
    distancing = settings.choice("distancing")
    clubPairs = settings.choice("club_pairs")
    clubSteps = settings.integer("club_epoch")
    let matrices = try input.features(for: Self.descriptor, atLeast: 2)
    for features in matrices where features.matrix.columnCount < 2 {
      throw ModelError.featuresTooNarrow(
        model: Self.descriptor.title, modality: features.name,
        width: features.matrix.columnCount, needed: 2)
    }
    let widths = (hidden: settings.integer("hidden_dim"), output: settings.integer("out_dim"))
    var ofSeparations = streams.generator(for: "initialization of the separations")
    separations = matrices.map { Separation($0, widths, using: &ofSeparations) }
    var generator = streams.generator(for: "initialization")
    backbone = try ModalityBackbone(
      matrices, input, settings, projection, .init(), inner: separations.map(\.map), streams,
      using: &generator)
    var ofBound = streams.generator(for: "initialization of the bound")
    bound = MutualInformationBound("club", width: widths.output, using: &ofBound)
    parameters = backbone.parameters + separations.flatMap(\.parameters)
  }

  var buffers: [Buffer] { backbone.buffers }
  var projector: SubspaceProjector? { backbone.projector }

  func beginEpoch(_ epoch: Int) throws { try backbone.beginEpoch(epoch) }
  func representations() -> Representations { backbone.representations() }
  func modalityEmbeddings() -> [ModalityEmbedding] { backbone.modalityEmbeddings() }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let state = backbone.forward(on: tape)
    let terms: [(name: String, weight: Double, value: () -> Tensor)] = [
      ("contrast", weights.contrast, { self.contrast(on: tape) }),
      ("distance", weights.distance, { self.distance(batch, on: tape) }),
    ]
    return Loss(
      ranking: tape.rankingLoss(
        users: state.users, items: state.items, batch, form: .binary),
      adding: terms.filter { $0.weight != 0 }.map {
        ($0.name, tape.scaled($0.value(), by: $0.weight))
      }, on: tape)
  }

  /// Fits the bound's network q to what the batch's loss has just seen.
  var auxiliaries: [AuxiliaryObjective] {
    guard distancing == .mutualInformation, weights.distance != 0 else { return [] }
    return [
      AuxiliaryObjective("club", bound.parameters, .after, stepCount: clubSteps) {
        [unowned self] _, _, tape in
        tape.average(fittingPairs.map { bound.fittingLoss($0.0, $0.1, on: tape) })
      }
    ]
  }

  private var fittingPairs: [(Tensor, Tensor)] {
    switch clubPairs {
    case .released:
      seen.dropFirst().flatMap { [($0.generic, seen[0].generic), ($0.unique, seen[0].unique)] }
    case .corrected: seen.map { ($0.generic, $0.unique) }
    }
  }

  /// Solo: the other modalities look for the first.
  private func contrast(on tape: Tape) -> Tensor {
    let heads = zip(separations, backbone.features).map { separation, features in
      separation.head(
        features, through: separation.map, outputs: separation.genericColumns, on: tape)
    }
    return tape.average(
      heads.dropFirst().map {
        tape.infoNCE(
          anchors: $0, positives: heads[0], candidates: heads[0], temperature: temperature)
      })
  }

  private func distance(_ batch: Batch, on tape: Tape) -> Tensor {
    seen = zip(separations, backbone.features).map { $0.halves(of: $1, on: tape) }
    return tape.average(
      seen.enumerated().map { modality, halves in
        switch distancing {
        case .mutualInformation:
          var generator = SeededGenerator(
            seed: streams.seed(for: "order of \(separations[modality].name)", batch))
          let order = generator.permutation(halves.generic.rowCount).map { Int32($0) }
          return bound(halves.generic, halves.unique, order: order, on: tape)
        case .negativeL2:
          return tape.scaled(
            tape.meanSquare(
              tape.difference(
                tape.normalizedRows(halves.generic), tape.normalizedRows(halves.unique))),
            by: -1)
        }
      })
  }
}

/// What one modality is cut with.
private struct Separation {
  let name: String
  /// X·Wᵀ + b, as wide as the features.
  let map: LinearLayer
  let head: ProjectionHead
  let genericColumns: Range<Int>
  private let generic: LinearLayer
  private let unique: LinearLayer
  private let uniqueColumns: Range<Int>

  init(
    _ features: FeatureMatrix, _ widths: (hidden: Int, output: Int),
    using generator: inout SeededGenerator
  ) {
    name = features.name
    let width = features.matrix.columnCount
    genericColumns = 0..<width / 2
    uniqueColumns = width / 2..<width
    map = LinearLayer(
      "\(name).separation", inputs: width, outputs: width, initialization: .torch,
      using: &generator)
    head = ProjectionHead(
      "\(name).head", inputs: genericColumns.count, hiddenWidth: widths.hidden,
      width: widths.output, using: &generator)
    generic = LinearLayer(
      "\(name).generic", inputs: genericColumns.count, outputs: widths.output,
      initialization: .torch, using: &generator)
    unique = LinearLayer(
      "\(name).unique", inputs: uniqueColumns.count, outputs: widths.output,
      initialization: .torch, using: &generator)
  }

  var parameters: [Parameter] {
    [map, generic, unique].flatMap(\.parameters) + head.parameters
  }

  /// a and b for all items.
  func halves(of features: Tensor, on tape: Tape) -> (generic: Tensor, unique: Tensor) {
    (
      generic(features, through: map, outputs: genericColumns, on: tape),
      unique(features, through: map, outputs: uniqueColumns, on: tape)
    )
  }
}

extension Tape {
  /// The mean of several numbers.
  fileprivate func average(_ parts: [Tensor]) -> Tensor {
    scaled(parts.dropFirst().reduce(parts[0]) { sum($0, $1) }, by: 1 / Double(parts.count))
  }
}
