import Foundation
import LinearAlgebra
import Redundancy
import Statistics

/// Worlds on which measures are held to their cards, and what may be done to them.
enum CatalogWorlds {
  static let items = 400

  /// Modalities of one width and one centre that share factors.
  static func related(seed: UInt64, width: Int = 6, offset: Double = 1) -> FeaturePair {
    let (first, second) = MeasureWorlds.planted(
      items: items, widths: (width, width), rank: 2, strength: 2, seed: seed)
    return FeaturePair(moved(first, by: offset), moved(second, by: offset))
  }

  /// The same where the widths differ.
  static func unequal(seed: UInt64) -> FeaturePair {
    let (first, second) = MeasureWorlds.planted(
      items: items, widths: (6, 4), rank: 2, strength: 2, seed: seed)
    return FeaturePair(first, moved(second, by: 1))
  }

  /// Modalities that share nothing, neither factors nor the shape of their clouds.
  static func independent(seed: UInt64, width: Int = 6) -> FeaturePair {
    FeaturePair(
      MeasureWorlds.gaussian(items, width, seed: seed),
      moved(MeasureWorlds.gaussian(items, width, seed: seed + 1), by: 2))
  }

  private static func moved(_ features: Matrix<Float>, by offset: Double) -> Matrix<Float> {
    MeasureWorlds.mapped(features) { value, column in
      (value + offset * Double(column + 1) / 3) * (column % 2 == 0 ? 1 : 0.5)
    }
  }

  /// `pair` after what `invariance` allows was done to one of its modalities, or to both where
  /// that is the point.
  static func changed(
    _ pair: FeaturePair, by invariance: Invariance, modality: Int, seed: UInt64
  ) -> FeaturePair {
    var generator = SeededGenerator(seed: seed)
    let order = generator.permutation(pair.first.rowCount)
    switch invariance {
    case .itemOrder:
      return FeaturePair(pair.first.rows(order), pair.second.rows(order))
    case .commonRotation:
      return FeaturePair(
        MeasureWorlds.rotated(pair.first, seed: seed),
        MeasureWorlds.rotated(pair.second, seed: seed))
    default: break
    }
    let features = modality == 0 ? pair.first : pair.second
    let width = features.columnCount
    let shift = generator.normals(width).map { 2 * $0 }
    let factors = (0..<features.rowCount).map { _ in Float(exp2(4 * generator.uniform())) }
    let result: Matrix<Float>
    switch invariance {
    case .brokenPairing: result = features.rows(order)
    case .translation:
      result = MeasureWorlds.mapped(features) { value, column in value + shift[column] }
    case .uniformScaling: result = MeasureWorlds.mapped(features) { value, _ in 3 * value }
    case .itemScaling:
      result = Matrix(
        rowCount: features.rowCount, columnCount: width,
        elements: features.elements.enumerated().map { $1 * factors[$0 / width] })
    case .rotation: result = MeasureWorlds.rotated(features, seed: seed)
    case .invertibleMap:
      // Singular values from 0.2 to 5, between two rotations.
      let turned = MeasureWorlds.rotated(features, seed: seed)
      let stretched = MeasureWorlds.mapped(turned) { value, column in
        value * pow(25, Double(column) / Double(width - 1)) / 5
      }
      result = MeasureWorlds.rotated(stretched, seed: seed + 1)
    case .itemOrder, .commonRotation: result = features
    }
    return modality == 0 ? FeaturePair(result, pair.second) : FeaturePair(pair.first, result)
  }
}
