import ArgumentParser

@main
struct ClearTrainerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "clear-trainer")
}
