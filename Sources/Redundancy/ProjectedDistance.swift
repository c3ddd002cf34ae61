import LinearAlgebra
import Statistics

/// W₁ between the clouds on every direction, under each of `scalings`.
///
/// A row divided by its norm has its projection divided by it, so all scalings share one product.
func projectedDistances(
  _ a: Matrix<Float>, _ b: Matrix<Float>, scalings: [FeatureScaling],
  _ projections: RandomProjections
) -> [[Double]] {
  let clouds = scalings == [.raw] ? [] : [ScaledCloud(a), ScaledCloud(b)]
  return projections.map(a, b) { first, second in
    scalings.map { scaling in
      switch scaling {
      case .raw:
        wassersteinDistance(first, second)
      case .rowNormalized:
        scaled(first, by: clouds[0].inverseNorms).withUnsafeBufferPointer { first in
          scaled(second, by: clouds[1].inverseNorms).withUnsafeBufferPointer { second in
            wassersteinDistance(first, second)
          }
        }
      case .rootMeanSquare:
        wassersteinDistance(
          first, second,
          scales: (clouds[0].inverseRootMeanSquare, clouds[1].inverseRootMeanSquare))
      }
    }
  }
}

/// `values`, each times its factor.
private func scaled(_ values: UnsafeBufferPointer<Float>, by factors: [Double]) -> [Float] {
  zip(values, factors).map { Float(Double($0) * $1) }
}

/// What the scalings divide a cloud by. Zero rows, and clouds of them, stay.
private struct ScaledCloud: Sendable {
  let inverseNorms: [Double]
  let inverseRootMeanSquare: Double

  init(_ cloud: Matrix<Float>) {
    let norms = rowNorms(cloud)
    inverseNorms = norms.map { $0 > 0 ? 1 / $0 : 0 }
    // Summed in ascending order, so that the order of the rows leaves no trace.
    let squares = norms.sorted().reduce(0) { $0 + $1 * $1 }
    inverseRootMeanSquare = squares > 0 ? (Double(norms.count) / squares).squareRoot() : 0
  }
}
