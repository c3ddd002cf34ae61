import CommandSupport
import Datasets
import Recommenders
import Testing
import Training
import clear_trainer

@Suite("Exit codes of the trainer")
struct CommandFailureTests {
  struct Surprise: Error {}

  @Test func `tell usage, bad data, missing input and our own failures apart`() {
    let cases: [(any Error, Int32)] = [
      (CommandFailure.usage("x"), 64), (RunFolderError.exists(path: "p"), 64),
      (RunFolderError.locked(path: "p", process: 1), 64),
      (RunFolderError.malformed(path: "p", line: 1, expected: "x"), 65),
      (CheckpointError.notCheckpoint(path: "p"), 65), (ModelError.noTrainingInteractions, 65),
      (DatasetError.unknownFormat(path: "p"), 65), (DatasetError.fileNotFound(path: "p"), 66),
      (RunFolderError.notRunFolder(path: "p", missing: "config.yaml"), 66), (Surprise(), 70),
      (RunFolderError.inaccessible(path: "p", reason: "full"), 70),
      (DatasetError.unwritable(path: "p", reason: "full"), 70),
      (ConfigurationError.fileNotFound(path: "p"), 66),
      (ConfigurationError.unreadable(path: "p", reason: "x"), 65),
      (ConfigurationError.listOutsideGrid(key: "k", .file(path: "p", line: 1)), 65),
      (ConfigurationError.listOutsideGrid(key: "k", .option("--set k=[1]")), 64),
      (EvaluationError.unknownUser(9, userCount: 9), 64),
      (EvaluationError.nonFinite(.users, row: 1), 65),
      (TrainingError.diverged(epoch: 1, step: 1, steps: 2, term: "total"), 70),
    ]
    for (error, code) in cases {
      let failure = CommandFailure(error)
      #expect(failure.code == code, "\(failure.sentence)")
      #expect(!failure.sentence.isEmpty)
    }
  }
}
