import Autodiff
import Datasets
import LinearAlgebra
import Statistics

extension MMSSL {
  /// What MMSSL scores with: its equations for U and I.
  struct Network {
    /// The embeddings of one step.
    struct State {
      /// U and I.
      let users: Tensor
      let items: Tensor
      /// U_m and I_m.
      let modalities: [(users: Tensor, items: Tensor)]
      /// U'_m.
      let identityUsers: [Tensor]
    }

    let names: [String]
    private let features: [Tensor]
    private let encoders: [LinearLayer]
    /// E_u and E_i.
    private let users: Parameter
    private let items: Parameter
    /// W_cat, the heads one under another.
    private let mixing: Parameter
    private let graph: OneSidedGraph
    private let projector: SubspaceProjector?
    private let layers: Int
    private let dropRate: Double
    private let shares: (modalities: Double, identities: Double)

    init(
      _ input: ModelInput, _ matrices: [FeatureMatrix], _ graph: OneSidedGraph,
      _ settings: HyperParameters, projector: SubspaceProjector?,
      using generator: inout SeededGenerator
    ) {
      let width = settings.integer("embedding_size")
      names = matrices.map(\.name)
      features = matrices.map { Tensor(constant: $0.matrix) }
      self.graph = graph
      self.projector = projector
      layers = settings.integer("n_ui_layers")
      dropRate = settings.number("drop_rate")
      shares = (settings.number("model_cat_rate"), settings.number("id_cat_rate"))
      users = Parameter(
        "user_embedding",
        Initialization.xavierUniform(input.userCount, width, using: &generator))
      items = Parameter(
        "item_embedding",
        Initialization.xavierUniform(input.itemCount, width, using: &generator))
      encoders = matrices.map {
        LinearLayer(
          $0.name, inputs: $0.matrix.columnCount, outputs: width, weights: .xavierUniform,
          biases: .fanIn, using: &generator)
      }
      mixing = Parameter(
        "mixing",
        Initialization.xavierUniform(
          settings.integer("head_num") * width, width, using: &generator))
    }

    var parameters: [Parameter] {
      [users, items] + encoders.flatMap(\.parameters) + [mixing]
    }

    /// F of each modality, without dropout and projection.
    func encoded(on tape: Tape) -> [Tensor] {
      zip(features, encoders).map { $1($0, on: tape) }
    }

    /// - Parameters:
    ///   - modalityGraphs: G^m.
    ///   - seeds: For the dropout, in training.
    func forward(
      _ modalityGraphs: [OneSidedGraph], dropout seeds: AffinityCritic.Seeds? = nil, on tape: Tape
    ) -> State {
      let modalities = encoded(on: tape).enumerated().map { place, encoded in
        let dropped =
          seeds.map { tape.dropout(encoded, rate: dropRate, seed: $0(names[place])) } ?? encoded
        let own = projector?.apply(dropped, modality: place, on: tape) ?? dropped
        let users = tape.product(graph.toUsers, own)
        return (users: users, items: tape.product(graph.toItems, users))
      }
      let identityUsers = modalityGraphs.map { tape.product($0.toUsers, items.tensor) }
      let identityItems = modalityGraphs.map { tape.product($0.toItems, users.tensor) }
      let layers = smoothed(
        users: mixed(identityUsers, into: users.tensor, on: tape),
        items: mixed(identityItems, into: items.tensor, on: tape), on: tape)
      return State(
        users: adding(modalities.map(\.users), to: layers.users, on: tape),
        items: adding(modalities.map(\.items), to: layers.items, on: tape),
        modalities: modalities, identityUsers: identityUsers)
    }

    /// E + η·nrm(A) for A = mean of the parts times the sum of the heads: the attention of the
    /// published code, whose weights sum to 1 for every head.
    private func mixed(_ parts: [Tensor], into own: Tensor, on tape: Tape) -> Tensor {
      guard shares.identities > 0 else { return own }
      let width = mixing.tensor.columnCount
      let heads = (0..<mixing.tensor.rowCount / width).map {
        tape.rows($0 * width..<($0 + 1) * width, of: mixing.tensor)
      }
      let mean = tape.scaled(sum(parts, on: tape), by: 1 / Double(parts.count))
      let attention = tape.normalizedRows(tape.product(mean, sum(heads, on: tape)))
      return tape.sum(own, tape.scaled(attention, by: shares.identities))
    }

    /// The mean of all layers; items follow the users' new layer.
    private func smoothed(
      users: Tensor, items: Tensor, on tape: Tape
    ) -> (users: Tensor, items: Tensor) {
      var (ofUsers, ofItems) = ([users], [items])
      for layer in 0..<layers {
        func finished(_ x: Tensor) -> Tensor { layer == layers - 1 ? tape.softmax(x) : x }
        ofUsers.append(finished(tape.product(graph.toUsers, ofItems[layer])))
        ofItems.append(finished(tape.product(graph.toItems, ofUsers[layer + 1])))
      }
      let share = 1 / Double(layers + 1)
      return (
        tape.scaled(sum(ofUsers, on: tape), by: share),
        tape.scaled(sum(ofItems, on: tape), by: share)
      )
    }

    /// x + r·Σ_m nrm(part_m).
    private func adding(_ parts: [Tensor], to x: Tensor, on tape: Tape) -> Tensor {
      guard shares.modalities > 0 else { return x }
      let rows = parts.map { tape.normalizedRows($0) }
      return tape.sum(x, tape.scaled(sum(rows, on: tape), by: shares.modalities))
    }

    private func sum(_ parts: [Tensor], on tape: Tape) -> Tensor {
      parts.dropFirst().reduce(parts[0]) { tape.sum($0, $1) }
    }
  }
}
