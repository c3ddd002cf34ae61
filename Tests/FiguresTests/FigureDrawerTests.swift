import Figures
import Foundation
import Testing

extension ProcessSuites {
  @Suite("Figure drawer")
  struct FigureDrawerTests {
    @Test func `leaves a stamped picture, its vector twin, the script and the table`() throws {
      let bench = try Workbench()
      let provenance = ["command": "report --seed 7", "digest": "00ff", "seed": "7"]
      let drawn = try bench.drawer(provenance: provenance).draw(Sketch(), named: "sketch")
      #expect(bench.drawnNames == ["sketch.gp", "sketch.pdf", "sketch.png", "sketch.tsv"])
      let picture = try PNGFile.inspect(drawn.png)
      #expect(picture.width == 1980 && picture.height == 600)
      #expect(picture.markedShare > 0.005 && picture.markedShare < 0.5)
      #expect(try PNGFile.texts(in: drawn.png) == provenance)
      #expect(try Data(contentsOf: drawn.vector).starts(with: Data("%PDF".utf8)))
      #expect(try String(contentsOf: drawn.table, encoding: .utf8) == Sketch().table().text)
      let script = try String(contentsOf: drawn.script, encoding: .utf8)
      #expect(script.contains("# command: report --seed 7\n"))
      #expect(!script.contains(bench.folder.path))
    }

    @Test func `gives the same bytes twice, also through the script in its folder`() throws {
      let bench = try Workbench()
      let drawer = bench.drawer()
      let first = try drawer.draw(Samples.figure1(), named: "figure-1")
      let png = try Data(contentsOf: first.png)
      let pdf = try Data(contentsOf: first.vector)
      let second = try drawer.draw(Samples.figure1(), named: "figure-1")
      #expect(try Data(contentsOf: second.png) == png)
      #expect(try Data(contentsOf: second.vector) == pdf)

      try FileManager.default.removeItem(at: second.png)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["gnuplot", "figure-1.gp"]
      process.currentDirectoryURL = drawer.directory
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(try PNGFile.texts(in: second.png).isEmpty)
      try PNGFile.stamp(second.png, with: drawer.provenance)
      #expect(try Data(contentsOf: second.png) == png)
    }

    @Test func `keeps what was there when a drawing fails`() throws {
      let bench = try Workbench()
      let drawn = try bench.drawer().draw(Sketch(), named: "sketch")
      let files = [drawn.png, drawn.vector, drawn.script, drawn.table]
      let before = try files.map { try Data(contentsOf: $0) }
      #expect(throws: FigureError.self) {
        try bench.drawer().draw(Sketch(script: "plot nothing"), named: "sketch")
      }
      #expect(try files.map { try Data(contentsOf: $0) } == before)
      #expect(bench.drawnNames.count == 4)
    }

    @Test func `refuses a blank picture`() throws {
      let bench = try Workbench()
      let blank = Sketch(script: "unset border\nunset tics\nunset grid\nplot [0:1][0:1] 2")
      #expect(
        throws: FigureError.outputUnusable(file: "sketch.png", reason: "is blank")
      ) { try bench.drawer().draw(blank, named: "sketch") }
      #expect(bench.drawnNames.isEmpty)
    }

    @Test func `says why a folder cannot be written`() throws {
      let bench = try Workbench()
      let file = bench.folder.appendingPathComponent("file")
      try Data().write(to: file)
      for folder in [file, file.appendingPathComponent("below")] {
        let drawer = FigureDrawer(directory: folder, provenance: [:])
        #expect {
          try drawer.draw(Sketch(), named: "sketch")
        } throws: { error in
          guard case .notWritable(let path, let reason)? = error as? FigureError
          else { return false }
          return path.hasPrefix(file.path) && !reason.isEmpty
        }
      }
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may write anywhere"))
    func `says that a folder is protected`() throws {
      let bench = try Workbench()
      let folder = bench.folder.appendingPathComponent("figures")
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
      #expect(throws: FigureError.notWritable(path: folder.path, reason: "Permission denied")) {
        try bench.drawer().draw(Sketch(), named: "sketch")
      }
    }

    @Test func `takes names as they are and runs nothing in them`() throws {
      let bench = try Workbench()
      let names = [
        "it's `touch pwned` \"$(touch pwned)\" \\ a_b^{c} @x ~y", "e\u{301}'\u{301}; system 'true'",
        "two\nlines " + String(repeating: "long ", count: 40),
      ]
      for name in names {
        let figure = Samples.figure1(dataset: name)
        let drawn = try bench.drawer().draw(figure, named: "figure-1")
        #expect(try PNGFile.inspect(drawn.png).height >= Int(2.08 * 600))
        let maps = Samples.figure6(count: 20, firstModality: name, secondModality: name)
        _ = try bench.drawer().draw(maps, named: "figure-6")
      }
      #expect(bench.drawnNames.count == 8)
      #expect(!FileManager.default.fileExists(atPath: "pwned"))
    }
  }
}
