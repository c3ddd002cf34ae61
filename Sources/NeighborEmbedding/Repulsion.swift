import LinearAlgebra

/// How the repulsive half of the gradient is summed.
package enum RepulsionMethod: Sendable {
  /// Every pair, in double precision: O(n²).
  case exact
  /// Interpolation on a grid and convolution by Fourier transforms: O(n).
  case interpolated
}

/// Σ_j (y_i − y_j) / (1 + |y_i − y_j|²)² for every point, and the sum Z of
/// 1 / (1 + |y_i − y_j|²) over all ordered pairs of different points.
protocol Repulsion: AnyObject {
  /// Writes the force on every point and returns Z; `map` and `forces` hold x and y of each.
  func evaluate(map: EmbeddingBuffer, bounds: MapBounds, forces: EmbeddingBuffer) -> Double
}

/// The box around a map.
struct MapBounds: Sendable, Equatable {
  var minimumX = Double.infinity
  var maximumX = -Double.infinity
  var minimumY = Double.infinity
  var maximumY = -Double.infinity

  var span: Double { max(maximumX - minimumX, maximumY - minimumY) }
  var centerX: Double { (minimumX + maximumX) / 2 }
  var centerY: Double { (minimumY + maximumY) / 2 }
  var isFinite: Bool {
    minimumX.isFinite && maximumX.isFinite && minimumY.isFinite && maximumY.isFinite
  }

  mutating func include(x: Double, y: Double) {
    // A NaN must not hide behind comparisons that are false.
    minimumX = x >= minimumX ? minimumX : x
    maximumX = x <= maximumX ? maximumX : x
    minimumY = y >= minimumY ? minimumY : y
    maximumY = y <= maximumY ? maximumY : y
  }

  mutating func include(_ other: MapBounds) {
    include(x: other.minimumX, y: other.minimumY)
    include(x: other.maximumX, y: other.maximumY)
  }
}

/// The sum over all pairs, against which the fast one is tested.
final class ExactRepulsion: Repulsion {
  private let rows: BlockGrid

  init(count: Int) { rows = BlockGrid(count: count, size: 64) }

  func evaluate(map: EmbeddingBuffer, bounds: MapBounds, forces: EmbeddingBuffer) -> Double {
    let count = rows.count
    let shares = Parallel.map(rows.blockCount) { [rows] block in
      var normalizer = 0.0
      for i in rows.range(block) {
        let x = Double(map.base[2 * i])
        let y = Double(map.base[2 * i + 1])
        var forceX = 0.0
        var forceY = 0.0
        for j in 0..<count where j != i {
          let dx = x - Double(map.base[2 * j])
          let dy = y - Double(map.base[2 * j + 1])
          let kernel = 1 / (1 + dx * dx + dy * dy)
          normalizer += kernel
          forceX += kernel * kernel * dx
          forceY += kernel * kernel * dy
        }
        forces.base[2 * i] = Float(forceX)
        forces.base[2 * i + 1] = Float(forceY)
      }
      return normalizer
    }
    return shares.reduce(0, +)
  }
}
