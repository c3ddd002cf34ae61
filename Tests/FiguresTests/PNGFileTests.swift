import Figures
import Foundation
import Testing

extension ProcessSuites {
  @Suite("PNG files")
  struct PNGFileTests {
    @Test func `give back the texts that were stamped and keep the pixels`() throws {
      let bench = try Workbench()
      let png = try bench.drawer(provenance: [:]).draw(Sketch(), named: "sketch").png
      let before = try PNGFile.inspect(png)
      #expect(try PNGFile.texts(in: png).isEmpty)
      let texts = [
        "command": "redundancy-report --dataset \"größe\"", "digest": "sha256:00ff",
        "seed": "999", "long": String(repeating: "x", count: 5000),
      ]
      try PNGFile.stamp(png, with: texts)
      #expect(try PNGFile.texts(in: png) == texts)
      #expect(try PNGFile.inspect(png) == before)
      try PNGFile.stamp(png, with: ["seed": "1"])
      #expect(try PNGFile.texts(in: png)["seed"] == "1")
      #expect(try PNGFile.texts(in: png)["digest"] == "sha256:00ff")
    }

    @Test func `repair keys that the format does not allow`() throws {
      let bench = try Workbench()
      let png = try bench.drawer(provenance: [:]).draw(Sketch(), named: "sketch").png
      try PNGFile.stamp(png, with: ["ä key": "a\nb", "": "none"])
      #expect(try PNGFile.texts(in: png) == ["__key": "a b", "_": "none"])
    }

    @Test func `that are cut short, other things or missing are refused and left alone`() throws {
      let bench = try Workbench()
      let png = try bench.drawer().draw(Sketch(), named: "sketch").png
      let whole = try Data(contentsOf: png)
      for damaged in [whole.prefix(whole.count / 2), whole.prefix(20), Data("text".utf8), Data()] {
        try damaged.write(to: png)
        for attempt in [
          { _ = try PNGFile.inspect(png) }, { _ = try PNGFile.texts(in: png) },
          { try PNGFile.stamp(png, with: ["a": "b"]) },
        ] as [() throws -> Void] {
          #expect(throws: FigureError.self) { try attempt() }
        }
        #expect(try Data(contentsOf: png) == damaged)
      }
      #expect(bench.drawnNames.count == 4)
      let missing = bench.folder.appendingPathComponent("missing.png")
      #expect {
        try PNGFile.inspect(missing)
      } throws: {
        "\($0)".contains("missing.png cannot be read as a PNG image: No such file or directory")
      }
    }
  }
}
