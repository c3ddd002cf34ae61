import Datasets
import Foundation
import LinearAlgebra
import Redundancy

/// A run folder as a training leaves it.
struct RunFolder {
  var model = "clear"
  var dataset = "tiny"
  var items = 120
  var seed: UInt64 = 3
  /// Rank and strength, or nil for a model without projection.
  var projection: (rank: Int, strength: Double)? = (2, 0.5)
  var modalities = ["image", "text"]
  var digest = "00ff"

  /// The embeddings of ``modalities``, with two shared directions.
  var embeddings: [Matrix<Float>] {
    let world = World.sharedFactor(
      rank: 2, strength: 4, items: items, firstWidth: 8, secondWidth: 8, seed: seed)
    return [world.first, world.second]
  }

  /// Writes the best checkpoint into `folder` of `directory`.
  func writeCheckpoint(_ folder: String, in directory: Workdir) throws {
    var tensors = ["parameter/user": Matrix<Float>(rowCount: 4, columnCount: 8)]
    var metadata = [
      "format": "clear-checkpoint-1", "version": "0.1.0", "model": model, "dataset": dataset,
      "epoch": "7", "seed": "998", "digest": digest, "config": "model: \(model)\n",
      "modalities": modalities.joined(separator: ","),
      "metrics": #"{"valid":{"recall@20":0.125},"test":{"recall@20":0.375}}"#, "state": "{}",
    ]
    // A projection of the epoch before: near what a refresh would find.
    let older = RunFolder(items: items, seed: seed + 1).embeddings
    let fitted = try projection.map {
      try NullSpaceProjection(modalities: older, rank: $0.rank, strength: $0.strength)
    }
    for (place, name) in modalities.enumerated() {
      let before = embeddings[place]
      tensors["features.before/\(name)"] = before
      tensors["features.after/\(name)"] = fitted?.apply(before, modality: place) ?? before
      if let fitted { tensors["basis/\(name)"] = Matrix<Float>(fitted.bases[place]) }
    }
    if let projection {
      metadata["rank"] = String(projection.rank)
      metadata["strength"] = String(projection.strength)
    }
    try directory.write("", to: "\(folder)/log.txt")
    try SafetensorsFile.write(
      tensors, metadata: metadata, to: directory.path("\(folder)/best.safetensors"))
  }

  /// Writes configuration and metrics of `epochs` epochs into `folder` of `directory`.
  func writeHistory(
    _ folder: String, in directory: Workdir, epochs: Int = 5, growth: Double = 1,
    ending: String = ""
  ) throws {
    try directory.write(
      "model: \(model)\ndataset: \(dataset)\nseed: \(seed)\n", to: "\(folder)/config.yaml")
    let strength = projection?.strength ?? 0
    let lines = (1...epochs).map { epoch in
      let values = [4 * growth, 2 * growth, 1, 0.5]
      let damping = (1 - strength) * (1 - strength)
      let after = [damping * values[0], damping * values[1], 1, 0.5].sorted(by: >)
      let angles = epoch == 1 ? "" : #""angles":[\#(90 / epoch),\#(60 / epoch)],"#
      return """
        {"epoch":\(epoch),"improved":\(epoch < epochs),"learningRate":0.001,\
        "losses":{"total":40.1},"redundancy":{\(angles)"effectiveRankAfter":3.5,\
        "effectiveRankBefore":\(2 + 0.1 * Double(epoch)),"energyOfTopAfter":0.2,\
        "energyOfTopBefore":0.9,"overlapAfter":0.1,"overlapBefore":0.2,"overlapRandom":0.0025,\
        "rank":2,"singularValuesAfter":\(after),"singularValuesBefore":\(values),\
        "slicedWassersteinAfter":0.3,"slicedWassersteinBefore":0.25,"strength":\(strength)},\
        "seconds":{"training":0.5},"test":{"recall@20":0.1\(epoch)},\
        "valid":{"recall@20":0.12\(epoch)}}

        """
    }
    try directory.write(lines.joined() + ending, to: "\(folder)/metrics.jsonl")
  }
}
