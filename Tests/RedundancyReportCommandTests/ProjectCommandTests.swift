import Foundation
import Testing

/// Projected features through the real binary.
@Suite("Project command")
struct ProjectCommandTests {
  @Test func `takes the planted overlap away when it removes the planted directions`() throws {
    let directory = try Workdir()
    let projected = try directory.run([
      "project", "--dataset", "demo", "--rank", "4", "--strength", "1", "--output", "p",
    ])
    #expect(projected.status == 0, "\(projected.transcript)")
    let audited = try directory.run([
      "--features", "p/image_feat.npy", "p/text_feat.npy", "--only", "spectrum,overlap",
      "--no-figures", "--output", "after",
    ])
    #expect(audited.status == 0, "\(audited.transcript)")
    let before = try directory.run([
      "--dataset", "demo", "--only", "spectrum,overlap", "--no-figures", "--output", "before",
    ])
    #expect(before.status == 0, "\(before.transcript)")
    func lift(_ name: String) throws -> Double {
      let rows = try directory.report(name)["retrievalOverlap"] as? [[String: Any]]
      return rows?[2]["lift"] as? Double ?? .nan
    }
    #expect(try lift("before") > 5)
    #expect(try abs(lift("after") - 1) < 0.1)
    let spectrum = try directory.report("after")["spectrum"] as? [String: Any]
    #expect(spectrum?["directionsAboveNoise"] as? Int == 0)
  }

  @Test func `leaves three modalities as they are with strength zero`() throws {
    let directory = try Workdir()
    let widths = ["a": 12, "b": 9, "c": 7]
    for (index, name) in widths.keys.sorted().enumerated() {
      try npyBytes(rows: arbitraryRows(60, widths[name] ?? 0, salt: UInt64(index + 3)))
        .write(to: directory.url.appendingPathComponent("\(name).npy"))
    }
    let outcome = try directory.run([
      "project", "--features", "a.npy", "b.npy", "c.npy", "--rank", "3", "--strength", "0",
      "--output", "p",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    for (name, width) in widths {
      let values = try directory.contents("\(name).npy").suffix(60 * width * 4)
      #expect(try directory.contents("p/\(name)_feat.npy").suffix(60 * width * 4) == values)
    }
  }

  @Test func `says what went into a safetensors file`() throws {
    let directory = try Workdir()
    let outcome = try directory.run([
      "project", "--dataset", "demo", "--rank", "2", "--format", "safetensors", "--output", "p",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    let data = try directory.contents("p/projected.safetensors")
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any]
    #expect(
      Set(header.map { Array($0.keys) } ?? [])
        == ["__metadata__", "image", "image.basis", "text", "text.basis"])
    let metadata = header?["__metadata__"] as? [String: String]
    #expect(metadata?["rank"] == "2" && metadata?["strength"] == "0.9")
  }

  @Test(arguments: [["--rank", "0"], ["--strength", "2"], ["--format", "pickle"]])
  func `answers wrong usage with 64`(arguments: [String]) throws {
    let directory = try Workdir()
    let outcome = try directory.run(["project", "--dataset", "demo", "--output", "p"] + arguments)
    #expect(outcome.status == 64, "\(outcome.transcript)")
  }
}
