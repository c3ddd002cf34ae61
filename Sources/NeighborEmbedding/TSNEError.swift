/// Why there is no map of these points.
public enum TSNEError: Error, Equatable, Sendable {
  /// 3 × perplexity neighbours need more points than there are.
  case tooFewPoints(count: Int, needed: Int, perplexity: Double)
  /// The points hold NaN or infinity.
  case nonFinite(row: Int, column: Int)
  /// An option lies outside its range.
  case invalidOption(name: String, value: Double, range: String)
  /// The map left the range of numbers.
  case diverged(iteration: Int, learningRate: Double)
}

extension TSNEError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooFewPoints(let count, let needed, let perplexity):
      "\(count) points are too few for a perplexity of \(perplexity), which needs \(needed); "
        + "choose a perplexity below \(Double(max(count - 1, 0)) / 3)"
    case .nonFinite(let row, let column):
      "t-SNE needs finite values; row \(row), column \(column) is not finite; drop that row"
    case .invalidOption(let name, let value, let range):
      "the \(name) of t-SNE is \(value); it must be \(range)"
    case .diverged(let iteration, let learningRate):
      "the t-SNE map diverged at iteration \(iteration); "
        + "choose a learning rate below \(learningRate)"
    }
  }
}
