import Foundation

/// What several definitions of models share, as plain as they are.

/// x·Wᵀ + b for the parameters named `name`.
func plainLinear(_ x: Plain, _ p: [String: Plain], _ name: String) -> Plain {
  let y = x * p["\(name).weight"]!.transposed
  return p["\(name).bias"].map { y.adding($0.rows[0]) } ?? y
}

/// a ⊙ b.
func plainProduct(_ a: Plain, _ b: Plain) -> Plain {
  Plain(zip(a.rows, b.rows).map { zip($0, $1).map(*) })
}

/// Every row times the number of the same place.
func plainScaledRows(_ x: Plain, _ scales: [Double]) -> Plain {
  Plain(zip(x.rows, scales).map { row, scale in row.map { scale * $0 } })
}

/// The softmax of every row.
func plainSoftmax(_ x: Plain) -> Plain {
  Plain(
    x.rows.map { row in
      let exponentials = row.map { exp($0 - row.max()!) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    })
}

/// The k largest cosines of every row, the row's own among the candidates, and zeros.
func plainNearest(_ features: Plain, count: Int) -> Plain {
  let unit = features.normalizedRows
  let kept = plainItemGraph([features], count: count, firstWeight: 1).mapped { $0 > 0 ? 1 : 0 }
  return plainProduct(kept, unit * unit.transposed)
}

/// D^(−1/2)·M·D^(−1/2) with the row sums D of M on both sides.
func plainLaplacian(_ matrix: Plain) -> Plain {
  let sums = matrix.rows.map { $0.reduce(0, +) }
  return Plain(
    matrix.rows.enumerated().map { a, row in
      row.enumerated().map { b, value in value / (sums[a] * sums[b]).squareRoot() }
    })
}

/// −ln( exp(⟨aᵣ, bᵣ⟩/τ) / Σ_c exp(⟨aᵣ, c⟩/τ) ) of every row r, after normalising all rows.
func plainContrasts(
  _ anchors: Plain, _ positives: Plain, candidates: Plain, temperature: Double
) -> [Double] {
  let (a, b, c) = (
    anchors.normalizedRows, positives.normalizedRows, candidates.normalizedRows
  )
  return zip(a.rows, b.rows).map { anchor, positive in
    let sum = c.rows.reduce(0) { $0 + exp(dot(anchor, $1) / temperature) }
    return log(sum) - dot(anchor, positive) / temperature
  }
}

/// (‖U_B‖² + ‖I_B⁺‖² + ‖I_B⁻‖²)/2.
func plainBatchSquares(users: Plain, items: Plain, _ triples: Triples) -> Double {
  let parts = [
    users.gathered(triples.users), items.gathered(triples.positives),
    items.gathered(triples.negatives),
  ]
  return parts.reduce(0) { $0 + $1.norm * $1.norm } / 2
}
