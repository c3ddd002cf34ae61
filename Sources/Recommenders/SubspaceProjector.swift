import Autodiff
import LinearAlgebra
import Redundancy
import Statistics

/// CLEAR as a plug-in: damps, in a model's modality embeddings, the directions they share.
///
/// In epoch 1 and every τ-th epoch the directions are taken anew from the embeddings of all items
/// as they are then, without a gradient; until the next refresh the projection is a constant of
/// the model.
///
/// - Reference: [CLEAR26], Section 3.5 and Algorithm 1.
public final class SubspaceProjector {
  /// What it was asked to do.
  public let options: ProjectionOptions
  /// The projection in force; nil before the first refresh.
  public private(set) var projection: NullSpaceProjection?
  /// σ_k − σ_{k+1} at the last refresh: where it vanishes, the leading k directions are not
  /// determined. Nil before the first refresh and where k is the full width.
  public private(set) var spectralGap: Double?

  /// Wall-clock seconds that this epoch's refresh took; 0 in an epoch without one.
  public private(set) var refreshSeconds = 0.0

  /// The embeddings' column means at the last refresh, 1 × width each, where they are taken away
  /// before projecting; nil where they are not.
  public private(set) var means: [Matrix<Float>]?

  private let isCentring: Bool
  private let streams: RandomStreams
  private var prepared: [Matrix<Float>]?
  private var bases: [Tensor] = []
  private var shifts: [Tensor] = []

  /// - Parameter isCentring: Whether column means are removed before projecting.
  package init(_ options: ProjectionOptions, isCentring: Bool = false, streams: RandomStreams) {
    self.options = options
    self.isCentring = isCentring
    self.streams = streams
  }

  /// Whether the projection is taken anew at the beginning of `epoch`.
  ///
  /// A projection of strength 0 changes nothing and is never taken.
  public func isDue(_ epoch: Int) -> Bool {
    options.strength > 0 && (epoch == 1 || epoch % options.interval == 0)
  }

  /// Takes the projection from `embeddings` if it is due in `epoch`.
  ///
  /// - Parameter embeddings: The unprojected embeddings of all items, items × width, one per
  ///   modality.
  /// - Throws: ``ModelError/rankOutOfRange(rank:width:)``, ``RedundancyError``,
  ///   ``LinearAlgebraError`` when the embeddings are not finite.
  package func refresh(_ epoch: Int, embeddings: () -> [Matrix<Float>]) throws {
    refreshSeconds = 0
    defer { prepared = nil }
    guard isDue(epoch) else { return }
    let start = ContinuousClock.now
    defer { refreshSeconds = (ContinuousClock.now - start).inSeconds }
    let embeddings = prepared ?? embeddings()
    let directions = try SharedDirections(of: embeddings)
    let rank = rank(in: directions)
    guard rank <= directions.count else {
      throw ModelError.rankOutOfRange(rank: rank, width: directions.count)
    }
    let values = directions.singularValues[0]
    spectralGap = rank < values.count ? values[rank - 1] - values[rank] : nil
    let bases =
      switch options.directions {
      case .leading: directions.leading(rank)
      case .trailing: directions.trailing(rank)
      case .random: randomBases(rank, widths: embeddings.map(\.columnCount))
      }
    use(
      try NullSpaceProjection(bases: bases, strength: options.strength),
      means: isCentring ? embeddings.map(meanRow) : nil)
  }

  /// Has the refresh of the next epoch, if it has one, start from these embeddings: whoever has just
  /// measured them spares the model a pass over all items.
  ///
  /// - Parameter embeddings: As the model's parameters give them, which stay as they are until
  ///   then: the unprojected embeddings of all items, items × width, one per modality.
  public func prepare(_ embeddings: [Matrix<Float>]) { prepared = embeddings }

  /// Goes on with a projection that was in force before, and the means that belong to it.
  public func restore(_ projection: NullSpaceProjection, means: [Matrix<Float>]? = nil) {
    use(projection, means: means)
  }

  /// x·Q for the embeddings x of modality `modality`, without their means where that was asked
  /// for; x itself where nothing is projected.
  package func apply(_ x: Tensor, modality: Int, on tape: Tape) -> Tensor {
    guard !bases.isEmpty, includes(modality) else { return x }
    return tape.damped(
      shifts.isEmpty ? x : tape.adding(row: shifts[modality], to: x), along: bases[modality],
      strength: options.strength)
  }

  /// The linear layer whose outputs are those of x·Wᵀ + b after ``apply(_:modality:on:)``:
  ///
  ///     (x·Wᵀ + b)·Q = x·(Q·W)ᵀ + b·Q
  ///
  /// It costs what W costs, however many rows x has.
  package func folded(
    weight: Tensor, bias: Tensor?, modality: Int, on tape: Tape
  ) -> (weight: Tensor, bias: Tensor?) {
    guard !bases.isEmpty, includes(modality) else { return (weight, bias) }
    let shift = shifts.isEmpty ? nil : shifts[modality]
    let offset = bias.map { bias in shift.map { tape.sum(bias, $0) } ?? bias } ?? shift
    return (
      tape.dampedColumns(weight, along: bases[modality], strength: options.strength),
      offset.map { tape.damped($0, along: bases[modality], strength: options.strength) }
    )
  }

  /// Whether modality `modality` is projected.
  public func includes(_ modality: Int) -> Bool {
    switch options.scope {
    case .both: true
    case .first: modality == 0
    case .second: modality == 1
    }
  }

  private func use(_ projection: NullSpaceProjection, means: [Matrix<Float>]?) {
    prepared = nil
    self.projection = projection
    self.means = means
    bases = projection.bases.map { Tensor(constant: Matrix<Float>($0.transposed())) }
    shifts = (means ?? []).map { mean in
      Tensor(
        constant: Matrix(
          rowCount: 1, columnCount: mean.columnCount, elements: mean.elements.map { -$0 }))
    }
  }

  /// The fixed rank, or the smallest one whose directions hold the share of energy asked for.
  private func rank(in directions: SharedDirections) -> Int {
    guard let share = options.energyShare else { return options.rank }
    let energies = directions.singularValues[0].map { $0 * $0 }
    let wanted = share * energies.reduce(0, +)
    var sum = 0.0
    for (place, energy) in energies.enumerated() {
      sum += energy
      if sum >= wanted { return min(place + 1, directions.count) }
    }
    return directions.count
  }

  private func randomBases(_ rank: Int, widths: [Int]) -> [Matrix<Double>] {
    widths.enumerated().map { modality, width in
      var generator = streams.generator(for: "random subspace", item: modality)
      return orthonormalBasis(
        Matrix(rowCount: width, columnCount: rank, elements: generator.normals(width * rank)))
    }
  }
}

extension SubspaceProjector? {
  /// x·Wᵀ + b for all rows of x or for some, each once; projected where there is a projector.
  func linear(
    _ x: Tensor, distinct rows: [Int32]? = nil, weight: Tensor, bias: Tensor? = nil, modality: Int,
    on tape: Tape
  ) -> Tensor {
    let layer = folded(weight: weight, bias: bias, modality: modality, on: tape)
    guard let rows else { return tape.linear(x, weight: layer.weight, bias: layer.bias) }
    return tape.linear(x, distinct: rows, weight: layer.weight, bias: layer.bias)
  }

  /// The layer whose outputs are projected, or the layer itself where there is no projector.
  func folded(
    weight: Tensor, bias: Tensor?, modality: Int, on tape: Tape
  ) -> (weight: Tensor, bias: Tensor?) {
    self?.folded(weight: weight, bias: bias, modality: modality, on: tape) ?? (weight, bias)
  }
}

/// What a model's encoders give, before and after its projection.
func projectedEmbeddings(
  _ names: [String], _ encoded: [Tensor], by projector: SubspaceProjector?, on tape: Tape
) -> [ModalityEmbedding] {
  encoded.enumerated().map { modality, before in
    let after = projector?.apply(before, modality: modality, on: tape) ?? before
    return ModalityEmbedding(
      name: names[modality], before: before.matrix, after: after.matrix)
  }
}

/// The column means, 1 × width.
private func meanRow(_ matrix: Matrix<Float>) -> Matrix<Float> {
  Matrix(
    rowCount: 1, columnCount: matrix.columnCount, elements: columnMeans(matrix).map { Float($0) })
}

extension Duration {
  /// This duration in seconds.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
