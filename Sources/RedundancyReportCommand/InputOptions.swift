import ArgumentParser
import Datasets
import Foundation

/// Where the features come from; shared by all subcommands.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Data set to read.",
      discussion: """
        A folder of this name with <modality>_feat.npy files and an optional <name>.inter, or one \
        of demo, synthetic-baby, synthetic-sports, synthetic-clothing, which are generated.
        """,
      valueName: "name"))
  var dataset: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Two or more feature files (.npy, .safetensors, .csv), one row per item.",
      valueName: "file"))
  var features: [String] = []

  @Option(
    help: ArgumentHelp(
      "A trained model's checkpoint, or its run folder, for its best one.",
      discussion: """
        Its modality embeddings are the features. With --dataset, or with --data-dir for the data \
        set that it was trained on, classes and interactions are read from there.
        """,
      valueName: "run"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("Class of every item, for --features.", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Folder of the data sets (then $CLEAR_DATA, then ./data).", valueName: "folder"))
  var dataDir: String?

  @Option(
    help: ArgumentHelp(
      "Modalities to compare, comma-separated, the first two of them at length; all otherwise.",
      valueName: "names"))
  var modalities: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of items without features in some modality (rows of zeros or NaN): error, "
        + "drop, or mean for the mean of the others.",
      valueName: "policy"))
  var missing = MissingPolicy.error

  @Flag(help: "Leave out items with NaN or infinity in any modality, and say how many.")
  var dropNonfinite = false

  @Flag(help: "Leave out items whose features are all zero in any modality, and say how many.")
  var dropZeroRows = false

  @Flag(help: "Leave out columns that are constant, and say how many.")
  var dropConstant = false

  @Option(help: ArgumentHelp("Seed of every random choice.", valueName: "n"))
  var seed: UInt64 = 999

  @Option(help: ArgumentHelp("Threads; results do not depend on it.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    let named = dataset != nil || checkpoint != nil
    guard named == features.isEmpty else {
      throw ValidationError(
        "Give one of --dataset NAME, --checkpoint RUN and --features A.npy B.npy.")
    }
    if !features.isEmpty, features.count < 2 {
      throw ValidationError("--features needs at least two files, one per modality.")
    }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    if labels != nil, named {
      throw ValidationError("--labels goes with --features; a data set brings its own labels.npy.")
    }
  }
}

extension MissingPolicy: ExpressibleByArgument {}
