import LinearAlgebra

/// The symmetric normalised adjacency matrix of users above items, in which every edge has the
/// value ((d_u + offset)·(d_i + offset))^(−1/2).
func plainAdjacency(
  users: Int, items: Int, _ edges: [(Int32, Int32)], offset: Double
) -> Plain {
  var links = Plain.zeros(users, items)
  for (user, item) in edges { links.rows[Int(user)][Int(item)] = 1 }
  let ofUsers = links.rows.map { $0.reduce(0, +) }
  let ofItems = links.transposed.rows.map { $0.reduce(0, +) }
  var result = Plain.zeros(users + items, users + items)
  for user in 0..<users {
    for item in 0..<items where links.rows[user][item] == 1 {
      let value = 1 / ((ofUsers[user] + offset) * (ofItems[item] + offset)).squareRoot()
      result.rows[user][users + item] = value
      result.rows[users + item][user] = value
    }
  }
  return result
}

/// w·L_first + (1 − w)·L_second, where row a of L has 1/k at the k items of largest cosine with a,
/// itself among the candidates and ties by lower index.
func plainItemGraph(_ features: [Plain], count k: Int, firstWeight: Double) -> Plain {
  let parts = features.map { features in
    let unit = features.rows.map { row in
      let norm = dot(row, row).squareRoot()
      return row.map { norm > 0 ? $0 / norm : 0 }
    }
    return Plain(
      unit.indices.map { a in
        let cosines = unit.map { dot(unit[a], $0) }
        let order = cosines.indices.sorted { (-cosines[$0], $0) < (-cosines[$1], $1) }
        var row = [Double](repeating: 0, count: unit.count)
        for item in order.prefix(k) { row[item] = 1 / Double(k) }
        return row
      })
  }
  return parts.count == 1 ? parts[0] : firstWeight * parts[0] + (1 - firstWeight) * parts[1]
}

/// [X, AX, …, AᴸX] added up.
func plainLayers(_ adjacency: Plain, _ x: Plain, _ layers: Int) -> Plain {
  var (sum, current) = (x, x)
  for _ in 0..<layers {
    current = adjacency * current
    sum = sum + current
  }
  return sum
}

/// I − λ·U·Uᵀ.
func plainProjection(_ basis: Plain, strength: Double) -> Plain {
  .identity(basis.rowCount) - strength * (basis * basis.transposed)
}
