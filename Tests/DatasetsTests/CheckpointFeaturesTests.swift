import Datasets
import Foundation
import LinearAlgebra
import Testing

@Suite("Features of checkpoints")
struct CheckpointFeaturesTests {
  /// A checkpoint of two modalities whose first two columns are halved by the projection.
  struct Parts {
    var metadata = [
      "format": "clear-checkpoint-1", "version": "0.1.0", "model": "clear", "dataset": "tiny",
      "epoch": "7", "seed": "999", "digest": "00ff", "config": "model: clear\n", "rank": "2",
      "strength": "0.5", "modalities": "image,text",
      "metrics": #"{"valid":{"recall@20":0.25},"test":{"recall@20":0.5}}"#, "state": "{}",
    ]
    var tensors: [String: Matrix<Float>] = [:]

    init(projecting projected: Set<String> = ["image", "text"]) {
      var basis = Matrix<Float>(rowCount: 4, columnCount: 2)
      basis[0, 0] = 1
      basis[1, 1] = 1
      for (place, name) in ["image", "text"].enumerated() {
        let before = normalMatrix(9, 4, seed: UInt64(place + 1))
        var after = before
        for row in 0..<9 where projected.contains(name) {
          for column in 0..<2 { after[row, column] *= 0.5 }
        }
        tensors["features.before/\(name)"] = before
        tensors["features.after/\(name)"] = after
        tensors["basis/\(name)"] = basis
      }
    }

    func write(to path: String) throws {
      try SafetensorsFile.write(tensors, metadata: metadata, to: path)
    }
  }

  @Test func `are read from the run folder's best checkpoint`() throws {
    let work = try Workdir()
    let parts = Parts()
    try parts.write(to: try work("run/best.safetensors"))
    for path in ["run", "run/", "run/best.safetensors"] {
      let dataset = try FeatureDataset.checkpoint("\(work.path)/\(path)")
      #expect(dataset.name == "clear on tiny")
      #expect(dataset.featureMatrices.map(\.name) == ["image", "text"])
      #expect(dataset.featureMatrices[1].matrix == parts.tensors["features.before/text"])
      #expect(dataset.trained?.epoch == 7 && dataset.trained?.seed == 999)
      #expect(dataset.trained?.metrics?.test == ["recall@20": 0.5])
      #expect(dataset.trained?.projection == .init(rank: 2, strength: 0.5))
      #expect(dataset.projection?.bases["image"] == parts.tensors["basis/image"])
      #expect(dataset.digests.keys.sorted() == ["best.safetensors"])
    }
  }

  @Test func `have the bases of the modalities that were projected only`() throws {
    let work = try Workdir()
    let path = try work("x.safetensors")
    try Parts(projecting: ["text"]).write(to: path)
    #expect(try FeatureDataset.checkpoint(path).projection?.bases.keys.sorted() == ["text"])
    var none = Parts(projecting: [])
    none.metadata["rank"] = nil
    none.metadata["strength"] = nil
    for name in ["image", "text"] { none.tensors["basis/\(name)"] = nil }
    try none.write(to: path)
    let dataset = try FeatureDataset.checkpoint(path)
    #expect(dataset.projection == nil && dataset.trained?.projection == nil)
  }

  @Test func `come in the order that is asked for`() throws {
    let work = try Workdir()
    let path = try work("x.safetensors")
    try Parts().write(to: path)
    let dataset = try FeatureDataset.checkpoint(path, modalities: ["text", "image"])
    #expect(dataset.modalities.map(\.name) == ["text", "image"])
    #expect(throws: DatasetError.self) {
      try FeatureDataset.checkpoint(path, modalities: ["text", "sound"])
    }
  }

  func problem(_ change: (inout Parts) -> Void) throws -> CheckpointProblem? {
    let work = try Workdir()
    let path = try work("x.safetensors")
    var parts = Parts()
    change(&parts)
    try parts.write(to: path)
    let error = datasetError { _ = try FeatureDataset.checkpoint(path) }
    guard case .checkpoint(path, let problem) = error else { return nil }
    return problem
  }

  @Test func `are refused when the checkpoint is damaged, and it says where`() throws {
    let cases: [((inout Parts) -> Void, CheckpointProblem)] = [
      ({ $0.metadata["format"] = nil }, .otherFormat(nil, expected: "clear-checkpoint-1")),
      ({ $0.metadata["format"] = "2" }, .otherFormat("2", expected: "clear-checkpoint-1")),
      ({ $0.metadata["model"] = nil }, .missing(key: "model")),
      ({ $0.metadata["modalities"] = nil }, .noEmbeddings(model: "clear")),
      ({ $0.metadata["modalities"] = "image" }, .noEmbeddings(model: "clear")),
      (
        { $0.metadata["epoch"] = "-7" },
        .malformed(key: "epoch", value: "-7", expected: "a natural number")
      ),
      (
        { $0.metadata["strength"] = "nan" },
        .malformed(key: "strength", value: "nan", expected: "a number from 0 to 1")
      ),
      (
        { $0.metadata["metrics"] = "[]" },
        .malformed(
          key: "metrics", value: "[]", expected: "the JSON of validation and test metrics")
      ),
      (
        { $0.metadata["rank"] = "3" },
        .otherShape(tensor: "basis/image", shape: [4, 2], expected: [4, 3])
      ),
      (
        { $0.tensors["features.after/text"] = normalMatrix(9, 3, seed: 1) },
        .otherShape(tensor: "features.after/text", shape: [9, 3], expected: [9, 4])
      ),
      (
        { $0.tensors["basis/text"] = normalMatrix(4, 2, seed: 1) },
        .notOrthonormal(tensor: "basis/text")
      ),
      (
        { $0.tensors["basis/text"]?.elements[5] = .nan }, .notOrthonormal(tensor: "basis/text")
      ),
    ]
    for (change, expected) in cases {
      let found = try problem(change)
      #expect(found == expected)
      #expect(found?.description.contains("\n") == false)
    }
  }

  @Test func `need the tensors that the metadata speak of`() throws {
    let work = try Workdir()
    let path = try work("x.safetensors")
    var parts = Parts()
    parts.tensors["basis/image"] = nil
    try parts.write(to: path)
    #expect(throws: DatasetError.self) { try FeatureDataset.checkpoint(path) }
    #expect(
      throws: DatasetError.fileNotFound(path: "\(work.path)/none")
    ) { try FeatureDataset.checkpoint("\(work.path)/none") }
    #expect(
      throws: DatasetError.fileNotFound(path: "\(work.path)/best.safetensors")
    ) { try FeatureDataset.checkpoint(work.path) }
  }

  @Test func `take classes and interactions from a data set of as many items`() throws {
    let work = try Workdir()
    let path = try work("x.safetensors")
    try Parts().write(to: path)
    let dataset = try FeatureDataset.checkpoint(path)
    func other(_ items: Int) throws -> FeatureDataset {
      try FeatureDataset(
        name: "other",
        modalities: [
          .features(FeatureMatrix(name: "image", generated: normalMatrix(items, 3, seed: 4)))
        ],
        classes: ItemClasses(ids: [Int](repeating: 0, count: items), names: nil, description: "x"),
        digests: ["labels.npy": "aa"])
    }
    let known = try dataset.addingKnowledge(of: other(9))
    #expect(known.classes?.ids.count == 9 && known.digests["labels.npy"] == "aa")
    #expect(known.notes.contains { $0.contains("other") && $0.contains("tiny") })
    #expect(throws: DatasetError.self) { try dataset.addingKnowledge(of: other(8)) }
  }

  @Test func `lose the model's projection with the columns that it acts on`() throws {
    let work = try Workdir()
    let path = try work("x.safetensors")
    var parts = Parts()
    for tensor in ["features.before/image", "features.after/image"] {
      for row in 0..<9 { parts.tensors[tensor]?[row, 3] = 1 }
    }
    try parts.write(to: path)
    let dataset = try FeatureDataset.checkpoint(path).droppingConstantColumns()
    #expect(dataset.projection == nil && dataset.trained?.projection != nil)
    #expect(dataset.notes.contains { $0.contains("set aside") })
  }
}
