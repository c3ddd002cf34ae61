import LinearAlgebra
import Statistics

/// The covariances of two modalities with themselves and with each other, shared by the measures
/// that need all three.
///
/// Those of a modality with itself are ``singlePrecisionCovariance(_:)``: the measures built on
/// them are norms and regularised factors, for which its seven digits are ample.
public struct JointCovariance: Sendable {
  /// Number of items n.
  public let itemCount: Int
  /// Σx, p × p.
  public let first: Matrix<Double>
  /// Σy, q × q.
  public let second: Matrix<Double>
  /// C, p × q.
  public let cross: Matrix<Double>
  /// ‖xᵢ − μ‖² of every item.
  public let firstEnergies: [Double]
  /// ‖yᵢ − ν‖² of every item.
  public let secondEnergies: [Double]

  /// The covariances of features n × p and n × q.
  ///
  /// - Parameter covariance: Their cross-covariance, where it is already known.
  /// - Throws: ``RedundancyError/itemCountMismatch(first:second:)``,
  ///   ``RedundancyError/tooFewItems(count:needed:)``.
  /// - Complexity: n·(p² + q² + 2·p·q) operations, O(p² + q² + p·q) memory.
  public init(
    between first: Matrix<Float>, and second: Matrix<Float>, covariance: CrossCovariance? = nil
  ) throws(RedundancyError) {
    try requireComparable(first, second)
    let cross = covariance ?? crossCovariance(first, second)
    precondition(
      cross.matrix.rowCount == first.columnCount && cross.matrix.columnCount == second.columnCount
        && cross.itemCount == first.rowCount, "the covariance is that of other features")
    itemCount = first.rowCount
    self.first = singlePrecisionCovariance(first)
    self.second = singlePrecisionCovariance(second)
    self.cross = cross.matrix
    firstEnergies = centeredRowEnergies(first, center: cross.firstMean)
    secondEnergies = centeredRowEnergies(second, center: cross.secondMean)
  }
}
