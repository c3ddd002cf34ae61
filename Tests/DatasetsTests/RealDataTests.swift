import Datasets
import Foundation
import LinearAlgebra
import Statistics
import Testing

@Suite("Real data", .enabled(if: RealData.isThere))
struct RealDataTests {
  @Test(arguments: [
    ("tiktok", 6_710, ["image", "audio"], [128, 128], "float16"),
    ("wikipedia", 2_866, ["image", "text"], [128, 10], "float32"),
    ("mfeat", 2_000, ["fac", "fou"], [216, 76], "float32"),
    ("leaves100", 1_600, ["margin", "shape"], [64, 64], "float32"),
    ("msrc_v1", 210, ["centrist", "cm"], [254, 24], "float32"),
  ])
  func `passes the gate`(
    name: String, items: Int, modalities: [String], widths: [Int], dtype: String
  ) throws {
    let dataset = try DatasetFolder.load(name, in: RealData.search)
    #expect(dataset.modalities.map(\.name) == modalities)
    let found = try FeatureGate.requireUsable(dataset)
    #expect(found.map(\.dimension) == widths)
    #expect(found.allSatisfy { $0.items == items && $0.dtype == dtype })
    #expect((dataset.classes == nil) == (name == "tiktok"))
  }

  @Test func `has the duplicates that its page counts`() throws {
    func duplicates(_ name: String, _ modalities: [String]) throws -> [Int] {
      try DatasetFolder.load(name, in: RealData.search, modalities: modalities)
        .featureMatrices.map { FeatureInspection.inspect($0).duplicateRows }
    }
    #expect(try duplicates("tiktok", ["image", "audio"]) == [3, 55])
    #expect(try duplicates("wikipedia", ["image", "text"]) == [10, 0])
    #expect(try duplicates("mfeat", ["fac", "mor"]) == [6, 112])
  }

  @Test(arguments: [
    ("tiktok", 9_308, 6_710, [59_541, 3_051, 6_130]),
    ("baby", 19_445, 7_050, [118_551, 20_559, 21_682]),
    ("sports", 35_598, 18_357, [218_409, 37_899, 40_029]),
  ])
  func `has the interactions that its page counts`(
    name: String, users: Int, items: Int, splits: [Int]
  ) throws {
    let table = try #require(try DatasetFolder.load(name, in: RealData.search).interactions)
    #expect(table.userCount == users && table.itemCount == items && table.splitCounts == splits)
  }

  @Test func `has the digests that its page lists`() throws {
    let page = try String(contentsOfFile: "\(RealData.folder)/README.md", encoding: .utf8)
    var files = 0
    for name in ["tiktok", "wikipedia", "mfeat", "leaves100", "msrc_v1", "baby", "sports"] {
      let dataset = try DatasetFolder.load(name, in: RealData.search)
      for (file, digest) in dataset.digests {
        #expect(
          page.split(separator: "\n").contains {
            $0.contains("`\(name)/\(file)`") && $0.contains(digest)
          }, "\(name)/\(file)")
        files += 1
      }
    }
    #expect(files == 27)
  }

  @Test func `of tiktok has the values and the spectrum that its page gives`() throws {
    let dataset = try DatasetFolder.load("tiktok", in: RealData.search)
    let (image, audio) = (dataset.featureMatrices[0].matrix, dataset.featureMatrices[1].matrix)
    let norms = rowNorms(image)
    #expect(abs(norms.min()! - 29.8) < 0.05 && abs(norms.max()! - 49.4) < 0.05)
    #expect(abs(median(norms)! - 32.8) < 0.05)
    #expect(image.elements.min()! == 0 && abs(image.elements.max()! - 13.11) < 0.005)
    #expect(abs(mean(audio.elements.map(Double.init))! - 0.037) < 5e-4)
    let spectrum = try sharedSpectrum(image, audio)
    for (found, expected) in zip(spectrum, [2.4066, 1.4514, 0.3120, 0.1403]) {
      #expect(abs(found - expected) < 1e-4)
    }
  }

  @Test func `of wikipedia has named classes of the sizes that its page gives`() throws {
    let classes = try #require(
      try DatasetFolder.load("wikipedia", in: RealData.search).classes)
    let sizes = (0..<10).map { id in classes.ids.count { $0 == id } }
    #expect(sizes == [172, 360, 340, 333, 267, 236, 237, 185, 285, 451])
    #expect(classes.names?.prefix(3) == ["art", "biology", "geography"])
  }
}
