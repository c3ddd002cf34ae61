import LinearAlgebra
import Statistics

/// CLEAR's soft null-space projection, fitted once and immutable.
///
///     Q = I − λ·U_k·U_kᵀ,  x̃ = x·Q
///
/// For two modalities U_k are the leading left (first modality) and right (second modality)
/// singular vectors of their cross-covariance. For more, each modality's basis is taken from its
/// covariances with all the others side by side. Q is never formed: a basis of k columns is kept
/// and applied as two thin products. The features are projected uncentred, as the paper's
/// Section 3.5 and Algorithm 1 say twice in words (Equation 10 prints the symbol of the projected
/// features on both sides).
///
/// - Reference: [CLEAR26], Equations 7 to 10.
public struct NullSpaceProjection: Sendable, Equatable {
  /// Redundancy rank k.
  public let rank: Int
  /// Projection strength λ, 0 (nothing happens) to 1 (the directions are removed).
  public let strength: Double
  /// One orthonormal basis per modality, width × k.
  public let bases: [Matrix<Double>]

  /// The projection that damps the first `rank` directions of `subspace`.
  ///
  /// - Throws: ``RedundancyError/rankOutOfRange(rank:available:)``,
  ///   ``RedundancyError/strengthOutOfRange(_:)``.
  public init(
    _ subspace: SharedSubspace, rank: Int, strength: Double
  ) throws(RedundancyError) {
    try Self.check(rank: rank, available: subspace.singularValues.count, strength: strength)
    self.rank = rank
    self.strength = strength
    bases = [subspace.first.leadingColumns(rank), subspace.second.leadingColumns(rank)]
  }

  /// The projection for any number of modalities.
  ///
  /// - Parameter modalities: Two or more feature matrices with the same number of rows.
  /// - Throws: ``RedundancyError``.
  /// - Complexity: a covariance for each pair, and one decomposition for each modality.
  public init(
    modalities: [Matrix<Float>], rank: Int, strength: Double
  ) throws {
    precondition(modalities.count >= 2, "a shared subspace needs two modalities")
    let directions = try SharedDirections(of: modalities)
    try Self.check(rank: rank, available: directions.count, strength: strength)
    self.rank = rank
    self.strength = strength
    bases = directions.leading(rank)
  }

  /// The projection that damps given directions.
  ///
  /// - Parameter bases: One per modality, width × k with orthonormal columns; one of zeros leaves
  ///   its modality as it is.
  /// - Throws: ``RedundancyError/rankOutOfRange(rank:available:)``,
  ///   ``RedundancyError/strengthOutOfRange(_:)``.
  /// - Precondition: there is a basis, and all have as many columns.
  public init(bases: [Matrix<Double>], strength: Double) throws(RedundancyError) {
    precondition(
      Set(bases.map(\.columnCount)).count == 1, "all modalities are projected by one rank")
    let rank = bases[0].columnCount
    try Self.check(
      rank: rank, available: bases.map(\.rowCount).min() ?? 0, strength: strength)
    self.rank = rank
    self.strength = strength
    self.bases = bases
  }

  private static func check(
    rank: Int, available: Int, strength: Double
  ) throws(RedundancyError) {
    guard rank >= 1, rank <= available else {
      throw .rankOutOfRange(rank: rank, available: available)
    }
    guard (0...1).contains(strength) else { throw .strengthOutOfRange(strength) }
  }

  /// The features of modality `modality` after projection, x − λ(x·U_k)·U_kᵀ.
  ///
  /// - Shapes: `features` is n × width of that modality; so is the result.
  /// - Complexity: 4·n·width·k operations, O(n·k) memory beyond the result.
  public func apply(_ features: Matrix<Float>, modality: Int) -> Matrix<Float> {
    let basis = bases[modality]
    precondition(
      features.columnCount == basis.rowCount,
      "the projection was fitted for width \(basis.rowCount), got \(features.columnCount)")
    let coordinates = coordinates(of: features, in: basis)
    let grid = BlockGrid(count: features.rowCount, size: 256)
    var result = features
    guard !result.elements.isEmpty else { return result }
    let width = features.columnCount
    let k = rank
    result.elements.withUnsafeMutableBufferPointer { target in
      coordinates.elements.withUnsafeBufferPointer { coordinates in
        basis.elements.withUnsafeBufferPointer { basis in
          let out = SharedBuffer(target)
          nonisolated(unsafe) let coordinates = coordinates.baseAddress!
          nonisolated(unsafe) let basis = basis.baseAddress!
          Parallel.forEach(grid.blockCount) { block in
            let rows = grid.range(block)
            withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count * width) { part in
              DenseKernels.gemm(
                .init(base: coordinates + rows.lowerBound * k, stride: k),
                .init(base: basis, stride: k, transposition: .transposed),
                .init(
                  base: part.baseAddress!, stride: width, rows: rows.count, columns: width,
                  inner: k))
              let target = out.base + rows.lowerBound * width
              for index in 0..<rows.count * width {
                target[index] = Float(Double(target[index]) - strength * part[index])
              }
            }
          }
        }
      }
    }
    return result
  }
}

extension NullSpaceProjection {
  /// Q·B for directions B of modality `modality`, B − λ·U_k·(U_kᵀ·B).
  ///
  /// - Shapes: `directions` is width × m; so is the result.
  /// - Complexity: 4·width·k·m operations.
  func apply(_ directions: Matrix<Double>, modality: Int) -> Matrix<Double> {
    let basis = bases[modality]
    var result = directions
    let image = product(basis, .transposed, directions, .none)
    addProduct(basis, .none, image.scaled(by: -strength), .none, to: &result)
    return result
  }

  /// Q_x·C·Q_y, the covariance of the projected features when C is that of the features of two
  /// modalities.
  ///
  /// - Complexity: 8·p·q·k operations.
  package func apply(
    toCovariance covariance: Matrix<Double>, of first: Int = 0, and second: Int = 1
  ) -> Matrix<Double> {
    var result = apply(covariance, modality: first)
    let image = product(result, bases[second])
    addProduct(image.scaled(by: -strength), .none, bases[second], .transposed, to: &result)
    return result
  }
}

/// The coordinates x·B of every row in a basis, in double precision.
///
/// - Shapes: `features` is n × d, `basis` d × k, the result n × k.
/// - Complexity: 2·n·d·k operations; features are converted by blocks of rows.
public func coordinates(of features: Matrix<Float>, in basis: Matrix<Double>) -> Matrix<Double> {
  precondition(
    features.columnCount == basis.rowCount,
    "the basis has width \(basis.rowCount), the features \(features.columnCount)")
  let width = features.columnCount
  let k = basis.columnCount
  var result = Matrix<Double>(rowCount: features.rowCount, columnCount: k)
  guard !result.elements.isEmpty, width > 0 else { return result }
  let grid = BlockGrid(count: features.rowCount, size: 256)
  result.elements.withUnsafeMutableBufferPointer { target in
    features.elements.withUnsafeBufferPointer { source in
      basis.elements.withUnsafeBufferPointer { basis in
        let out = SharedBuffer(target)
        nonisolated(unsafe) let source = source.baseAddress!
        nonisolated(unsafe) let basis = basis.baseAddress!
        Parallel.forEach(grid.blockCount) { block in
          let rows = grid.range(block)
          withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count * width) { part in
            let start = source + rows.lowerBound * width
            for index in 0..<rows.count * width { part[index] = Double(start[index]) }
            DenseKernels.gemm(
              .init(base: part.baseAddress!, stride: width),
              .init(base: basis, stride: k),
              .init(
                base: out.base + rows.lowerBound * k, stride: k, rows: rows.count, columns: k,
                inner: width))
          }
        }
      }
    }
  }
  return result
}
