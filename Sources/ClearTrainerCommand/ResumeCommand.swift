import ArgumentParser
import CommandSupport
import Training

/// `clear-trainer resume`: go on with a run that was interrupted.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with an interrupted run, to the same bits.")

  @Argument(help: ArgumentHelp("Folder of the run.", valueName: "folder"))
  var folder: String

  @OptionGroup var directory: DataDirectoryOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    try reportingFailures {
      threads.apply()
      let run = try TrainingRun(resuming: folder, version: ToolVersion.current) {
        try directory.read($0)
      }
      try run.trainToTheEnd()
    }
  }
}
