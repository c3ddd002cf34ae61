import Datasets
import Foundation
import Testing

@Suite("Atomic files", .serialized)
struct AtomicFileTests {
  @Test func `replace the old content and leave nothing beside`() throws {
    let work = try Workdir()
    let path = try work.write("old", to: "x.txt")
    try AtomicFile.write("new é", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new é")
    try AtomicFile.write(Data([1, 2, 3]), to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
    #expect(try work.files == ["x.txt"])
  }

  @Test func `keep the old content when writing fails`() throws {
    struct Stop: Error {}
    let work = try Workdir()
    let path = try work.write("old", to: "x.txt")
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: path) { writer in
        try writer.write("half of the n")
        #expect(try work.files.count == 2)
        throw Stop()
      }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try work.files == ["x.txt"])
  }

  @Test func `that an interrupted process leaves behind can be removed`() throws {
    let work = try Workdir()
    let path = try work("x.txt")
    #expect(throws: DatasetError.self) {
      try AtomicFile.write(to: path) { writer in
        try writer.write("half")
        AtomicFile.removeUnfinished()
        #expect(try work.files.isEmpty)
      }
    }
    #expect(try work.files.isEmpty)
  }

  @Test func `say why they cannot be written`() throws {
    let work = try Workdir()
    let path = "\(work.path)/no/x.txt"
    #expect(throws: DatasetError.unwritable(path: path, reason: "No such file or directory")) {
      try AtomicFile.write("x", to: path)
    }
    #expect(throws: DatasetError.unwritable(path: work.path, reason: "it is a directory")) {
      try AtomicFile.write("x", to: work.path)
    }
  }

  @Test func `take the place of regular files only`() throws {
    let work = try Workdir()
    let pipe = try work("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: DatasetError.unwritable(path: pipe, reason: "it is not a regular file")) {
      try AtomicFile.write("x", to: pipe)
    }
    #expect(try work.files == ["pipe"])
  }

  @Test func `write through links`() throws {
    let work = try Workdir()
    let target = try work.write("old", to: "target.txt")
    let link = try work("link.txt")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    try AtomicFile.write("new", to: link)
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
  }
}
