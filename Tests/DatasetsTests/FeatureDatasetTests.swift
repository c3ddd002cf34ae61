import Datasets
import Foundation
import LinearAlgebra
import Testing

@Suite("Feature data sets")
struct FeatureDatasetTests {
  @Test func `are put together from files that lie anywhere`() throws {
    let work = try Workdir()
    let dataset = try FeatureDataset.files(
      [Fixtures.path("f4.npy"), Fixtures.path("all.safetensors:half")],
      labels: Fixtures.path("labels.npy"))
    #expect(dataset.modalities.map(\.name) == ["f4", "half"])
    #expect(dataset.featureMatrices.map(\.dtype) == ["float32", "float16"])
    #expect(dataset.featureMatrices[0].matrix == dataset.featureMatrices[1].matrix)
    #expect(dataset.classes?.ids.count == 5 && dataset.digests.count == 3)
    let path = try work.write("1,2\n", to: "x.csv")
    #expect(
      throws: DatasetError.features(
        .rowsDiffer(
          first: "f4 (\(Fixtures.path("f4.npy")))", firstRows: 5, second: "x (\(path))",
          secondRows: 1))
    ) { try FeatureDataset.files([Fixtures.path("f4.npy"), path]) }
  }

  @Test func `name two files of one name apart`() throws {
    let path = Fixtures.path("f4.npy")
    let dataset = try FeatureDataset.files([path, path, path])
    #expect(dataset.modalities.map(\.name) == ["f4", "f4-2", "f4-3"])
    #expect(try dataset.selecting(["f4-3", "f4"]).modalities.map(\.name) == ["f4-3", "f4"])
  }

  @Test func `refuse files of unknown kinds and tell missing ones apart`() throws {
    let work = try Workdir()
    let path = try work.write("x", to: "x.mat")
    let known = Fixtures.path("f4.npy")
    #expect(throws: DatasetError.unknownFormat(path: path)) {
      try FeatureDataset.files([known, path])
    }
    let missing = datasetError { _ = try FeatureDataset.files([known, "/no/such.mat"]) }
    #expect(missing == .fileNotFound(path: "/no/such.mat"))
    #expect(missing?.isMissingInput == true)
    #expect(throws: DatasetError.selection(.oneModality([known]))) {
      try FeatureDataset.files([known])
    }
  }

  @Test func `have names in one catalogue`() throws {
    let search = DatasetSearch(environment: [:], workingDirectory: "/nowhere")
    let demo = try DatasetCatalog.load("demo", in: search, seed: 1)
    #expect(demo.name == "demo" && demo.digests.keys.sorted() == ["image", "text"])
    let turned = try DatasetCatalog.load(
      "demo", in: search, modalities: ["text", "image"], seed: 1)
    #expect(turned.modalities.map(\.name) == ["text", "image"])
    #expect(
      throws: DatasetError.selection(
        .unknownSynthetic("synthetic-x", known: DatasetCatalog.generated))
    ) { try DatasetCatalog.load("synthetic-x", in: search, seed: 1) }
    let missing = datasetError { _ = try DatasetCatalog.load("no", in: search, seed: 1) }
    #expect(missing?.isMissingInput == true)
  }
}
