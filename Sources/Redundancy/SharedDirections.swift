import LinearAlgebra
import Statistics

/// All directions that each of several modalities shares with the others, strongest first.
///
/// For two modalities they are the singular vectors of their cross-covariance; for more, those of
/// each modality's covariances with all the others side by side.
///
/// - Reference: [CLEAR26], Equation 5.
public struct SharedDirections: Sendable, Equatable {
  /// One basis per modality, width × r.
  public let bases: [Matrix<Double>]
  /// Singular values of each modality's covariance with the others, descending; r or more of them.
  public let singularValues: [[Double]]

  /// - Parameter modalities: Two or more feature matrices with the same number of rows.
  /// - Throws: ``RedundancyError``, ``LinearAlgebraError`` when a covariance is not finite.
  /// - Complexity: a covariance for each pair, and one decomposition for each modality.
  public init(of modalities: [Matrix<Float>]) throws {
    precondition(modalities.count >= 2, "a shared subspace needs two modalities")
    for other in modalities.dropFirst() { try requireComparable(modalities[0], other) }
    if modalities.count == 2 {
      let subspace = try SharedSubspace(between: modalities[0], and: modalities[1])
      bases = [subspace.first, subspace.second]
      singularValues = [subspace.singularValues, subspace.singularValues]
      return
    }
    var stacks = [[Matrix<Double>]](repeating: [], count: modalities.count)
    for i in modalities.indices {
      for j in modalities.indices where j > i {
        let c = crossCovariance(modalities[i], modalities[j]).matrix
        stacks[i].append(c)
        stacks[j].append(c.transposed())
      }
    }
    var bases: [Matrix<Double>] = []
    var singularValues: [[Double]] = []
    for stack in stacks {
      // Transposed blocks stack row-wise; right vectors of the stack are left vectors of the row.
      let tall = stack.dropFirst().reduce(stack[0].transposed()) {
        $0.stacked(above: $1.transposed())
      }
      let decomposition = try singularValueDecomposition(tall)
      bases.append(decomposition.v)
      singularValues.append(decomposition.singularValues)
    }
    self.bases = bases
    self.singularValues = singularValues
  }

  /// How many directions every modality has.
  public var count: Int { bases.map(\.columnCount).min() ?? 0 }

  /// The strongest `rank` directions of every modality.
  public func leading(_ rank: Int) -> [Matrix<Double>] {
    bases.map { $0.leadingColumns(rank) }
  }

  /// The weakest `rank` directions of every modality.
  public func trailing(_ rank: Int) -> [Matrix<Double>] {
    bases.map { $0.columns($0.columnCount - rank..<$0.columnCount) }
  }
}
