import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// The cosine neighbours of some items after any low-rank map, from one set of inner products.
///
/// With u = Bᵀx̄, v = Aᵀx̄ and G = AᵀA for a centred item x̄ = x − μ,
///
///     x̄'·ȳ' = x̄·ȳ − λ·vₓ·u_y − λ·uₓ·v_y + λ²·uₓᵀ·G·u_y,
///     x'·y'  = x̄'·ȳ' + μ'·x̄' + μ'·ȳ' + ‖μ'‖²,  μ' = μ − λ·A·Bᵀμ
///
/// so that each map costs products of rank 2k, for an orthogonal one k. Inner products of centred
/// items are in single precision, what the mean contributes is in double: a large mean takes no
/// digits from the order of the neighbours.
package struct DampedNeighbors: Sendable {
  /// Items whose neighbours are searched, ascending.
  package let anchors: [Int]
  /// Neighbours of each.
  package let listLength: Int
  private let mean: [Double]
  /// x̄·ȳ of every anchor and item, anchors × n.
  private let products: Matrix<Float>
  /// ‖x̄‖² and x̄·μ of every item.
  private let energies: [Double]
  private let meanProducts: [Double]
  private let representatives: [Int32]

  /// - Parameters:
  ///   - features: n × d.
  ///   - mean: Their column means.
  /// - Throws: ``NeighborError``.
  /// - Complexity: 2·m·n·d operations for m anchors, O(m·n) memory.
  package init(
    _ features: Matrix<Float>, mean: [Double], anchors: [Int], listLength: Int
  ) throws(NeighborError) {
    let n = features.rowCount
    guard listLength >= 1, listLength < n else {
      throw .countOutOfRange(count: listLength, items: n)
    }
    if let outside = anchors.first(where: { $0 < 0 || $0 >= n }) {
      throw .anchorOutOfRange(anchor: outside, items: n)
    }
    energies = centeredRowEnergies(features, center: mean)
    if let row = energies.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(row: row) }
    let center = Matrix(rowCount: mean.count, columnCount: 1, elements: mean)
    let meanEnergy = center.squaredFrobeniusNorm
    meanProducts = coordinates(of: features, in: center).elements.map { $0 - meanEnergy }
    // Copies of an item must tie exactly, which products of different tiles need not.
    representatives = DuplicateRows(features).representatives
    products = centeredProduct(
      features, mean: mean, features.rows(anchors).minus(mean).transposed()
    ).transposed()
    self.anchors = anchors
    self.listLength = listLength
    self.mean = mean
  }

  /// The nearest other items of every anchor after `map`, ties by lower index.
  ///
  /// An item of which less than a millionth of its energy is left counts as zero: its cosines are
  /// 0.
  ///
  /// - Parameter readings: u of every item, for an oblique map followed by v, n × k or n × 2k.
  /// - Complexity: 4·m·n·k operations, in parallel over anchors.
  package func lists(after map: LowRankMap, readings: Matrix<Float>) -> NeighborLists {
    let terms = PairTerms(map, readings: readings, mean: mean)
    let n = energies.count
    let left = terms.left
    let right = terms.right
    let offsets = (0..<n).map { meanProducts[$0] + terms.meanChanges[$0] }
    let meanEnergy = terms.meanEnergy
    let plainMeanEnergy = mean.reduce(0) { $0 + $1 * $1 }
    let inverseNorms = (0..<n).map { item -> Double in
      let change = zip(left.row(item), right.row(item)).reduce(0.0) {
        $0 + Double($1.0) * Double($1.1)
      }
      let before = energies[item] + 2 * meanProducts[item] + plainMeanEnergy
      let after = energies[item] + change + 2 * offsets[item] + meanEnergy
      // What rounding leaves of an item that is gone: of its own part in single precision, of the
      // mean's in double.
      let noise = 1e-6 * energies[item] + 1e-12 * before
      return after > noise ? 1 / after.squareRoot() : 0
    }
    var indices = [Int32](repeating: 0, count: anchors.count * listLength)
    var scores = [Float](repeating: 0, count: indices.count)
    let grid = BlockGrid(count: anchors.count, size: 16)
    let anchorLeft = left.rows(anchors)
    indices.withUnsafeMutableBufferPointer { indices in
      scores.withUnsafeMutableBufferPointer { scores in
        guard !indices.isEmpty else { return }
        let out = (indices: SharedBuffer(indices), scores: SharedBuffer(scores))
        Parallel.forEach(grid.blockCount) { block in
          let rows = grid.range(block)
          var part = Array(products.elements[rows.lowerBound * n..<rows.upperBound * n])
          addProducts(anchorLeft, rows: rows, right, to: &part)
          for row in rows {
            let anchor = anchors[row]
            let start = (row - rows.lowerBound) * n
            var best = NearestItems(count: listLength)
            for item in 0..<n where item != anchor {
              let source = Int(representatives[item])
              let score =
                (Double(part[start + source]) + offsets[anchor] + offsets[source] + meanEnergy)
                * inverseNorms[source]
              best.offer(item, score * inverseNorms[anchor])
            }
            for place in 0..<listLength {
              out.indices.base[row * listLength + place] = Int32(best.items[place])
              out.scores.base[row * listLength + place] =
                Float(min(max(best.scores[place], -1), 1))
            }
          }
        }
      }
    }
    return NeighborLists(
      anchors: anchors, width: listLength, indices: indices, scores: scores)
  }
}

/// What a map adds to the inner products of items: left·rightᵀ for the centred parts, and the
/// change of μ·x̄.
private struct PairTerms {
  let left: Matrix<Float>
  let right: Matrix<Float>
  let meanChanges: [Double]
  let meanEnergy: Double

  init(_ map: LowRankMap, readings: Matrix<Float>, mean: [Double]) {
    let k = map.rank
    let strength = map.strength
    let center = Matrix(rowCount: mean.count, columnCount: 1, elements: mean)
    let read = product(map.b, .transposed, center, .none)
    let shift = product(map.a, read)
    let moved = zip(mean, shift.elements).map { $0 - strength * $1 }
    meanEnergy = moved.reduce(0) { $0 + $1 * $1 }
    let written = product(
      map.a, .transposed, Matrix(rowCount: moved.count, columnCount: 1, elements: moved), .none)
    // Where v = u the columns of v are those of u.
    let second = map.isOrthogonal ? 0 : k
    meanChanges = (0..<readings.rowCount).map { item in
      let row = readings.row(item)
      var sum = 0.0
      for i in 0..<k {
        sum += Double(row[row.startIndex + i]) * written.elements[i]
        sum += Double(row[row.startIndex + second + i]) * read.elements[i]
      }
      return -strength * sum
    }
    left = readings
    var right = readings
    if map.isOrthogonal {
      let factor = Float(strength * strength - 2 * strength)
      for index in right.elements.indices { right.elements[index] *= factor }
    } else {
      let gram = product(map.a, .transposed, map.a, .none)
      for item in 0..<readings.rowCount {
        let row = readings.row(item).map(Double.init)
        for i in 0..<k {
          var sum = 0.0
          for j in 0..<k { sum += gram[i, j] * row[j] }
          right[item, i] = Float(strength * strength * sum - strength * row[k + i])
          right[item, k + i] = Float(-strength * row[i])
        }
      }
    }
    self.right = right
  }
}

/// Adds left·rightᵀ for some rows of `left` to `part`, which holds as many rows.
private func addProducts(
  _ left: Matrix<Float>, rows: Range<Int>, _ right: Matrix<Float>, to part: inout [Float]
) {
  let width = left.columnCount
  guard width > 0 else { return }
  left.elements.withUnsafeBufferPointer { left in
    right.elements.withUnsafeBufferPointer { right in
      part.withUnsafeMutableBufferPointer { part in
        DenseKernels.gemm(
          .init(base: left.baseAddress! + rows.lowerBound * width, stride: width),
          .init(base: right.baseAddress!, stride: width, transposition: .transposed),
          .init(
            base: part.baseAddress!, stride: right.count / width, rows: rows.count,
            columns: right.count / width, inner: width, accumulates: true))
      }
    }
  }
}

/// The largest scores seen so far, earlier items first among equals.
private struct NearestItems {
  private(set) var items: [Int]
  private(set) var scores: [Double]

  init(count: Int) {
    items = [Int](repeating: 0, count: count)
    scores = [Double](repeating: -.infinity, count: count)
  }

  mutating func offer(_ item: Int, _ score: Double) {
    var place = scores.count - 1
    guard score > scores[place] else { return }
    while place > 0, score > scores[place - 1] {
      scores[place] = scores[place - 1]
      items[place] = items[place - 1]
      place -= 1
    }
    scores[place] = score
    items[place] = item
  }
}
