/// Hyper-parameters that several models declare.
extension HyperParameter {
  static let embeddingSize = HyperParameter(
    "embedding_size", "width d of the embeddings", .integer(1...65_536), default: .integer(64),
    grid: [])

  static let encoderWidth = HyperParameter(
    "encoder_width", "width of the encoders' hidden layer", .integer(1...65_536),
    default: .integer(256))

  static let itemHops = layers("n_mm_layers", "hops over the item graph", default: 1)

  static let staleScoring = flag("stale_scoring", "whether the last batch's tensors score")

  static let neighborCount = HyperParameter(
    "knn_k", "neighbours of an item in the item graph, itself included",
    .integer(1...1_000_000), default: .integer(10))

  static let firstModalityWeight = HyperParameter(
    "mm_image_weight", "weight of the first modality in the item graph", .number(0...1),
    default: .number(0.1))

  static func penalty(default value: Double, grid: [Double]) -> HyperParameter {
    HyperParameter(
      "reg_weight", "weight of the penalty or auxiliary loss",
      .number(0...Double.greatestFiniteMagnitude), default: .number(value),
      grid: grid.map { .number($0) })
  }

  /// The weight of a term of the loss; a term of weight 0 is left out.
  static func weight(
    _ name: String, _ summary: String, default value: Double, grid: [Double] = []
  ) -> HyperParameter {
    HyperParameter(
      name, summary, .number(0...Double.greatestFiniteMagnitude), default: .number(value),
      grid: grid.map { .number($0) })
  }

  static func temperature(default value: Double, grid: [Double] = []) -> HyperParameter {
    HyperParameter(
      "temp", "temperature τ of the contrastive loss", .number(1e-3...1e6),
      default: .number(value), grid: grid.map { .number($0) })
  }

  static func learningRate(default value: Double, grid: [Double]) -> HyperParameter {
    HyperParameter(
      "learning_rate", "Adam's learning rate η",
      .number(Double.leastNormalMagnitude...Double.greatestFiniteMagnitude),
      default: .number(value), grid: grid.map { .number($0) })
  }

  /// Another default, and a grid, for a key of the protocol such as `train_batch_size`.
  package static func ofProtocol(
    _ name: String, _ summary: String, default value: SettingValue, grid: [SettingValue] = []
  ) -> HyperParameter {
    HyperParameter(name, summary, .ofProtocol, default: value, grid: grid)
  }

  package static func learningRateSchedule(factor: Double, period: Double) -> HyperParameter {
    ofProtocol(
      "learning_rate_scheduler", "factor and period in epochs of the learning rate's decay",
      default: .list([.number(factor), .number(period)]))
  }

  static func edgeDropout(default value: Double, grid: [Double]) -> HyperParameter {
    HyperParameter(
      "dropout", "share of user–item edges an epoch goes without", .number(0...0.999_999),
      default: .number(value), grid: grid.map { .number($0) })
  }

  static func layers(
    _ name: String, _ summary: String, default value: Int, grid: [Int] = []
  ) -> HyperParameter {
    HyperParameter(
      name, summary, .integer(0...64), default: .integer(value),
      grid: grid.map { .integer($0) })
  }

  static func flag(_ name: String, _ summary: String) -> HyperParameter {
    HyperParameter(name, summary, .flag, default: .flag(false))
  }

  static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ summary: String, _ type: Choice.Type, default value: Choice
  ) -> HyperParameter {
    HyperParameter(
      name, summary, .choice(type.allCases.map(\.rawValue)), default: .text(value.rawValue))
  }
}

extension HyperParameters {
  /// The choice under `name`.
  func choice<Choice: RawRepresentable<String>>(_ name: String) -> Choice {
    guard let choice = Choice(rawValue: text(name)) else {
      preconditionFailure("\(text(name)) is no choice of \(name)")
    }
    return choice
  }
}
