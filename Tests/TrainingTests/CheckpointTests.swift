import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing
import Training

/// A checkpoint of a small model; what tests change is a parameter.
private func checkpoint(
  modalities: [String] = ["image", "text"], projection: CheckpointHeader.Projection? = nil,
  hasMoments: Bool = true, hasMeans: Bool = false
) throws -> Checkpoint {
  let user = Parameter("user_embedding", normalTable(7, 4, seed: 1))
  let weight = Parameter("encoder.weight", normalTable(4, 3, seed: 2))
  var result = Checkpoint(
    header: try CheckpointHeader(
      version: "0.1.0", model: "freedom", dataset: "demo", epoch: 12, seed: .max, digest: "00ff",
      config: "model: freedom\n# \"größe\"\n", modalities: modalities, projection: projection,
      metrics: .init(valid: ["recall@20": 0.1 + 0.2], test: ["recall@20": 1e-5]),
      stepCount: hasMoments ? 345 : nil, state: State(best: 0.0123, badEpochs: 3)),
    parameters: [:])
  for (index, parameter) in [user, weight].enumerated() {
    let (rows, columns) = (parameter.tensor.rowCount, parameter.tensor.columnCount)
    result.parameters[parameter.name] = .tensor(parameter.tensor)
    guard hasMoments else { continue }
    result.moments[parameter.name] = Checkpoint.Moments(
      first: .matrix(normalTable(rows, columns, seed: UInt64(10 + index))),
      second: .matrix(normalTable(rows, columns, seed: UInt64(20 + index))))
  }
  for (index, name) in modalities.enumerated() {
    result.modalities[name] = Checkpoint.Modality(
      before: normalTable(9, 4, seed: UInt64(30 + index)),
      after: normalTable(9, 4, seed: UInt64(40 + index)),
      projection: projection.map { projection in
        .init(
          matrix: normalTable(4, 4, seed: UInt64(50 + index)),
          basis: normalTable(4, projection.rank, seed: UInt64(60 + index)),
          mean: hasMeans ? normalTable(1, 4, seed: UInt64(70 + index)) : nil)
      })
  }
  return result
}

private struct State: Codable, Equatable {
  var best: Double
  var badEpochs: Int
}

/// A model that is nothing but its tables.
private final class Tables: Recommender {
  let parameters: [Parameter]
  let buffers: [Buffer]

  init(_ parameters: [Parameter], _ buffers: [Buffer] = []) {
    self.parameters = parameters
    self.buffers = buffers
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    Loss(total: parameters[0].tensor, terms: [])
  }

  func representations() -> Representations {
    Representations(users: parameters[0].tensor.matrix, items: parameters[0].tensor.matrix)
  }
}

/// The error that `body` throws, in words.
private func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return "\(error)"
  }
}

@Suite("Checkpoint")
struct CheckpointTests {
  @Test(
    arguments: [nil, CheckpointHeader.Projection(rank: 2, strength: 0.9)], [false, true])
  func `comes back as it was written`(
    projection: CheckpointHeader.Projection?, hasMeans: Bool
  ) throws {
    let folder = try ScratchFolder()
    let path = folder("last.safetensors")
    let written = try checkpoint(projection: projection, hasMeans: hasMeans)
    try written.write(to: path)
    let read = try Checkpoint.read(from: path)
    #expect(read.header == written.header)
    #expect(try Checkpoint.header(at: path) == written.header)
    #expect(try read.header.state(as: State.self, path: path) == State(best: 0.0123, badEpochs: 3))
    #expect(read.parameters.mapValues(\.matrix) == written.parameters.mapValues(\.matrix))
    #expect(read.moments.mapValues(\.first.matrix) == written.moments.mapValues(\.first.matrix))
    #expect(read.moments.mapValues(\.second.matrix) == written.moments.mapValues(\.second.matrix))
    #expect(read.modalities.keys.sorted() == ["image", "text"])
    for (name, modality) in written.modalities {
      let found = try #require(read.modalities[name])
      #expect(found.before == modality.before && found.after == modality.after)
      #expect(found.projection?.matrix == modality.projection?.matrix)
      #expect(found.projection?.basis == modality.projection?.basis)
      #expect(found.projection?.mean == modality.projection?.mean)
      #expect((found.projection?.mean != nil) == (hasMeans && projection != nil))
    }
    #expect(try folder.files() == ["last.safetensors"])
  }

  @Test func `may project one modality alone, or have none`() throws {
    let folder = try ScratchFolder()
    let path = folder("x.safetensors")
    var one = try checkpoint(projection: .init(rank: 2, strength: 1))
    let image = try #require(one.modalities["image"])
    one.modalities["image"] = .init(before: image.before, after: image.after, projection: nil)
    try one.write(to: path)
    let read = try Checkpoint.read(from: path).modalities
    #expect(read["image"]?.projection == nil && read["text"]?.projection != nil)
    try checkpoint(modalities: [], hasMoments: false).write(to: path)
    let plain = try Checkpoint.read(from: path)
    #expect(plain.modalities.isEmpty && plain.moments.isEmpty && plain.header.modalities.isEmpty)
  }

  @Test func `is laid out as other readers of the format expect`() throws {
    let folder = try ScratchFolder()
    let path = folder("x.safetensors")
    try checkpoint(projection: .init(rank: 2, strength: 0.9)).write(to: path)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let length = bytes[..<8].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    #expect((8 + length) % 64 == 0)
    let header = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any])
    let metadata = try #require(header["__metadata__"] as? [String: String])
    #expect(metadata["format"] == "clear-checkpoint-1")
    #expect(metadata["modalities"] == "image,text")
    #expect(metadata["rank"] == "2" && metadata["strength"] == "0.9")
    var places: [Range<Int>] = []
    for (name, entry) in header where name != "__metadata__" {
      let entry = try #require(entry as? [String: Any])
      let shape = try #require(entry["shape"] as? [Int])
      let offsets = try #require(entry["data_offsets"] as? [Int])
      #expect(entry["dtype"] as? String == "F32")
      #expect(offsets[1] - offsets[0] == 4 * shape.reduce(1, *), "\(name)")
      places.append(offsets[0]..<offsets[1])
    }
    places.sort { $0.lowerBound < $1.lowerBound }
    #expect(places.first?.lowerBound == 0 && places.last?.upperBound == bytes.count - 8 - length)
    for (place, next) in zip(places, places.dropFirst()) {
      #expect(place.upperBound == next.lowerBound)
    }
    #expect(
      header.keys.filter { $0 != "__metadata__" }.sorted() == [
        "adam.first/encoder.weight", "adam.first/user_embedding", "adam.second/encoder.weight",
        "adam.second/user_embedding", "basis/image", "basis/text", "features.after/image",
        "features.after/text", "features.before/image", "features.before/text",
        "parameter/encoder.weight", "parameter/user_embedding", "projection/image",
        "projection/text",
      ])
  }

  @Test func `gives its values to the model's parameters`() throws {
    let written = try checkpoint(modalities: [])
    let user = Parameter("user_embedding", Matrix(rowCount: 7, columnCount: 4))
    let weight = Parameter("encoder.weight", Matrix(rowCount: 4, columnCount: 3))
    try written.restore(Tables([user, weight]), path: "x")
    #expect(user.tensor.matrix == normalTable(7, 4, seed: 1))
    #expect(weight.tensor.matrix == normalTable(4, 3, seed: 2))
  }

  @Test func `gives nothing to a model that is not its own`() throws {
    let written = try checkpoint(modalities: [])
    let zero = Matrix<Float>(rowCount: 7, columnCount: 4)
    let user = Parameter("user_embedding", zero)
    #expect(
      throws: CheckpointError.surplusTensor(path: "x", tensor: "parameter/encoder.weight")
    ) { try written.restore(Tables([user]), path: "x") }
    let wide = Parameter("encoder.weight", Matrix(rowCount: 5, columnCount: 3))
    #expect(
      throws: CheckpointError.wrongShape(
        path: "x", tensor: "parameter/encoder.weight", found: [4, 3], expected: [5, 3])
    ) { try written.restore(Tables([user, wide]), path: "x") }
    let other = Parameter("item_embedding", zero)
    #expect(throws: CheckpointError.missingTensor(path: "x", tensor: "parameter/item_embedding")) {
      try written.restore(Tables([user, other]), path: "x")
    }
    #expect(user.tensor.matrix == zero)
  }

  @Test func `brings back what a model keeps beside its parameters`() throws {
    let folder = try ScratchFolder()
    let path = folder("x.safetensors")
    let kept = Tensor(constant: normalTable(3, 2, seed: 8))
    var written = try checkpoint(modalities: [])
    written.buffers = ["stale.items": .tensor(kept)]
    try written.write(to: path)
    let read = try Checkpoint.read(from: path)
    let tables = ["user_embedding", "encoder.weight"].map {
      Parameter($0, Matrix(rowCount: $0.hasPrefix("u") ? 7 : 4, columnCount: $0.hasPrefix("u") ? 4 : 3))
    }
    let fresh = Tensor(constant: Matrix(rowCount: 3, columnCount: 2))
    try read.restore(Tables(tables, [Buffer("stale.items", fresh)]), path: path)
    #expect(fresh.matrix == kept.matrix)
    #expect(throws: CheckpointError.surplusTensor(path: "x", tensor: "buffer/stale.items")) {
      try read.restore(Tables(tables), path: "x")
    }
    #expect(throws: CheckpointError.missingTensor(path: "x", tensor: "buffer/other")) {
      try read.restore(Tables(tables, [Buffer("other", fresh)]), path: "x")
    }
  }

  @Test func `of another model or other data says which`() throws {
    let written = try checkpoint()
    try written.requireOrigin(model: "freedom", dataset: "demo", digest: "00ff", path: "x")
    for (model, dataset, digest, words) in [
      ("vbpr", "demo", "00ff", ["freedom", "vbpr"]),
      ("freedom", "baby", "00ff", ["demo", "baby"]),
      ("freedom", "demo", "abcd", ["demo", "00ff", "abcd", "--data-dir"]),
    ] {
      let said = sentence {
        try written.requireOrigin(model: model, dataset: dataset, digest: digest, path: "run/x")
      }
      for word in words + ["run/x"] { #expect(said.contains(word), "\(word) in: \(said)") }
    }
  }

  @Test func `keeps the old file when the new one cannot be encoded`() throws {
    let folder = try ScratchFolder()
    let path = folder("last.safetensors")
    try checkpoint().write(to: path)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    var broken = try checkpoint()
    broken.header = try CheckpointHeader(
      version: "0.1.0", model: "m", dataset: "d", epoch: 1, seed: 1, digest: "", config: "",
      modalities: [], projection: nil, metrics: .init(valid: ["recall@20": .nan], test: [:]),
      stepCount: nil, state: [Int]())
    #expect(throws: EncodingError.self) { try broken.write(to: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(throws: DatasetError.self) { try checkpoint().write(to: folder("no/x.safetensors")) }
  }
}

@Suite("Damaged checkpoint")
struct DamagedCheckpointTests {
  /// The metadata of a sound checkpoint.
  let metadata = [
    "format": "clear-checkpoint-1", "version": "0.1.0", "model": "m", "dataset": "d",
    "epoch": "3", "seed": "1", "digest": "00", "config": "model: m", "modalities": "",
    "state": "{}",
  ]

  func error(
    _ change: [String: String?], tensors: [String: Matrix<Float>] = [:]
  ) throws -> CheckpointError? {
    let folder = try ScratchFolder()
    var metadata = metadata
    for (key, value) in change { metadata[key] = value }
    let table = ["parameter/a": normalTable(2, 2, seed: 1)]
    try SafetensorsFile.write(
      table.merging(tensors) { $1 }, metadata: metadata, to: folder("x.safetensors"))
    do {
      _ = try Checkpoint.read(from: folder("x.safetensors"))
      return nil
    } catch {
      #expect("\(error)".contains("x.safetensors") && !"\(error)".contains("\n"))
      return error as? CheckpointError
    }
  }

  @Test func `is refused for every fact that is missing`() throws {
    #expect(try error([:]) == nil)
    for key in metadata.keys {
      let found = try error([key: nil])
      if key == "format" {
        guard case .notCheckpoint = found else { Issue.record("\(key)"); continue }
      } else {
        guard case .metadata(_, key, nil, _) = found else { Issue.record("\(key)"); continue }
      }
    }
  }

  @Test(arguments: [
    ("epoch", "-1"), ("epoch", "x"), ("seed", "-1"), ("seed", "99999999999999999999"),
    ("rank", "2"), ("strength", "0.5"), ("metrics", "[]"), ("metrics", "{"), ("adam.step", "1.5"),
  ])
  func `is refused for facts that cannot be`(key: String, value: String) throws {
    guard case .metadata = try error([key: value]) else {
      Issue.record("\(key) \(value)")
      return
    }
  }

  @Test func `is refused for a strength or rank out of range`() throws {
    for (rank, strength) in [("0", "0.5"), ("2", "1.5"), ("2", "nan"), ("2", "-0.1")] {
      guard case .metadata = try error(["rank": rank, "strength": strength]) else {
        Issue.record("\(rank) \(strength)")
        continue
      }
    }
  }

  @Test func `of another format is told from no checkpoint at all`() throws {
    guard case .otherFormat(_, "clear-checkpoint-9", "clear-checkpoint-1") =
      try error(["format": "clear-checkpoint-9"])
    else {
      Issue.record("another version")
      return
    }
    guard case .notCheckpoint = try error(["format": "pt"]) else {
      Issue.record("another format")
      return
    }
  }

  @Test func `names the tensor that does not fit`() throws {
    let features = [
      "features.before/image": normalTable(5, 3, seed: 1),
      "features.after/image": normalTable(5, 3, seed: 2),
      "projection/image": normalTable(3, 3, seed: 3), "basis/image": normalTable(3, 2, seed: 4),
      "mean/image": normalTable(1, 3, seed: 5),
    ]
    let facts = ["modalities": "image", "rank": "2", "strength": "0.9"] as [String: String?]
    #expect(try error(facts, tensors: features) == nil)
    for (name, shape) in [
      ("features.after/image", [5, 4]), ("features.after/image", [4, 3]),
      ("projection/image", [3, 2]), ("basis/image", [3, 3]), ("mean/image", [1, 4]),
      ("mean/image", [2, 3]),
    ] {
      let wrong = normalTable(shape[0], shape[1], seed: 9)
      guard case .wrongShape(_, name, shape, _) =
        try error(facts, tensors: features.merging([name: wrong]) { $1 })
      else {
        Issue.record("\(name) \(shape)")
        continue
      }
    }
    for name in features.keys where name != "mean/image" {
      let others = features.filter { $0.key != name }
      guard case .missingTensor(_, name) = try error(facts, tensors: others) else {
        Issue.record("\(name)")
        continue
      }
    }
    var broken = normalTable(5, 3, seed: 1)
    broken[4, 1] = .nan
    guard case .nonFinite(_, "features.before/image", 4, 1) =
      try error(facts, tensors: features.merging(["features.before/image": broken]) { $1 })
    else {
      Issue.record("not finite")
      return
    }
  }

  @Test func `with half of the optimizer's state points to the file that has it whole`() throws {
    let half = ["adam.first/a": normalTable(2, 2, seed: 2)]
    let found = try #require(try error(["adam.step": "3"], tensors: half))
    guard case .missingTensor(_, "adam.second/a") = found else {
      Issue.record("\(found)")
      return
    }
    #expect("\(found)".contains("last.safetensors"))
  }

  @Test func `cut off or changed anywhere is an error, never a trap`() throws {
    let folder = try ScratchFolder()
    let path = folder("x.safetensors")
    try checkpoint(projection: .init(rank: 2, strength: 0.9)).write(to: path)
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    for length in stride(from: 0, to: whole.count, by: 7) {
      try Data(whole[..<length]).write(to: URL(fileURLWithPath: path))
      #expect(throws: DatasetError.self) { try Checkpoint.read(from: path) }
    }
    var refused = 0
    for seed in 0..<400 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var bytes = whole
      for _ in 0...generator.index(below: 3) {
        bytes[8 + generator.index(below: 1200)] = UInt8(32 + generator.index(below: 95))
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do { _ = try Checkpoint.read(from: path) } catch { refused += 1 }
    }
    #expect(refused > 200)
  }
}
