import LinearAlgebra
import Statistics

/// The energy distance between two clouds of one width.
///
///     E = 2·mean‖xᵢ − yⱼ‖ − mean‖xᵢ − xⱼ‖ − mean‖yᵢ − yⱼ‖
///
/// over all pairs, those of a row with itself included. It is zero exactly when the clouds are
/// equal. It compares coordinates and never which rows belong together.
///
/// - Range: 0 to 2·mean‖x − y‖, in the unit of the features.
/// - Reference: [SR13].
public struct EnergyDistance: Codable, Sendable, Equatable {
  /// Shuffling the rows of one modality changes nothing.
  public let pairing: Pairing
  /// E.
  public let value: Double
  /// E/(2·mean‖x − y‖), 0 (equal clouds) to 1, without unit; nil when all rows are one point.
  public let coefficient: Double?
  /// Standard error of sampling, from ten disjoint blocks of the sample; nil where all rows were
  /// compared. For equal clouds, where the distances of blocks scatter more than a sample's, it is
  /// too large by a factor of up to √10.
  public let standardError: Double?
  /// Rows compared of the first modality.
  public let firstRows: Int
  /// Rows compared of the second modality.
  public let secondRows: Int

  /// Rows of a modality up to which all are compared.
  public static let usualRowLimit = 2_000

  public static let card = MeasureCard(
    name: "energy-distance", title: "Energy distance", direction: .fallsWithLikeness,
    lowerBound: 0, upperBound: nil, isSymmetric: true,
    invariances: [.itemOrder, .brokenPairing, .commonRotation], source: "[SR13]")

  /// The distance between features n × d and m × d.
  ///
  /// - Parameters:
  ///   - rowLimit: A modality with more rows is sampled down to as many, at least 20.
  ///   - streams: Draws the sample, for the purpose `energy-sample`.
  /// - Throws: ``OverlapError``.
  /// - Complexity: 3·r²·d operations for r rows compared.
  public init(
    between first: Matrix<Float>, and second: Matrix<Float>, rowLimit: Int = usualRowLimit,
    streams: RandomStreams
  ) throws(OverlapError) {
    precondition(rowLimit >= 20, "ten blocks need two rows each, got \(rowLimit) rows")
    try requireComparableClouds(first, second)
    // In one order whatever the rows' own, so that the sums have the same bits too.
    let clouds = [first, second].map { cloud in
      let order = contentOrder(cloud, purpose: "energy-sample", streams: streams)
      return cloud.rows(order.prefix(rowLimit))
    }
    let whole = Self.parts(clouds[0], clouds[1])
    pairing = .marginal
    value = whole.energy
    coefficient = whole.cross > 0 ? min(1, whole.energy / (2 * whole.cross)) : nil
    firstRows = clouds[0].rowCount
    secondRows = clouds[1].rowCount
    let isSampled = firstRows < first.rowCount || secondRows < second.rowCount
    let blocks = 10
    guard isSampled, min(firstRows, secondRows) >= 2 * blocks else {
      standardError = nil
      return
    }
    let energies = (0..<blocks).map { block in
      let parts = clouds.map { cloud in
        let size = cloud.rowCount / blocks
        return cloud.rows(block * size..<(block + 1) * size)
      }
      return Self.parts(parts[0], parts[1]).energy
    }
    standardError = Statistics.standardError(energies)
  }

  /// E, and the mean distance between a row of either cloud.
  private static func parts(
    _ a: Matrix<Float>, _ b: Matrix<Float>
  ) -> (energy: Double, cross: Double) {
    let cross = meanDistance(a, b)
    // Rounding can leave a little less than nothing between equal clouds.
    return (max(0, 2 * cross - meanDistance(a, a) - meanDistance(b, b)), cross)
  }
}

/// The mean Euclidean distance over all pairs of a row of `a` and one of `b`.
///
/// - Complexity: n·m·d operations, in parallel over blocks of rows.
private func meanDistance(_ a: Matrix<Float>, _ b: Matrix<Float>) -> Double {
  let width = a.columnCount
  let grid = BlockGrid(count: a.rowCount, size: 32)
  return a.elements.withUnsafeBufferPointer { first in
    b.elements.withUnsafeBufferPointer { second in
      nonisolated(unsafe) let x = first.baseAddress!
      nonisolated(unsafe) let y = second.baseAddress!
      let sums = Parallel.map(grid.blockCount) { block in
        var sum = 0.0
        for i in grid.range(block) {
          for j in 0..<b.rowCount {
            sum += VectorKernels.squaredDistance(x + i * width, y + j * width, count: width)
              .squareRoot()
          }
        }
        return sum
      }
      return sums.reduce(0, +) / (Double(a.rowCount) * Double(b.rowCount))
    }
  }
}
