/// A part of the interactions.
public enum Split: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  case training, validation, test

  public var description: String { ["training", "validation", "test"][Int(rawValue)] }
}

/// Why a recommender cannot be trained and evaluated on some interactions.
public enum TrainingDataError: Error, Equatable, Sendable {
  /// A part has no interaction, after this many of users without training were dropped.
  case empty(Split, dropped: Int)
  /// A user to evaluate has no training interaction.
  case coldUser(user: Int, Split)
  /// A user has every item that occurs in training.
  case noNegative(user: Int, items: Int)
}

extension TrainingDataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty(let split, dropped: 0):
      "there is no \(split) interaction (x_label \(split.rawValue)); label some rows "
        + "\(split.rawValue)"
    case .empty(let split, let dropped):
      "all \(dropped) \(split) interactions are of users without a training interaction and were "
        + "dropped; label some rows of these users 0"
    case .coldUser(let user, let split):
      "user \(user) has \(split) interactions but no training interaction; "
        + "set filter_out_cod_start_users to true or label one of the user's rows 0"
    case .noNegative(let user, let items):
      "user \(user) has all \(items) items that occur in training, so no negative can be drawn; "
        + "remove that user"
    }
  }
}
