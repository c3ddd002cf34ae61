import LinearAlgebra

/// Gradient descent on the KL divergence, with momentum and a gain for each coordinate.
///
///     ∂KL/∂y_i = 4·Σ_j (e·p_ij − q_ij)·(y_i − y_j) / (1 + |y_i − y_j|²)
///
/// with e the exaggeration. A gain grows by 0.2 while the gradient opposes the last step and
/// shrinks to 0.8 of itself, at least 0.01, while it agrees.
///
/// - Reference: [MH08], Equation 5 and section 3.4; gains [Jac88].
package final class GradientDescent {
  package private(set) var map: Matrix<Double>
  /// Z of the map that the last forces were taken at.
  private var normalizer = 0.0
  private var steps: [Double]
  private var gains: [Double]
  private let attraction: Attraction
  private let repulsion: any Repulsion
  private let local: EmbeddingBuffer
  private let attractive: EmbeddingBuffer
  private let repulsive: EmbeddingBuffer
  private let points: BlockGrid

  package init(start: Matrix<Double>, affinities: SparseAffinities, method: RepulsionMethod) {
    let count = start.rowCount
    map = start
    steps = [Double](repeating: 0, count: 2 * count)
    gains = [Double](repeating: 1, count: 2 * count)
    attraction = Attraction(affinities)
    repulsion =
      method == .exact ? ExactRepulsion(count: count) : InterpolatedRepulsion(count: count)
    local = EmbeddingBuffer(count: 2 * count)
    attractive = EmbeddingBuffer(count: 2 * count)
    repulsive = EmbeddingBuffer(count: 2 * count)
    points = BlockGrid(count: count, size: 2048)
  }

  /// One step, or false when the map has left the range of numbers.
  package func advance(exaggeration: Double, momentum: Double, learningRate: Double) -> Bool {
    guard evaluateForces() else { return false }
    let scale = 1 / normalizer
    steps.withUnsafeMutableBufferPointer { steps in
      gains.withUnsafeMutableBufferPointer { gains in
        map.elements.withUnsafeMutableBufferPointer { map in
          let (steps, gains, map) = (SharedBuffer(steps), SharedBuffer(gains), SharedBuffer(map))
          Parallel.forEach(points.blockCount) { [points, attractive, repulsive] block in
            let range = points.range(block)
            for index in 2 * range.lowerBound..<2 * range.upperBound {
              let pull = exaggeration * Double(attractive.base[index])
              let gradient = 4 * (pull - Double(repulsive.base[index]) * scale)
              let step = steps.base[index]
              let gain = gains.base[index]
              let adapted = step * gradient < 0 ? gain + 0.2 : max(gain * 0.8, 0.01)
              let next = momentum * step - learningRate * adapted * gradient
              gains.base[index] = adapted
              steps.base[index] = next
              map.base[index] += next
            }
          }
        }
      }
    }
    return true
  }

  /// The gradient at the present map, n × 2, or nil when the map is not finite.
  package func gradient(exaggeration: Double) -> Matrix<Double>? {
    guard evaluateForces() else { return nil }
    var result = map
    for index in result.elements.indices {
      let pull = exaggeration * Double(attractive.base[index])
      result.elements[index] = 4 * (pull - Double(repulsive.base[index]) / normalizer)
    }
    return result
  }

  /// Z of the present map, or nil when the map is not finite.
  package func normalizerOfMap() -> Double? { evaluateForces() ? normalizer : nil }

  private func evaluateForces() -> Bool {
    let bounds = mapBounds()
    guard bounds.isFinite, bounds.span < 1e15 else { return false }
    // Single precision is finest around 0, so the map is seen from the middle of its box.
    var centered = bounds
    centered.minimumX -= bounds.centerX
    centered.maximumX -= bounds.centerX
    centered.minimumY -= bounds.centerY
    centered.maximumY -= bounds.centerY
    for index in stride(from: 0, to: map.elements.count, by: 2) {
      local.base[index] = Float(map.elements[index] - bounds.centerX)
      local.base[index + 1] = Float(map.elements[index + 1] - bounds.centerY)
    }
    attraction.evaluate(map: local, forces: attractive)
    normalizer = repulsion.evaluate(map: local, bounds: centered, forces: repulsive)
    return normalizer > 0
  }

  private func mapBounds() -> MapBounds {
    var bounds = MapBounds()
    for index in stride(from: 0, to: map.elements.count, by: 2) {
      bounds.include(x: map.elements[index], y: map.elements[index + 1])
    }
    return bounds
  }
}
