/// Why representations cannot be ranked.
public enum EvaluationError: Error, Equatable, Sendable {
  /// The two tables of representations.
  public enum Side: String, Sendable { case users, items }

  /// A table has another number of rows than the data set has users or items.
  case rowCountMismatch(Side, rows: Int, expected: Int)
  /// A row holds NaN or infinity.
  case nonFinite(Side, row: Int)
  /// A user's scores leave the range of single precision.
  case overflow(user: Int)
  /// A user who does not exist was asked for.
  case unknownUser(Int, userCount: Int)
  /// Fewer than one item was asked for, or more than there are.
  case countOutOfRange(Int, itemCount: Int)
}

extension EvaluationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rowCountMismatch(let side, let rows, let expected):
      "the model represents \(rows) \(side.rawValue), the data set has \(expected); "
        + "use the data set that the model was trained on"
    case .nonFinite(let side, let row):
      "row \(row) of the \(side.rawValue)' representations holds NaN or infinity; training has "
        + "diverged, choose a smaller learning_rate"
    case .overflow(let user):
      "the scores of user \(user) leave the range of single precision; training has diverged, "
        + "choose a smaller learning_rate"
    case .unknownUser(let user, let userCount):
      "there is no user \(user); users are numbered 0 to \(userCount - 1)"
    case .countOutOfRange(let count, let itemCount):
      "\(count) items were asked for; choose 1 to \(itemCount)"
    }
  }
}
