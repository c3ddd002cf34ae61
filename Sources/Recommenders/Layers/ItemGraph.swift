import Autodiff
import Datasets
import LinearAlgebra
import Neighbors

/// The item graph: the nearest neighbours of each item in each modality.
///
/// Neighbours are those of largest cosine, the item itself among the candidates, ties by lower
/// index; links are directed. An item of zero features has cosine 0 with all.
///
/// - Reference: [ZS23], Section 3.1.
package enum ItemGraph {
  /// The frozen graph of all modalities, with unweighted links:
  ///
  ///     S = w·L_first + (1 − w)·L_others,  L[a, b] = 1/k for the k nearest b of a
  ///
  /// - Parameters:
  ///   - count: Neighbours k, the item itself included.
  ///   - firstWeight: Weight w of the first modality, in 0...1; the others share the rest. Without
  ///     effect where there is one modality only.
  /// - Throws: ``ModelError``, ``NeighborError``.
  package static func frozen(
    _ modalities: [Modality], count: Int, firstWeight: Double
  ) throws -> SparseOperator {
    guard let first = modalities.first else {
      throw ModelError.needsModalities(model: "an item graph", count: 1, available: [])
    }
    let items = first.itemCount
    var rows: [Int32] = []
    var columns: [Int32] = []
    var values: [Float] = []
    for (place, modality) in modalities.enumerated() {
      let weight =
        modalities.count == 1
        ? 1 : place == 0 ? firstWeight : (1 - firstWeight) / Double(modalities.count - 1)
      let lists = try nearest(of: modality, count: min(count, items)).items
      let degree = Double(lists.count / items)
      // Rows and columns are both divided by the root of the row sum.
      let value = Float(weight / (degree + 1e-7))
      for (entry, neighbor) in lists.enumerated() {
        rows.append(Int32(entry / (lists.count / items)))
        columns.append(neighbor)
        values.append(value)
      }
    }
    return SparseOperator(
      SparseMatrix(
        rowCount: items, columnCount: items, rows: rows, columns: columns, values: values))
  }

  /// The frozen graph of one modality whose links weigh what their cosines are:
  ///
  ///     S = D^(−1/2)·C·D^(−1/2),  C[a, b] = cos(a, b) for the k nearest b of a,  D = row sums of C
  ///
  /// The row sums stand on both sides although C is directed; where one is not positive, its items
  /// have no links.
  ///
  /// - Reference: [ZZLWWW21]; [YTLB23], Section 3.2.
  package static func weighted(_ modality: Modality, count: Int) throws -> SparseOperator {
    let items = modality.itemCount
    let nearest = try nearest(of: modality, count: min(count, items))
    let width = nearest.items.count / max(items, 1)
    let factors = (0..<items).map { item in
      let sum = nearest.cosines[item * width..<(item + 1) * width].reduce(0) { $0 + Double($1) }
      return sum > 0 ? 1 / sum.squareRoot() : 0
    }
    let rows = nearest.items.indices.map { Int32($0 / width) }
    return SparseOperator(
      SparseMatrix(
        rowCount: items, columnCount: items, rows: rows, columns: nearest.items,
        values: nearest.items.indices.map { entry in
          Float(
            Double(nearest.cosines[entry]) * factors[Int(rows[entry])]
              * factors[Int(nearest.items[entry])])
        }))
  }

  /// The links to the nearest of several embeddings, for a graph whose weights are trained.
  ///
  /// - Returns: The places of all links, and for each of the embeddings 1 at its own links and 0 at
  ///   the others', entries × 1.
  package static func links(
    _ embeddings: [Matrix<Float>], count: Int
  ) throws -> (pattern: SparsePattern, masks: [Tensor]) {
    let lists = try embeddings.map { try nearest(of: $0, count: min(count, $0.rowCount)).items }
    let items = embeddings[0].rowCount
    func rows(_ list: [Int32]) -> [Int32] {
      list.indices.map { Int32($0 / (list.count / items)) }
    }
    let pattern = SparsePattern(
      rowCount: items, columnCount: items, rows: lists.flatMap(rows), columns: lists.flatMap { $0 })
    let entryRows = pattern.entryRows
    let masks = lists.map { list in
      let width = list.count / items
      let own = zip(entryRows, pattern.columns).map { row, column in
        list[Int(row) * width..<(Int(row) + 1) * width].contains(column) ? Float(1) : 0
      }
      return Tensor(
        constant: Matrix(rowCount: own.count, columnCount: 1, elements: own))
    }
    return (pattern, masks)
  }

  /// The `count` nearest of every item, itself among the candidates, and their cosines.
  private static func nearest(
    of modality: Modality, count: Int
  ) throws -> (items: [Int32], cosines: [Float]) {
    switch modality {
    case .neighbors(let lists):
      guard lists.width >= count else {
        throw ModelError.listsTooShort(
          modality: lists.modality, width: lists.width, needed: count)
      }
      let kept = (0..<lists.items).flatMap { $0 * lists.width..<$0 * lists.width + count }
      return (kept.map { lists.indices[$0] }, kept.map { lists.cosines[$0] })
    case .features(let features): return try nearest(of: features.matrix, count: count)
    }
  }

  private static func nearest(
    of matrix: Matrix<Float>, count: Int
  ) throws -> (items: [Int32], cosines: [Float]) {
    let norms = rowNorms(matrix)
    // Its own cosine is 1, but 0 for a row of zeros; duplicates tie with it.
    func own(_ item: Int) -> Float { norms[item] > 0 ? 1 : 0 }
    let all = 0..<matrix.rowCount
    guard count > 1 else { return (all.map { Int32($0) }, all.map(own)) }
    let others = min(count, matrix.rowCount - 1)
    let lists = try cosineNeighbors(matrix, count: others)
    var result: (items: [Int32], cosines: [Float]) = ([], [])
    for item in all {
      let range = item * others..<(item + 1) * others
      let ahead = range.prefix {
        lists.scores[$0] > own(item)
          || (lists.scores[$0] == own(item) && lists.indices[$0] < Int32(item))
      }.count
      var list = range.map { (lists.indices[$0], lists.scores[$0]) }
      list.insert((Int32(item), own(item)), at: ahead)
      for (neighbor, cosine) in list.prefix(count) {
        result.items.append(neighbor)
        result.cosines.append(cosine)
      }
    }
    return result
  }
}
