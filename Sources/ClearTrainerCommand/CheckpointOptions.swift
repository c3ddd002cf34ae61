import ArgumentParser
import CommandSupport
import Foundation
import Training

/// Which trained model.
struct CheckpointOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A checkpoint, or the folder of a run, whose best epoch is then taken.",
      valueName: "checkpoint|run"))
  var checkpoint: String

  @OptionGroup var directory: DataDirectoryOptions

  /// Where the checkpoint is.
  ///
  /// - Throws: ``RunFolderError``; ``CommandFailure`` when the run has no checkpoint yet.
  private func path() throws -> String {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: checkpoint, isDirectory: &isFolder), isFolder.boolValue else {
      return checkpoint
    }
    let folder = try RunFolder(at: checkpoint)
    guard files.fileExists(atPath: folder.best) else {
      throw CommandFailure(
        code: ExitStatus.missingInput,
        sentence: "\(folder.path) has no best.safetensors yet; resume the run, or name a "
          + "checkpoint")
    }
    return folder.best
  }

  /// The model and its data.
  ///
  /// - Throws: As ``RestoredModel/init(at:dataset:)``.
  func read() throws -> (path: String, model: RestoredModel) {
    let path = try path()
    return (path, try RestoredModel(at: path) { try directory.read($0) })
  }
}
