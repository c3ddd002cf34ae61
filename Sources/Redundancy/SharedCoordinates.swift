import LinearAlgebra

/// The features of two modalities, one row per item.
public struct FeaturePair: Sendable, Equatable {
  public let first: Matrix<Float>
  public let second: Matrix<Float>

  public init(_ first: Matrix<Float>, _ second: Matrix<Float>) {
    self.first = first
    self.second = second
  }

  /// The features after `projection`.
  public func projected(by projection: NullSpaceProjection) -> FeaturePair {
    FeaturePair(projection.apply(first, modality: 0), projection.apply(second, modality: 1))
  }
}

/// Coordinates in which clouds of two modalities can be compared although their widths differ.
///
/// With U and W the singular vectors of the cross-covariance, a first-modality row x becomes
/// x·U_m and a second-modality row y becomes y·W_m, m = min(64, p, q), without centring. Features
/// of equal width stay as they are.
///
/// - Reference: [CLEAR26], Equation 5.
public struct SharedCoordinates: Sendable, Equatable {
  /// Which coordinates these are, in one sentence.
  public let sentence: String
  /// U_m and W_m; nil when features stay as they are.
  private let bases: [Matrix<Double>]?

  /// The coordinates for the two modalities of `subspace`, at most `limit` of them.
  public init(_ subspace: SharedSubspace, limit: Int = 64) {
    let p = subspace.first.rowCount
    let q = subspace.second.rowCount
    guard p != q else {
      bases = nil
      sentence = "Both modalities have width \(p); their features are compared as they are."
      return
    }
    let m = min(limit, subspace.singularValues.count)
    bases = [subspace.first.leadingColumns(m), subspace.second.leadingColumns(m)]
    sentence =
      "The widths differ (\(p) and \(q)); both modalities are expressed in their \(m) leading "
      + "shared singular coordinates, uncentred."
  }

  /// `features` in these coordinates.
  ///
  /// - Shapes: n × p and n × q become n × m each.
  /// - Precondition: the widths are those the coordinates were made for.
  /// - Complexity: 2·n·(p + q)·m operations.
  public func express(_ features: FeaturePair) -> FeaturePair {
    guard let bases else { return features }
    return FeaturePair(
      Matrix<Float>(coordinates(of: features.first, in: bases[0])),
      Matrix<Float>(coordinates(of: features.second, in: bases[1])))
  }

  /// What `projection` makes of `features`, in these coordinates.
  ///
  /// The projected features themselves are made only where they are the coordinates; else x·Q·U_m
  /// is read off with the directions Q·U_m.
  ///
  /// - Complexity: as ``express(_:)``.
  public func express(
    _ features: FeaturePair, under projection: NullSpaceProjection
  ) -> FeaturePair {
    guard let bases else { return features.projected(by: projection) }
    let turned = bases.indices.map { projection.apply(bases[$0], modality: $0) }
    return FeaturePair(
      Matrix<Float>(coordinates(of: features.first, in: turned[0])),
      Matrix<Float>(coordinates(of: features.second, in: turned[1])))
  }
}
