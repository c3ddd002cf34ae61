/// Fisher ratios of every pair of classes, in a subspace and in what it leaves.
struct PairwiseFisher {
  /// FDR∥ of the pairs whose within-class variance in the subspace is not zero.
  let parallel: [Double]
  /// FDR⊥ of the pairs whose within-class variance in the complement is not zero.
  let perpendicular: [Double]
  /// FDR∥/FDR⊥ of the pairs where both exist and FDR⊥ is not zero.
  let ratios: [Double]
  /// Number of pairs.
  let pairs: Int

  /// Takes the complement as the whole minus the subspace, by Pythagoras.
  ///
  /// - Parameters:
  ///   - subspace: Class moments of orthonormal coordinates in the subspace.
  ///   - variances: Class variances in the whole space.
  ///   - distances: Squared distances between class means in the whole space, as
  ///     ``ClassMoments/squaredMeanDistances``.
  ///   - precision: The share of a whole below which a part is rounding.
  init(
    in subspace: ClassMoments, variances: [Double], distances: [Double],
    precision: Double = 1e-12
  ) {
    let inside = subspace.squaredMeanDistances
    var parallel: [Double] = []
    var perpendicular: [Double] = []
    var ratios: [Double] = []
    var pair = 0
    for a in variances.indices {
      for b in variances.indices.dropFirst(a + 1) {
        let variance = variances[a] + variances[b]
        let insideVariance = significant(
          subspace.variances[a] + subspace.variances[b], of: variance, precision)
        let outsideVariance = significant(variance - insideVariance, of: variance, precision)
        let outside = significant(distances[pair] - inside[pair], of: distances[pair], precision)
        if insideVariance > 0 { parallel.append(inside[pair] / insideVariance) }
        if outsideVariance > 0 { perpendicular.append(outside / outsideVariance) }
        if insideVariance > 0, outsideVariance > 0, outside > 0 {
          ratios.append(inside[pair] / insideVariance / (outside / outsideVariance))
        }
        pair += 1
      }
    }
    self.parallel = parallel
    self.perpendicular = perpendicular
    self.ratios = ratios
    pairs = pair
  }
}

/// A part of `whole`, or 0 where it is rounding: differences of sums keep about twelve digits.
func significant(_ part: Double, of whole: Double, _ precision: Double = 1e-12) -> Double {
  part > precision * whole ? min(part, whole) : 0
}
