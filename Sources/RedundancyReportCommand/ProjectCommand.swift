import ArgumentParser
import CommandSupport
import Datasets
import Foundation
import LinearAlgebra
import Redundancy
import Reporting

/// `redundancy-report project`: fit the projection and write the projected features.
struct ProjectCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case npy, safetensors }

  static let configuration = CommandConfiguration(
    commandName: "project",
    abstract: "Damp the shared directions and write the projected features.",
    discussion: """
      Fits U_k on the cross-covariance of the modalities (for three or more, of each against all \
      the others) and writes x − λ(x·U_k)·U_kᵀ of every modality, as float32. With npy, one \
      <modality>_feat.npy each, in the layout that MMRec reads; with safetensors, one file \
      projected.safetensors that also holds the bases.
      """)

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(help: ArgumentHelp("Redundancy rank k.", valueName: "k"))
  var rank = 8

  @Option(help: ArgumentHelp("Projection strength λ, 0 to 1.", valueName: "λ"))
  var strength = 0.9

  @Option(help: "File format.")
  var format = Format.npy

  @Option(help: ArgumentHelp("Folder to write.", valueName: "folder"))
  var output: String

  func validate() throws {
    guard rank >= 1 else { throw ValidationError("--rank must be at least 1.") }
    guard (0...1).contains(strength) else {
      throw ValidationError("--strength must lie between 0 and 1.")
    }
  }

  func run() throws {
    do {
      try project()
    } catch {
      throw CommandFailure(error)
    }
  }

  private func project() throws {
    if let threads = input.threads { Parallel.threadCount = threads }
    let folder = ReportFolder(at: URL(fileURLWithPath: output, isDirectory: true))
    try folder.prepare()
    let dataset = try input.read()
    let features = dataset.featureMatrices
    guard features.count == dataset.modalities.count else {
      let lists = dataset.neighborLists.map(\.modality).joined(separator: " and ")
      throw CommandFailure(
        code: ExitStatus.badData,
        sentence: "projecting needs the features themselves; of \(lists) in \(dataset.name) there "
          + "are only precomputed neighbour lists")
    }
    _ = try FeatureGate.requireUsable(dataset)
    let projection = try NullSpaceProjection(
      modalities: features.map(\.matrix), rank: rank, strength: strength)
    let projected = features.indices.map {
      projection.apply(features[$0].matrix, modality: $0)
    }
    switch format {
    case .npy:
      for (feature, matrix) in zip(features, projected) {
        let file = folder.url.appendingPathComponent("\(feature.name)_feat.npy")
        try NPYFile.write(matrix, to: file.path)
        print(file.path)
      }
    case .safetensors:
      var tensors: [String: Matrix<Float>] = [:]
      for (index, feature) in features.enumerated() {
        tensors[feature.name] = projected[index]
        tensors["\(feature.name).basis"] = Matrix<Float>(projection.bases[index])
      }
      let file = folder.url.appendingPathComponent("projected.safetensors")
      try SafetensorsFile.write(
        tensors,
        metadata: [
          "rank": String(rank), "strength": String(strength), "version": ToolVersion.current,
        ], to: file.path)
      print(file.path)
    }
  }
}
