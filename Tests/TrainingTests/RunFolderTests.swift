import Datasets
import Foundation
import Testing
import Training

@Suite("Run folder")
struct RunFolderTests {
  @Test func `is made with its parents and holds what is recorded`() throws {
    let folder = try ScratchFolder()
    let recorder = try RunFolder.create(
      at: folder("runs/a"), configuration: "model: a\n", force: false)
    try recorder.append(epochRecord(1))
    try recorder.append(epochRecord(2, improved: false))
    try recorder.log("one")
    try recorder.log("two")
    try recorder.write(result: ["best": 1])
    let table = UserTable(columns: ["test.recall@20"], users: [3], values: [[0.5]])
    try recorder.write(table)
    let run = try RunFolder(at: folder("runs/a"))
    #expect(try run.configuration() == "model: a\n")
    #expect(try run.history().records == [epochRecord(1), epochRecord(2, improved: false)])
    #expect(try folder.text("runs/a/log.txt") == "one\ntwo\n")
    #expect(try folder.text("runs/a/result.json") == "{\n  \"best\" : 1\n}\n")
    #expect(try UserTable(at: run.users) == table)
    #expect(
      try folder.files(in: "runs/a") == [
        ".clear-trainer.lock", "config.yaml", "log.txt", "metrics.jsonl", "result.json",
        "users.tsv",
      ])
  }

  @Test func `that is empty may be taken`() throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      atPath: folder("a"), withIntermediateDirectories: false)
    _ = try RunFolder.create(at: folder("a"), configuration: "", force: false)
  }

  @Test func `is replaced by force only, and foreign files in it stay`() throws {
    let folder = try ScratchFolder()
    do {
      let recorder = try RunFolder.create(at: folder("a"), configuration: "old", force: false)
      try recorder.append(epochRecord(1))
      try recorder.log("old")
    }
    try folder.write("mine", to: "a/notes.md")
    try folder.write("mine", to: "a/figures/x.png")
    try folder.write("half", to: "a/.last.safetensors.abc.part")
    #expect(throws: RunFolderError.exists(path: folder("a"))) {
      try RunFolder.create(at: folder("a"), configuration: "new", force: false)
    }
    #expect(try folder.text("a/config.yaml") == "old")
    _ = try RunFolder.create(at: folder("a"), configuration: "new", force: true)
    #expect(
      try folder.files(in: "a") == [".clear-trainer.lock", "config.yaml", "figures", "notes.md"])
    #expect(try folder.text("a/config.yaml") == "new")
  }

  @Test(arguments: [["config.yaml"], ["metrics.jsonl"], ["thesis.tex"], ["a/config.yaml"]])
  func `is never made of something else, even by force`(files: [String]) throws {
    let folder = try ScratchFolder()
    for file in files { try folder.write("mine", to: "a/\(file)") }
    let before = try folder.files(in: "a")
    for force in [false, true] {
      #expect(throws: RunFolderError.notEmpty(path: folder("a"))) {
        try RunFolder.create(at: folder("a"), configuration: "", force: force)
      }
    }
    #expect(try folder.files(in: "a") == before)
    for file in files { #expect(try folder.text("a/\(file)") == "mine") }
  }

  @Test func `cannot lie in a file's place`() throws {
    let folder = try ScratchFolder()
    try folder.write("mine", to: "a")
    for path in ["a", "a/b"] {
      #expect(throws: RunFolderError.self) {
        try RunFolder.create(at: folder(path), configuration: "", force: true)
      }
    }
    #expect(try folder.text("a") == "mine")
  }

  @Test func `is known by its configuration`() throws {
    let folder = try ScratchFolder()
    #expect(
      throws: RunFolderError.notRunFolder(path: folder("none"), missing: "folder")
    ) { try RunFolder(at: folder("none")) }
    try folder.write("", to: "a/x")
    #expect(throws: RunFolderError.notRunFolder(path: folder("a"), missing: "config.yaml")) {
      try RunFolder.resume(at: folder("a"))
    }
  }

  @Test func `is claimed by one recorder at a time`() throws {
    let folder = try ScratchFolder()
    var first: RunRecorder? = try RunFolder.create(
      at: folder("a"), configuration: "", force: false)
    let locked = RunFolderError.locked(path: folder("a"), process: getpid())
    #expect(throws: locked) { try RunFolder.resume(at: folder("a")) }
    #expect(throws: locked) {
      try RunFolder.create(at: folder("a"), configuration: "new", force: true)
    }
    #expect(first?.folder.path == folder("a"))
    #expect("\(locked)".contains("\(getpid())"))
    first = nil
    _ = try RunFolder.resume(at: folder("a"))
  }

  @Test func `is free again when the process that claimed it is killed`() throws {
    let tool = "/usr/bin/flock"
    guard FileManager.default.isExecutableFile(atPath: tool) else {
      print("skipped: no flock program")
      return
    }
    let folder = try ScratchFolder()
    _ = try RunFolder.create(at: folder("a"), configuration: "", force: false)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = ["--no-fork", folder("a/.clear-trainer.lock"), "sleep", "600"]
    try process.run()
    func isLocked() -> Bool {
      do {
        _ = try RunFolder.resume(at: folder("a"))
        return false
      } catch {
        return true
      }
    }
    while process.isRunning, !isLocked() { usleep(1000) }
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(!isLocked())
  }

  @Test func `loses half-written files when it is resumed`() throws {
    let folder = try ScratchFolder()
    do {
      let recorder = try RunFolder.create(at: folder("a"), configuration: "", force: false)
      try recorder.append(epochRecord(1))
    }
    try folder.write("half", to: "a/.last.safetensors.abc.part")
    try folder.write("mine", to: "a/.other.part")
    let recorder = try RunFolder.resume(at: folder("a"))
    try recorder.rewind(to: 1)
    try recorder.append(epochRecord(2))
    #expect(try recorder.folder.history().records.map(\.epoch) == [1, 2])
    #expect(
      try folder.files(in: "a")
        == [".clear-trainer.lock", ".other.part", "config.yaml", "metrics.jsonl"])
  }

  @Test func `on a full disk says so and leaves the file as it was`() throws {
    let folder = try ScratchFolder()
    let recorder = try RunFolder.create(at: folder("a"), configuration: "", force: false)
    for file in ["metrics.jsonl", "log.txt"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder("a/\(file)"), withDestinationPath: "/dev/full")
    }
    let reason = "No space left on device"
    #expect(
      throws: RunFolderError.inaccessible(path: folder("a/metrics.jsonl"), reason: reason)
    ) { try recorder.append(epochRecord(1)) }
    #expect(throws: RunFolderError.inaccessible(path: folder("a/log.txt"), reason: reason)) {
      try recorder.log("x")
    }
  }

  @Test func `never waits for a pipe in a file's place`() throws {
    let folder = try ScratchFolder()
    let recorder = try RunFolder.create(at: folder("a"), configuration: "", force: false)
    #expect(mkfifo(folder("a/metrics.jsonl"), 0o600) == 0)
    #expect(throws: RunFolderError.self) { try recorder.append(epochRecord(1)) }
    #expect(throws: RunFolderError.self) { try recorder.folder.history() }
    #expect(throws: RunFolderError.self) { try recorder.rewind(to: 0) }
  }

  @Test(arguments: [
    RunFolderError.exists(path: "p"), .notEmpty(path: "p"),
    .notRunFolder(path: "p", missing: "config.yaml"), .inaccessible(path: "p", reason: "r"),
    .locked(path: "p", process: 7), .locked(path: "p", process: nil),
    .malformed(path: "p", line: 3, expected: "x"), .missingEpoch(path: "p", epoch: 3, last: 2),
    .missingEpoch(path: "p", epoch: 3, last: nil), .nonFinite(path: "p", epoch: 3),
  ])
  func `fails in one sentence that says what to do`(error: RunFolderError) {
    #expect("\(error)".contains("p") && !"\(error)".contains("\n"))
    #expect("\(error)".contains(";") || "\(error)".contains(","))
  }
}
