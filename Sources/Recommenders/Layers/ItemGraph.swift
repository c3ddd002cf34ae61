import Autodiff
import Datasets
import LinearAlgebra
import Neighbors

/// The frozen item graph: the nearest neighbours of each item in each modality.
///
///     S = w·L_first + (1 − w)·L_others,  L[a, b] = 1/k for the k nearest b of a
///
/// Neighbours are those of largest cosine, the item itself among the candidates, ties by lower
/// index; links are directed and unweighted. An item of zero features has cosine 0 with all.
///
/// - Reference: [ZS23], Section 3.1.
package enum ItemGraph {
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
      let lists = try neighbors(of: modality, count: min(count, items))
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

  /// The `count` nearest of every item, itself among the candidates.
  private static func neighbors(of modality: Modality, count: Int) throws -> [Int32] {
    switch modality {
    case .neighbors(let lists):
      guard lists.width >= count else {
        throw ModelError.listsTooShort(
          modality: lists.modality, width: lists.width, needed: count)
      }
      return (0..<lists.items).flatMap {
        lists.indices[$0 * lists.width..<$0 * lists.width + count]
      }
    case .features(let features):
      guard count > 1 else { return (0..<Int32(features.matrix.rowCount)).map { $0 } }
      let others = min(count, features.matrix.rowCount - 1)
      let lists = try cosineNeighbors(features.matrix, count: others)
      let norms = rowNorms(features.matrix)
      return (0..<features.matrix.rowCount).flatMap { item -> [Int32] in
        // Its own cosine is 1, but 0 for a row of zeros; duplicates tie with it.
        let own: Float = norms[item] > 0 ? 1 : 0
        let range = item * others..<(item + 1) * others
        let ahead = range.prefix {
          lists.scores[$0] > own || (lists.scores[$0] == own && lists.indices[$0] < Int32(item))
        }.count
        var list = Array(lists.indices[range])
        list.insert(Int32(item), at: ahead)
        return Array(list.prefix(count))
      }
    }
  }
}
