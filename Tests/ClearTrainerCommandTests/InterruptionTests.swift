import CommandTestSupport
import Foundation
import Testing
import Training

/// Runs that are killed, stopped or run out of room, and then resumed.
@Suite("Interrupted training")
struct InterruptionTests {
  /// A moment in a run.
  enum Moment: String, CaseIterable, Sendable {
    case configured, firstLine, firstBest, firstCheckpoint, thirdLine

    func hasCome(in run: String, _ directory: Workdir) -> Bool {
      switch self {
      case .configured: return directory.exists("\(run)/config.yaml")
      case .firstLine: return lines(run, directory) >= 1
      case .firstBest: return directory.exists("\(run)/best.safetensors")
      case .firstCheckpoint: return directory.exists("\(run)/last.safetensors")
      case .thirdLine: return lines(run, directory) >= 3
      }
    }

    private func lines(_ run: String, _ directory: Workdir) -> Int {
      ((try? directory.contents("\(run)/metrics.jsonl")) ?? Data()).count { $0 == 10 }
    }
  }

  /// Trains until `moment` and sends `signal`.
  private func interrupt(
    _ moment: Moment, with signal: Int32, in directory: Workdir,
    arguments: [String] = FinishedRun.arguments
  ) throws {
    let command = try directory.start(arguments + ["--output", "run"])
    #expect(command.wait { moment.hasCome(in: "run", directory) })
    command.send(signal)
    let outcome = try command.finish()
    #expect(outcome.status == -signal, "\(outcome.transcript)")
    #expect(!directory.exists("run/result.json"))
  }

  @Test(arguments: Moment.allCases)
  func `that is killed is resumed to the same bits`(moment: Moment) throws {
    let directory = try Workdir()
    try interrupt(moment, with: SIGKILL, in: directory)
    try directory.succeed(["resume", "run"])
    #expect(try RunContents("run", in: directory) == FinishedRun.shared.get().contents)
    let left = try directory.files(in: "run").filter { $0.hasSuffix(".part") }
    #expect(left.isEmpty, "\(left)")
    #expect(try directory.json("run/result.json")["epochs"] as? Int == 4)
  }

  @Test func `keeps modalities, centring and refreshes apart`() throws {
    let directory = try Workdir()
    let arguments = [
      "train", "--model", "clear", "--dataset", "demo", "--set", "epochs=4", "--modalities",
      "text,image", "--clear", "rank=2,interval=3", "--set", "project_centred=true", "--set",
      "stale_scoring=true", "--set", "dropout=0.3",
    ]
    try directory.succeed(arguments + ["--output", "whole"])
    try interrupt(.firstCheckpoint, with: SIGKILL, in: directory, arguments: arguments)
    let outcome = try directory.succeed(["resume", "run"])
    #expect(outcome.errors.contains("clear on demo (text, image)"), "\(outcome.transcript)")
    #expect(try RunContents("run", in: directory) == RunContents("whole", in: directory))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `that is stopped leaves no half file`(signal: Int32) throws {
    let directory = try Workdir()
    try interrupt(.firstLine, with: signal, in: directory)
    let left = try directory.files(in: "run").filter { $0.hasSuffix(".part") }
    #expect(left.isEmpty, "\(left)")
    try directory.succeed(["resume", "run"])
    #expect(try RunContents("run", in: directory) == FinishedRun.shared.get().contents)
  }

  @Test(arguments: [1, 40, 400, 6000])
  func `without room says so and goes on where there is some`(blocks: Int) throws {
    let directory = try Workdir()
    // Blocks of 512 bytes: nothing, the configuration, an epoch's line, the smaller checkpoint.
    let outcome = try directory.refuse(
      FinishedRun.arguments + ["--output", "run"], status: 70, naming: ["run/", "File too large"],
      limit: "ulimit -f \(blocks)")
    let left = try directory.files(in: "run").filter { $0.hasSuffix(".part") }
    #expect(left.isEmpty, "\(outcome.transcript) \(left)")
    if directory.exists("run/config.yaml") {
      try directory.succeed(["resume", "run"])
    } else {
      try directory.succeed(FinishedRun.arguments + ["--output", "run"])
    }
    #expect(try RunContents("run", in: directory) == FinishedRun.shared.get().contents)
  }

  @Test func `is one process's alone`() throws {
    let directory = try Workdir()
    let long = [
      "train", "--model", "mf-bpr", "--dataset", "demo", "--set", "epochs=100000", "--set",
      "stopping_step=100000", "--output", "run",
    ]
    let command = try directory.start(long)
    #expect(command.wait { Moment.thirdLine.hasCome(in: "run", directory) })
    for arguments in [["resume", "run"], long + ["--force"]] {
      try directory.refuse(
        arguments, status: 64, naming: ["being trained into by process \(command.number)"])
    }
    command.send(SIGTERM)
    #expect(try command.finish().status == -SIGTERM)
    let records = try RunFolder(at: directory.path("run")).history().records
    #expect(records.map(\.epoch) == Array(1...records.count))
  }

  @Test func `that was finished is told again`() throws {
    let directory = try Workdir()
    let run = try FinishedRun.shared.get()
    try run.place("run", in: directory)
    let outcome = try directory.succeed(["resume", "run"])
    #expect(outcome.output.contains("of 4  test recall@10"), "\(outcome.transcript)")
    #expect(try RunContents("run", in: directory) == run.contents)
  }
}
