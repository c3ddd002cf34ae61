import LinearAlgebra
import Redundancy

/// A linear map that differs from the identity by a low rank.
///
///     x ↦ x − λ·A·(Bᵀx)
///
/// With A = B orthonormal and λ = 1 it is the orthogonal projection that removes the span of A;
/// with BᵀA = I it is an oblique one, which removes what B reads and writes along A. Like
/// ``NullSpaceProjection`` it is applied to uncentred features: the mean is mapped with them.
public struct LowRankMap: Sendable, Equatable {
  /// A, d × k: the directions along which something is taken away.
  public let a: Matrix<Double>
  /// B, d × k: the directions that read how much.
  public let b: Matrix<Double>
  /// λ, 0 (nothing happens) to 1.
  public let strength: Double
  /// Whether A = B and its columns are orthonormal.
  public let isOrthogonal: Bool

  /// Width d of the features.
  public var width: Int { a.rowCount }
  /// Number k of directions.
  public var rank: Int { a.columnCount }

  /// The map x ↦ x − λ·U·Uᵀx.
  ///
  /// - Precondition: the columns of `basis` are orthonormal.
  public init(orthonormal basis: Matrix<Double>, strength: Double) {
    a = basis
    b = basis
    self.strength = strength
    isOrthogonal = true
  }

  /// The map x ↦ x − λ·A·(Bᵀx).
  ///
  /// - Precondition: A and B have one shape.
  public init(a: Matrix<Double>, b: Matrix<Double>, strength: Double) {
    precondition(
      a.rowCount == b.rowCount && a.columnCount == b.columnCount, "A and B differ in shape")
    self.a = a
    self.b = b
    self.strength = strength
    isOrthogonal = false
  }

  /// The map that removes directions Q of whitened coordinates w = L⁻¹x, with S = L·Lᵀ:
  ///
  ///     w ↦ w − λ·Q·Qᵀw,  that is A = L·Q and B = L⁻ᵀ·Q
  ///
  /// Another square root of S changes Q by a rotation and A and B not at all, so S^{1/2} is never
  /// needed.
  ///
  /// - Precondition: the columns of `basis` are orthonormal.
  /// - Complexity: 2·d²·k operations.
  public init(whitened basis: Matrix<Double>, by factor: Cholesky, strength: Double) {
    self.init(
      a: product(factor.factor, basis), b: factor.solvingLowerTransposed(basis),
      strength: strength)
  }

  /// The map of rank 0, which changes nothing.
  public static func identity(width: Int) -> LowRankMap {
    LowRankMap(orthonormal: Matrix(rowCount: width, columnCount: 0), strength: 0)
  }

  /// The mapped features.
  ///
  /// - Shapes: `features` is n × d; so is the result.
  /// - Complexity: 4·n·d·k operations, O(n·k) memory beyond the result.
  public func apply(_ features: Matrix<Float>) -> Matrix<Float> {
    let readings = coordinates(of: features, in: b)
    var result = features
    guard !result.elements.isEmpty, rank > 0 else { return result }
    let grid = BlockGrid(count: features.rowCount, size: 256)
    result.elements.withUnsafeMutableBufferPointer { target in
      let out = SharedBuffer(target)
      Parallel.forEach(grid.blockCount) { block in
        let rows = grid.range(block)
        let change = product(readings.rows(rows), .none, a, .transposed)
        let start = out.base + rows.lowerBound * width
        for (index, value) in change.elements.enumerated() {
          start[index] = Float(Double(start[index]) - strength * value)
        }
      }
    }
    return result
  }
}
