import Recommenders

/// How a model is trained, stopped and evaluated; the defaults are those of the published tables.
///
/// - Reference: [Zhou23], `overall.yaml`.
public struct ProtocolSettings: Sendable, Equatable {
  /// Epochs at most, key `epochs`.
  public var epochs = 1000
  /// Evaluations without improvement that are borne, key `stopping_step`; the next one stops.
  public var stoppingStep = 20
  /// Triples in a training batch, key `train_batch_size`.
  public var trainBatchSize = 2048
  /// The optimizer, key `learner`; there is only this one.
  public let learner = "adam"
  /// Base learning rate, key `learning_rate`.
  public var learningRate = 1e-3
  /// How the rate changes, key `learning_rate_scheduler`.
  public var learningRateScheduler = LearningRateSchedule(factor: 1, period: 50)
  /// L2 term added to the gradient, key `weight_decay`.
  public var weightDecay = 0.0
  /// Epochs between evaluations, key `eval_step`.
  public var evalStep = 1
  /// Users in an evaluation batch, key `eval_batch_size`.
  public var evalBatchSize = 4096
  /// What is measured, key `metrics`.
  public var metrics: [RankingMetric] = [.recall, .ndcg, .precision, .map]
  /// Cut-offs K of the metrics, key `topk`.
  public var topK = [5, 10, 20, 50]
  /// What chooses the epoch, key `valid_metric`; larger is better.
  public var validMetric = MetricKey(.recall, at: 20)
  /// Whether held-out rows of users without a training row are left out, key
  /// `filter_out_cod_start_users` (spelled so by MMRec).
  public var filterOutColdStartUsers = true

  public init() {}

  /// Every metric at every cut-off.
  public var metricKeys: [MetricKey] { MetricKey.all(metrics, at: topK) }
}

extension ProtocolSettings {
  /// The keys of the protocol, in the order in which they are written.
  static let keys: [SettingKey<ProtocolSettings>] = [
    SettingKey("epochs", \.epochs, in: 1...Int.max),
    SettingKey("stopping_step", \.stoppingStep, in: 0...Int.max),
    SettingKey("train_batch_size", \.trainBatchSize, in: 1...Int.max),
    SettingKey("learning_rate", \.learningRate, .scalar(.number(ValueRule.notNegative))),
    SettingKey("learning_rate_scheduler", .schedule) {
      .list([.number($0.learningRateScheduler.factor), .number($0.learningRateScheduler.period)])
    } write: { settings, value in
      if case .list(let values) = value, case .number(let factor) = values[0],
        case .number(let period) = values[1]
      {
        settings.learningRateScheduler = LearningRateSchedule(factor: factor, period: period)
      }
    },
    SettingKey("weight_decay", \.weightDecay, .numericText(ValueRule.notNegative)),
    SettingKey("eval_step", \.evalStep, in: 1...Int.max),
    SettingKey("eval_batch_size", \.evalBatchSize, in: 1...Int.max),
    SettingKey("metrics", .words(RankingMetric.allCases.map(\.title))) {
      .list($0.metrics.map { .text($0.title) })
    } write: { settings, value in
      guard case .list(let titles) = value else { return }
      settings.metrics = titles.compactMap { title in
        RankingMetric.allCases.first { .text($0.title) == title }
      }
    },
    SettingKey("topk", .integers(1...1_000_000)) {
      .list($0.topK.map(SettingValue.integer))
    } write: { settings, value in
      guard case .list(let values) = value else { return }
      settings.topK = values.compactMap { if case .integer(let k) = $0 { k } else { nil } }
    },
    SettingKey("valid_metric", .metricAtCutoff) {
      .text($0.validMetric.title)
    } write: { settings, value in
      if case .text(let text) = value, let metric = MetricKey(text) {
        settings.validMetric = metric
      }
    },
    SettingKey("filter_out_cod_start_users", .scalar(.flag)) {
      .flag($0.filterOutColdStartUsers)
    } write: { settings, value in
      settings.filterOutColdStartUsers = value == .flag(true)
    },
  ]
}

extension RankingMetric {
  /// The name in a configuration.
  var title: String {
    switch self {
    case .recall: "Recall"
    case .ndcg: "NDCG"
    case .precision: "Precision"
    case .map: "MAP"
    case .recall2: "Recall2"
    }
  }
}

extension MetricKey {
  /// The name in a configuration, such as `Recall@20`.
  public var title: String { "\(metric.title)@\(cutoff)" }
}
