import ArgumentParser
import CommandSupport
import Datasets
import Training

/// `clear-trainer recommend`: list the best items of users.
struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "List the items that a trained model ranks highest.",
    discussion: """
      One line for each item: user, rank, item, score, tab-separated. A user's training items are \
      left out.
      """)

  @OptionGroup var input: CheckpointOptions

  @Option(help: ArgumentHelp("Users, comma-separated, or all.", valueName: "n,n,…"))
  var users: String?

  @Option(help: ArgumentHelp("File with one user a line.", valueName: "file"))
  var usersFile: String?

  @Option(help: ArgumentHelp("Items for each user.", valueName: "k"))
  var top = 20

  @Option(help: ArgumentHelp("File to write; standard output otherwise.", valueName: "file"))
  var output: String?

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard top >= 1 else { throw ValidationError("--top must be at least 1.") }
    guard users == nil || usersFile == nil else {
      throw ValidationError("Give either --users or --users-file.")
    }
    _ = try listedUsers()
  }

  func run() throws {
    try reportingFailures {
      threads.apply()
      let chosen = try usersFile.map(UserList.read) ?? listedUsers()
      let model = try input.read().model
      let users = chosen ?? Array(0..<model.data.userCount)
      guard let output else { return try write(model, users, to: standardOutput) }
      try AtomicFile.write(to: output) { writer in
        try write(model, users) { try writer.write($0) }
      }
    }
  }

  /// The users of ``users``; nil for all.
  private func listedUsers() throws -> [Int]? {
    guard let users, users != "all" else { return nil }
    return try users.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let user = Int(word) else {
        throw ValidationError("--users takes numbers, comma-separated, or all; got '\(users)'.")
      }
      return user
    }
  }

  private func write(
    _ model: RestoredModel, _ users: [Int], to write: (String) throws -> Void
  ) throws {
    var text = "user\trank\titem\tscore\n"
    try model.recommend(to: users, count: top) { user, items in
      for (place, item) in items.enumerated() {
        text += "\(user)\t\(place + 1)\t\(item.item)\t\(item.score)\n"
      }
      if text.utf8.count > 1 << 16 {
        try write(text)
        text = ""
      }
    }
    try write(text)
  }
}
