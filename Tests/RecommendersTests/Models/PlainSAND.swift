import Foundation

/// SAND by its definition, one layer after the other, on the backbone of CLEAR's reference.
struct PlainSAND: PlainModel {
  let backbone: PlainCLEAR
  var weights = (contrast: 0.0, distance: 0.0)
  var temperature = 0.2
  /// μ and ℓ of the bound's network, whose parameters are constants here; nil for squared
  /// distances.
  var bound: PlainBound?
  /// π of each modality.
  var orders: [String: [Int32]] = [:]

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    var loss = on(p).loss(p, triples)
    if weights.contrast > 0 { loss += weights.contrast * contrast(p) }
    if weights.distance > 0 { loss += weights.distance * distance(p) }
    return loss
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    on(p).representations(p)
  }

  private func on(_ p: [String: Plain]) -> PlainCLEAR {
    var result = backbone
    for name in backbone.names { result.features[name] = separated(p, name) }
    return result
  }

  /// S.
  func separated(_ p: [String: Plain], _ name: String) -> Plain {
    linear(backbone.features[name]!, p, "\(name).separation")
  }

  /// S^g and S^u.
  private func cut(_ p: [String: Plain], _ name: String) -> (generic: Plain, unique: Plain) {
    let s = separated(p, name)
    let half = s.columnCount / 2
    return (s.columns(0..<half), s.columns(half..<s.columnCount))
  }

  private func linear(_ x: Plain, _ p: [String: Plain], _ layer: String) -> Plain {
    (x * p["\(layer).weight"]!.transposed).adding(p["\(layer).bias"]!.rows[0])
  }

  /// z.
  func head(_ p: [String: Plain], _ name: String) -> Plain {
    var x = cut(p, name).generic
    for layer in 1...2 {
      x = linear(x, p, "\(name).head.layer\(layer)").centred
      let norm = "\(name).head.norm\(layer)"
      let deviations = x.transposed.rows.map {
        (dot($0, $0) / Double(x.rowCount) + 1e-5).squareRoot()
      }
      x = Plain(
        x.rows.map { row in
          row.indices.map {
            max(
              0,
              row[$0] / deviations[$0] * p["\(norm).scale"]!.rows[0][$0]
                + p["\(norm).shift"]!.rows[0][$0])
          }
        })
    }
    return linear(x, p, "\(name).head.layer3").normalizedRows
  }

  func contrast(_ p: [String: Plain]) -> Double {
    plainContrast(head(p, "text"), head(p, "image"), temperature: temperature)
  }

  /// a and b.
  func halves(_ p: [String: Plain], _ name: String) -> (generic: Plain, unique: Plain) {
    let (generic, unique) = cut(p, name)
    return (linear(generic, p, "\(name).generic"), linear(unique, p, "\(name).unique"))
  }

  func distance(_ p: [String: Plain]) -> Double {
    plainMean(
      backbone.names.map { name in
        let (a, b) = halves(p, name)
        guard let bound else { return -(a.normalizedRows - b.normalizedRows).meanSquare }
        return bound(a, b, order: orders[name]!)
      })
  }
}

/// vCLUB by its definition.
struct PlainBound {
  /// Of the network, without the prefix.
  let parameters: [String: Plain]

  func logLikelihoods(_ x: Plain, _ y: Plain) -> [Double] {
    let (mean, logVariance) = (perceptron(x, "mean"), perceptron(x, "log_variance").mapped(tanh))
    return y.rows.indices.map { row in
      y.rows[row].indices.reduce(0) { sum, column in
        let (gap, l) = (
          mean.rows[row][column] - y.rows[row][column], logVariance.rows[row][column]
        )
        return sum - gap * gap / (2 * exp(l)) - l / 2
      }
    }
  }

  func callAsFunction(_ x: Plain, _ y: Plain, order: [Int32]) -> Double {
    let (positive, negative) = (logLikelihoods(x, y), logLikelihoods(x, y.gathered(order)))
    return max(0, 0.5 * (plainMean(positive) - plainMean(negative)))
  }

  func fittingLoss(_ x: Plain, _ y: Plain) -> Double { -plainMean(logLikelihoods(x, y)) }

  private func perceptron(_ x: Plain, _ name: String) -> Plain {
    func layer(_ x: Plain, _ part: String) -> Plain {
      (x * parameters["\(name).\(part).weight"]!.transposed)
        .adding(parameters["\(name).\(part).bias"]!.rows[0])
    }
    return layer(layer(x, "hidden").mapped { max($0, 0) }, "output")
  }
}
