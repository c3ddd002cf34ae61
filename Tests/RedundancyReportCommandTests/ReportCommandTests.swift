import Foundation
import Testing

/// The report through the real binary, from input to files.
@Suite("Report command")
struct ReportCommandTests {
  /// The report without what may differ between equal runs.
  func lasting(_ report: [String: Any]) throws -> Data {
    var report = report
    report["timings"] = nil
    var provenance = report["provenance"] as? [String: Any] ?? [:]
    for key in ["date", "threads", "command"] { provenance[key] = nil }
    report["provenance"] = provenance
    return try JSONSerialization.data(withJSONObject: report, options: [.sortedKeys])
  }

  @Test func `gives the same numbers for one, two and four threads`() throws {
    let directory = try Workdir()
    var seen: Set<Data> = []
    for threads in ["1", "2", "4"] {
      let outcome = try directory.run([
        "--dataset", "demo", "--no-figures", "--output", threads, "--threads", threads,
      ])
      #expect(outcome.status == 0, "\(outcome.transcript)")
      seen.insert(try lasting(directory.report(threads)))
    }
    #expect(seen.count == 1)
  }

  @Test func `recovers the planted rank of the demo world`() throws {
    let directory = try Workdir()
    let outcome = try directory.run([
      "--dataset", "demo", "--no-figures", "--output", "out", "--only", "spectrum,overlap",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    let spectrum = try directory.report("out")["spectrum"] as? [String: Any]
    #expect(spectrum?["directionsAboveNoise"] as? Int == 4)
  }

  @Test func `writes the page, the numbers and three figures with their twins`() throws {
    let directory = try Workdir()
    let outcome = try directory.run(["--dataset", "demo", "--output", "out"])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    #expect(outcome.output.hasSuffix("out/report.html\n"), "\(outcome.transcript)")
    #expect(outcome.errors.isEmpty, "quiet when nobody watches: \(outcome.errors)")
    for figure in ["figure-1", "figure-5", "figure-6"] {
      for suffix in ["png", "gp"] { #expect(directory.exists("out/figures/\(figure).\(suffix)")) }
      #expect(
        directory.exists("out/figures/\(figure).svg") || directory.exists("out/figures/\(figure).pdf"))
    }
    let page = String(decoding: try directory.contents("out/report.html"), as: UTF8.self)
    #expect(page.utf8.count < 5_000_000)
    #expect(!page.contains("src=\"http") && !page.contains("<script"))
    #expect(page.components(separatedBy: "data:image/png;base64,").count == 4)
    let leftovers = try FileManager.default.subpathsOfDirectory(atPath: directory.path("out"))
      .filter { $0.contains(".tmp") || $0.split(separator: "/").last?.hasPrefix(".") == true }
    #expect(leftovers.isEmpty)
  }

  @Test func `prints only JSON with --json`() throws {
    let directory = try Workdir()
    let outcome = try directory.run([
      "--dataset", "demo", "--no-figures", "--only", "overlap", "--json", "--output", "out",
    ])
    let printed = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    #expect((printed as? [String: Any])?["schema"] as? String == "redundancy-report-2")
    #expect(Data(outcome.output.utf8) == (try directory.contents("out/report.json")))
  }

  @Test(arguments: [
    ("overlap@20>0", 1), ("overlap@20>1", 0), ("lift@10<=1000000", 1),
    ("dataset.items==2000", 1), ("retrievalOverlap[0].k!=5", 0),
  ])
  func `exits with one when a condition is met`(condition: String, status: Int32) throws {
    let directory = try Workdir()
    let outcome = try directory.run([
      "--dataset", "demo", "--no-figures", "--only", "overlap", "--output", "out",
      "--fail-on", condition,
    ])
    #expect(outcome.status == status, "\(outcome.transcript)")
    #expect(directory.exists("out/report.json"), "the report is written either way")
  }

  @Test(arguments: ["overlap@33>0", "similarity.linearCKA>0", "nonsense", "dataset.name>1"])
  func `refuses conditions that cannot be judged`(condition: String) throws {
    let directory = try Workdir()
    let outcome = try directory.run([
      "--dataset", "demo", "--no-figures", "--only", "overlap", "--output", "out",
      "--fail-on", condition,
    ])
    #expect(outcome.status == 64, "\(outcome.transcript)")
    #expect(outcome.errors.contains(condition), "\(outcome.transcript)")
  }

  @Test func `says where a data set was looked for and what to run meanwhile`() throws {
    let directory = try Workdir()
    let outcome = try directory.run(["--dataset", "clothing", "--output", "out"])
    #expect(outcome.status == 66, "\(outcome.transcript)")
    for word in ["clothing", "image_feat.npy", "github.com/enoche/MMRec", "synthetic-clothing"] {
      #expect(outcome.errors.contains(word), "\(word) in \(outcome.transcript)")
    }
    #expect(!directory.exists("out/report.html"))
  }

  @Test(arguments: [
    ["--dataset", "demo", "--features", "a", "b"], ["--features", "a.npy"], [],
    ["--dataset", "demo", "--only", "spektrum"], ["--dataset", "demo", "--top-k", "5,x"],
    ["--dataset", "demo", "--top-k", "0"], ["--dataset", "demo", "--threads", "0"],
    ["--dataset", "demo", "--strength", "1.5"], ["--dataset", "demo", "--rank", "0"],
    ["--dataset", "demo", "--projections", "0"], ["--dataset", "demo", "--perplexity", "0"],
    ["--dataset", "demo", "--anchors", "0"], ["--dataset", "demo", "--surprise"],
  ])
  func `answers wrong usage with 64`(arguments: [String]) throws {
    let directory = try Workdir()
    let outcome = try directory.run(arguments)
    #expect(outcome.status == 64, "\(outcome.transcript)")
    #expect(!outcome.errors.isEmpty)
  }

  @Test func `names a missing feature file`() throws {
    let directory = try Workdir()
    let outcome = try directory.run(["--features", "none.npy", "nothing.npy", "--output", "out"])
    #expect(outcome.status == 66, "\(outcome.transcript)")
    #expect(outcome.errors.contains("none.npy"))
  }

  @Test func `says that gnuplot is missing before measuring anything`() throws {
    let directory = try Workdir()
    let outcome = try directory.run(
      ["--dataset", "demo", "--output", "out"], environment: ["PATH": directory.path("empty")])
    #expect(outcome.status == 70, "\(outcome.transcript)")
    #expect(outcome.errors.contains("gnuplot") && outcome.errors.contains("--no-figures"))
  }

  @Test func `says that the output folder cannot be written`() throws {
    let directory = try Workdir()
    try directory.write("a file", to: "taken")
    let outcome = try directory.run(["--dataset", "demo", "--output", "taken/inside"])
    #expect(outcome.status == 64, "\(outcome.transcript)")
    #expect(outcome.errors.contains("taken/inside") && outcome.errors.contains("--output"))
  }

  @Test func `leaves no half file when interrupted`() throws {
    let directory = try Workdir()
    let command = try directory.start(["--dataset", "demo", "--output", "out"])
    // Once the folder is there the run is under way.
    #expect(command.wait { directory.exists("out") })
    usleep(200_000)
    command.send(SIGINT)
    let outcome = try command.finish()
    #expect(outcome.status == -SIGINT, "\(outcome.transcript)")
    let left = try FileManager.default.subpathsOfDirectory(atPath: directory.path("out"))
    #expect(left.isEmpty, "\(left)")
  }

  @Test func `runs the overlap on precomputed lists and says that the rest needs features`() throws {
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("../shared/data").standardizedFileURL
    guard FileManager.default.fileExists(atPath: data.appendingPathComponent("baby").path) else {
      print("skipped: no real data beside the package")
      return
    }
    let directory = try Workdir()
    let outcome = try directory.run([
      "--dataset", "baby", "--data-dir", data.path, "--no-figures", "--output", "out",
      "--top-k", "5,9,20",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    let report = try directory.report("out")
    let rows = report["retrievalOverlap"] as? [[String: Any]] ?? []
    #expect(rows.map { $0["k"] as? Int } == [5, 9])
    // The reference value that comes with the lists.
    #expect(abs((rows[1]["mean"] as? Double ?? 0) - 0.1167) < 5e-5)
    let skipped = report["skipped"] as? [[String: Any]] ?? []
    #expect(skipped.count == 9)
    #expect(skipped.allSatisfy { ($0["reason"] as? String ?? "").contains("features") })
  }
}
