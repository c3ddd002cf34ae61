import Foundation
import Training

/// The metrics of a checkpoint, measured again.
struct EvaluationReport: Encodable {
  let model: String
  let dataset: String
  let seed: UInt64
  let epoch: Int
  /// What NDCG is divided by.
  let ndcg: String
  let valid: [String: Double]
  let test: [String: Double]
  /// Whether they are, to the last bit, what the checkpoint holds; nil if it holds none. NDCG
  /// counts only where it is normalised as in training.
  let equalsStored: Bool?
  /// The names of the metrics, in the order of the configuration.
  private let keys: [String]
  private let deviation: (metric: String, size: Double)?

  private enum CodingKeys: String, CodingKey {
    case model, dataset, seed, epoch, ndcg, valid, test, equalsStored
  }

  /// - Throws: ``EvaluationError``.
  init(_ restored: RestoredModel, normalization: GainNormalization) throws {
    let evaluation = try restored.evaluate(normalization: normalization)
    let header = restored.header
    model = header.model
    dataset = header.dataset
    seed = header.seed
    epoch = header.epoch
    ndcg = normalization.rawValue
    valid = evaluation.valid.averagesByName
    test = evaluation.test.averagesByName
    keys = evaluation.valid.keys.map(\.description)
    let parts = [("validation", valid, header.metrics?.valid), ("test", test, header.metrics?.test)]
    var deviation: (metric: String, size: Double)?
    for (name, measured, stored) in parts {
      for key in evaluation.valid.keys where normalization == .ideal || key.metric != .ndcg {
        guard let stored = stored?["\(key)"], let value = measured["\(key)"] else { continue }
        let size = abs(value - stored)
        if size > deviation?.size ?? 0 { deviation = ("\(name) \(key)", size) }
      }
    }
    self.deviation = deviation
    equalsStored = header.metrics == nil ? nil : deviation == nil
  }

  /// How the metrics differ from those in the checkpoint, in a sentence; nil if they do not.
  var difference: String? {
    deviation.map {
      "the metrics differ from those of training, most in \($0.metric), by \($0.size); another "
        + "processor may round otherwise, and a large difference means a damaged file"
    }
  }

  var table: String {
    var lines = [
      "\(model) on \(dataset), seed \(seed), epoch \(epoch)"
        + (equalsStored == true ? ", as in training" : ""),
      line("", "validation", "test"),
    ]
    for key in keys {
      lines.append(line(key, decimal(valid[key]), decimal(test[key])))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  private func line(_ name: String, _ valid: String, _ test: String) -> String {
    name.padding(toLength: 14, withPad: " ", startingAt: 0)
      + valid.padding(toLength: 12, withPad: " ", startingAt: 0) + test
  }

  private func decimal(_ value: Double?) -> String {
    value.map { String(format: "%.4f", $0) } ?? ""
  }
}
