import Foundation

/// The critic by its definition, with the dropout masks of its passes given.
struct PlainCritic {
  /// By the parameters' names.
  var tables: [String: Plain]

  /// ⟨D⟩ of every row; the masks multiply the two hidden layers.
  func scores(_ x: Plain, masks: (Plain, Plain)) -> [Double] {
    let first = Self.normalized(x * tables["critic.first"]!, table("first.scale"), table("first.shift"))
    let hidden = Self.times(first, masks.0)
    let second = Self.normalized(
      hidden * tables["critic.second"]!.transposed, table("second.scale"), table("second.shift"))
    let last = Self.times(second, masks.1) * tables["critic.third"]!.transposed
    return last.rows.map { 100 * logistic($0[0] + table("third.bias")[0]) }
  }

  /// mean D(fake) − mean D(real) + weight·mean (‖∂ΣD(x̂)/∂x̂‖ − 1)², the gradient by differences.
  func loss(
    real: Plain, fake: Plain, shares: [Double], weight: Double,
    masks: [String: (Plain, Plain)]
  ) -> Double {
    let distance =
      plainMean(scores(fake, masks: masks["fake"]!)) - plainMean(scores(real, masks: masks["real"]!))
    let mixed = Plain(
      zip(shares, zip(real.rows, fake.rows)).map { share, rows in
        zip(rows.0, rows.1).map { share * $0 + (1 - share) * $1 }
      })
    let gradient = inputGradient(mixed, masks: masks["mixed"]!)
    let excess = gradient.rows.map { (dot($0, $0).squareRoot() - 1) * (dot($0, $0).squareRoot() - 1) }
    return distance + weight * plainMean(excess)
  }

  /// ∂ΣD/∂x by differences of fourth order.
  func inputGradient(_ x: Plain, masks: (Plain, Plain)) -> Plain {
    let h = 1e-3
    var result = x
    for row in 0..<x.rowCount {
      for column in 0..<x.columnCount {
        func sum(_ steps: Double) -> Double {
          var moved = x
          moved.rows[row][column] += steps * h
          return scores(moved, masks: masks).reduce(0, +)
        }
        result.rows[row][column] = (8 * (sum(1) - sum(-1)) - (sum(2) - sum(-2))) / (12 * h)
      }
    }
    return result
  }

  private func table(_ name: String) -> [Double] { tables["critic.\(name)"]!.rows[0] }

  private static func times(_ a: Plain, _ b: Plain) -> Plain {
    Plain(zip(a.rows, b.rows).map { zip($0, $1).map(*) })
  }

  private static func normalized(_ x: Plain, _ scale: [Double], _ shift: [Double]) -> Plain {
    let centred = x.centred
    let inverse = centred.transposed.rows.map {
      1 / (dot($0, $0) / Double(x.rowCount) + 1e-5).squareRoot()
    }
    return Plain(
      centred.rows.map { row in
        row.indices.map { scale[$0] * row[$0] * inverse[$0] + shift[$0] }
      })
  }
}
