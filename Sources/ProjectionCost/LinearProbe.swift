import LinearAlgebra
import Redundancy
import Statistics

/// How well labels can be read linearly from a modality, before and after a low-rank map.
///
/// Ridge regression on one-hot labels with an intercept, cross-validated; the largest response
/// decides:
///
///     W = (Z̄ᵀZ̄ + α·I)⁻¹·Z̄ᵀȲ,  α = ridge · tr(Z̄ᵀZ̄)/r
///
/// over the training items of a fold, Z being r principal coordinates of the modality. The same α,
/// from the undamped modality, is used after a map, and the coordinates stay those of the undamped
/// modality: Z' = Z − λ·(X̄·B)·(Aᵀ·V).
///
/// For λ < 1 the map is invertible, so what an unregularised linear probe finds cannot change. What
/// the ridge probe loses is what becomes weak, not what vanishes; only at λ = 1 does something
/// vanish.
///
/// - Reference: ridge [HK70].
package struct LinearProbe: Sendable {
  /// α as a share of the mean variance of the coordinates: weak enough to read directions of a
  /// tenth of that variance almost undamped.
  package static let defaultRidge = 0.01

  private let labels: [Int]
  private let classIDs: [Int]
  /// Items fold after fold.
  private let order: [Int]
  private let folds: [Range<Int>]
  /// Coordinates of each fold.
  private let coordinates: [Matrix<Double>]
  /// The place of each item's class among ``classIDs``, in this order.
  private let places: [Int]
  private let moments: [ProbeMoments]
  private let penalties: [Double]

  /// Prepares the probe; nil for fewer than two classes, fewer than two folds with items, or
  /// coordinates without variance.
  ///
  /// - Parameters:
  ///   - coordinates: Z, n × r.
  ///   - labels: The class of every item; any integers.
  ///   - folds: The fold of every item, counted from 0.
  /// - Complexity: 2·n·r² operations.
  package init?(
    coordinates: Matrix<Double>, labels: [Int], folds: [Int],
    ridge: Double = LinearProbe.defaultRidge
  ) {
    let n = coordinates.rowCount
    precondition(labels.count == n && folds.count == n, "every item has a label and a fold")
    precondition(ridge > 0, "the ridge must be positive, got \(ridge)")
    classIDs = Set(labels).sorted()
    order = (0..<n).sorted { (folds[$0], $0) < (folds[$1], $1) }
    var ranges: [Range<Int>] = []
    var start = 0
    for end in 1...max(n, 1) where end >= n || folds[order[end]] != folds[order[end - 1]] {
      ranges.append(start..<min(end, n))
      start = end
    }
    guard classIDs.count > 1, ranges.count > 1 else { return nil }
    let place = Dictionary(uniqueKeysWithValues: zip(classIDs, classIDs.indices))
    let places = order.map { place[labels[$0]]! }
    let order = order
    let parts = ranges.map { coordinates.rows(order[$0]) }
    let classCount = classIDs.count
    let moments = zip(parts, ranges).map {
      ProbeMoments($0, classes: places[$1], classCount: classCount)
    }
    let whole = moments.dropFirst().reduce(moments[0], +)
    penalties = moments.map { fold in
      ridge * (whole - fold).centeredTrace / Double(max(coordinates.columnCount, 1))
    }
    guard penalties.allSatisfy({ $0 > 0 }) else { return nil }
    self.labels = labels
    self.folds = ranges
    self.coordinates = parts
    self.places = places
    self.moments = moments
  }

  /// The share of items that are classified rightly. The standard error takes the items as
  /// independent, which those of one fold are not quite.
  ///
  /// - Throws: as ``predictions(readings:written:strength:)``.
  package func accuracy(
    readings: Matrix<Double>, written: Matrix<Double>, strength: Double
  ) throws(LinearAlgebraError) -> MeasuredShare? {
    let found = try predictions(readings: readings, written: written, strength: strength)
    return MeasuredShare(zip(found, labels).map { $0 == $1 ? 1 : 0 })
  }

  /// The label predicted for every item by the model that has not seen its fold.
  ///
  /// The moments of Z' are those of [Z U] seen through K = [I; −λ·H], so no map costs another pass
  /// over the coordinates.
  ///
  /// - Parameters:
  ///   - readings: U = X̄·B, n × k; no columns for the undamped modality.
  ///   - written: H = Aᵀ·V, k × r.
  ///   - strength: λ.
  /// - Throws: ``LinearAlgebraError``.
  /// - Complexity: 2·n·r·(k + c) + (r + k)³ operations for c classes.
  package func predictions(
    readings: Matrix<Double>, written: Matrix<Double>, strength: Double
  ) throws(LinearAlgebraError) -> [Int] {
    let r = coordinates[0].columnCount
    let k = readings.columnCount
    precondition(
      readings.rowCount == order.count && written.rowCount == k && written.columnCount == r,
      "readings are n x k and what is written k x r")
    var view = Matrix<Double>.identity(r).stacked(above: written)
    for index in r * r..<view.elements.count { view.elements[index] *= -strength }
    let sorted = folds.map { readings.rows(order[$0]) }
    let parts = folds.indices.map { fold in
      moments[fold].joined(
        own: coordinates[fold], other: sorted[fold], classes: places[folds[fold]])
    }
    let whole = parts.dropFirst().reduce(parts[0], +)
    var result = [Int](repeating: 0, count: order.count)
    for (fold, range) in folds.enumerated() {
      let model = try (whole - parts[fold]).solved(through: view, penalty: penalties[fold])
      let own = model.weights.rows(0..<r)
      let other = model.weights.rows(r..<r + k)
      let responses =
        product(coordinates[fold], own) + product(sorted[fold], other)
      for (row, place) in range.enumerated() {
        var best = 0
        var peak = -Double.infinity
        for (index, response) in responses.row(row).enumerated()
        where response + model.intercepts[index] > peak {
          peak = response + model.intercepts[index]
          best = index
        }
        result[order[place]] = classIDs[best]
      }
    }
    return result
  }
}
