import CommandTestSupport
import Datasets
import Foundation
import LinearAlgebra
import Testing
import Training

typealias Workdir = CommandWorkdir

extension CommandWorkdir {
  /// A fresh folder for `clear-trainer`.
  convenience init() throws { try self.init(running: "clear-trainer") }

  /// Runs the command, which must succeed.
  @discardableResult
  func succeed(
    _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try run(arguments)
    #expect(outcome.status == 0, "\(outcome.transcript)", sourceLocation: sourceLocation)
    return outcome
  }

  /// Runs the command, which must refuse in one sentence that has all of `words`.
  @discardableResult
  func refuse(
    _ arguments: [String], status: Int32, naming words: [String], limit: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try run(arguments, limit: limit)
    #expect(outcome.status == status, "\(outcome.transcript)", sourceLocation: sourceLocation)
    let sentences = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("clear-trainer: ") }
    #expect(sentences.count == 1, "\(outcome.transcript)", sourceLocation: sourceLocation)
    #expect(
      outcome.errors.hasSuffix("\(sentences.first ?? "")\n"), "\(outcome.transcript)",
      sourceLocation: sourceLocation)
    for word in words {
      #expect(
        sentences.first?.contains(word) == true, "\(word) in \(outcome.transcript)",
        sourceLocation: sourceLocation)
    }
    return outcome
  }

  /// Writes a data set of random features and interactions into `data/tiny`.
  func writeTinyData(_ change: (inout [String: Matrix<Float>]) -> Void = { _ in }) throws {
    let world = World.sharedFactor(
      rank: 2, strength: 4, items: 40, firstWidth: 9, secondWidth: 7, seed: 5)
    var features = ["image": world.first, "text": world.second]
    change(&features)
    var rows = "userID\titemID\tx_label\n"
    for user in 0..<30 {
      for place in 0..<6 { rows += "\(user)\t\((user * 7 + place * 5) % 40)\t\(max(0, place - 3))\n" }
    }
    try write(rows, to: "data/tiny/tiny.inter")
    for (name, matrix) in features {
      try NPYFile.write(matrix, to: path("data/tiny/\(name)_feat.npy"))
    }
  }

  func json(_ name: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: contents(name)) as? [String: Any] ?? [:]
  }
}

/// What a run came to, without the time that it took.
struct RunContents: Sendable, Equatable {
  let records: [EpochRecord]
  let parameters: [String: Matrix<Float>]
  let bestParameters: [String: Matrix<Float>]
  let users: Data

  init(_ folder: String, in directory: Workdir) throws {
    let run = try RunFolder(at: directory.path(folder))
    records = try run.history().records.map {
      EpochRecord(
        epoch: $0.epoch, improved: $0.improved, learningRate: $0.learningRate, losses: $0.losses,
        valid: $0.valid, test: $0.test,
        seconds: .init(training: 0, evaluation: 0, projection: 0, redundancy: 0),
        redundancy: $0.redundancy)
    }
    parameters = try Checkpoint.read(from: run.last).parameters.mapValues(\.matrix)
    bestParameters = try Checkpoint.read(from: run.best).parameters.mapValues(\.matrix)
    users = try Data(contentsOf: URL(fileURLWithPath: run.users))
  }
}

/// A finished run of CLEAR on the demo data, trained once for all tests.
struct FinishedRun: Sendable {
  static let arguments = ["train", "--model", "clear", "--dataset", "demo", "--set", "epochs=4"]
  static let shared = Result { try FinishedRun() }

  let contents: RunContents
  /// Its files by name.
  let files: [String: Data]

  private init() throws {
    let directory = try Workdir()
    try directory.succeed(Self.arguments + ["--output", "run"])
    contents = try RunContents("run", in: directory)
    var files: [String: Data] = [:]
    for file in try directory.files(in: "run") {
      files[file] = try directory.contents("run/\(file)")
    }
    self.files = files
  }

  /// Puts the run into the folder `name`.
  func place(_ name: String, in directory: Workdir) throws {
    for (file, data) in files { try directory.write(data, to: "\(name)/\(file)") }
  }
}
