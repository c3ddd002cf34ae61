import Foundation

/// How the learning rate changes from epoch to epoch: in epoch e, counted from 0, it is the base
/// rate times factor^(e / period), with a real exponent.
///
/// - Reference: [Zhou23], key `learning_rate_scheduler: [factor, period]`.
public struct LearningRateSchedule: Sendable, Equatable {
  /// What the rate is multiplied by in `period` epochs; 1 leaves it as it is.
  public var factor: Double
  /// Epochs, above 0.
  public var period: Double

  public init(factor: Double, period: Double) {
    self.factor = factor
    self.period = period
  }

  /// The learning rate of `epoch`, counted from 0.
  public func rate(base: Double, epoch: Int) -> Double {
    base * pow(factor, Double(epoch) / period)
  }
}
