/// Decides when a validation value has stopped improving.
///
/// Values are compared after rounding to 4 decimals, and only a strictly larger one improves. The
/// stop comes with the first evaluation at which more than `patience` in a row have not improved:
/// after 21 for the framework's `stopping_step` of 20.
///
/// - Reference: [Zhou23].
public struct EarlyStopping: Sendable, Equatable {
  /// What a resumed run needs to decide as an uninterrupted one would.
  public struct State: Sendable, Equatable, Codable {
    /// Largest rounded value so far; −1 before the first.
    public internal(set) var bestValue: Double = -1
    /// The first epoch with that value; 0 before the first.
    public internal(set) var bestEpoch: Int = 0
    /// Evaluations since then.
    public internal(set) var badEvaluations: Int = 0

    public init() {}
  }

  /// Evaluations in a row that may pass without improvement.
  public let patience: Int
  public private(set) var state: State

  /// - Precondition: `patience` is not negative.
  public init(patience: Int, state: State = State()) {
    precondition(patience >= 0, "the patience is \(patience)")
    self.patience = patience
    self.state = state
  }

  /// Takes down the value of `epoch`; true if it is the best so far.
  @discardableResult
  public mutating func record(_ value: Double, epoch: Int) -> Bool {
    let rounded = roundedMetric(value)
    guard rounded > state.bestValue else {
      state.badEvaluations += 1
      return false
    }
    state = State()
    state.bestValue = rounded
    state.bestEpoch = epoch
    return true
  }

  /// Whether training should end now.
  public var shouldStop: Bool { state.badEvaluations > patience }
}
