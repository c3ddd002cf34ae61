import LinearAlgebra
import Redundancy

/// The parts of linear centred kernel alignment that no relabeling changes.
struct PairAlignment: Sendable {
  /// ‖xᵢ − μ‖² of the wide side; of its leading coordinates alone; ‖yᵢ − ν‖² of the narrow side.
  let wideEnergies: [Double]
  let wideLeadingEnergies: [Double]
  let narrowEnergies: [Double]
  /// ‖Σx‖_F·‖Σy‖_F; nil when a modality has no variance.
  let biasedScale: Double?
  /// √(HSIC(K, K)·HSIC(L, L)), n²-fold; nil
  /// where the debiased alignment is undefined.
  let debiasedScale: Double?
  private let itemCount: Double
  private let traces: Double

  init(wide: PrincipalFactors, narrow: PrincipalFactors) {
    let n = Double(wide.itemCount)
    itemCount = n
    wideEnergies = wide.energies
    wideLeadingEnergies = wide.scores.rowEnergies
    narrowEnergies = narrow.scores.rowEnergies
    traces = wideEnergies.reduce(0, +) * narrowEnergies.reduce(0, +)
    let squares = [wide.squaredNorm, narrow.variances.reduce(0) { $0 + $1 * $1 }]
    biasedScale = squares.allSatisfy { $0 > 0 } ? (squares[0] * squares[1]).squareRoot() : nil
    guard wide.itemCount > 3, biasedScale != nil else {
      debiasedScale = nil
      return
    }
    let own = zip(squares, [wideEnergies, narrowEnergies]).map { squared, energies in
      Self.unbiased(
        squared, diagonal: energies.reduce(0) { $0 + $1 * $1 },
        traces: energies.reduce(0, +) * energies.reduce(0, +), itemCount: n)
    }
    debiasedScale = Self.scale(own, of: squares)
  }

  /// √(HSIC(K, K)·HSIC(L, L)); nil below the share of ‖Σ‖²_F where only the rounding of single
  /// precision is left.
  static func scale(_ own: [Double], of squares: [Double]) -> Double? {
    zip(own, squares).allSatisfy { $0 > 1e-5 * $1 && $0 > 0 }
      ? (own[0] * own[1]).squareRoot() : nil
  }

  /// ``CenteredKernelAlignment/unbiasedProduct`` for covariances, both divided by n².
  static func unbiased(
    _ squared: Double, diagonal: Double, traces: Double, itemCount n: Double
  ) -> Double {
    CenteredKernelAlignment.unbiasedProduct(
      squared * n * n, diagonal: diagonal, traces: traces, itemCount: n) / (n * n)
  }

  /// ‖C‖²_F/(‖Σx‖_F·‖Σy‖_F).
  func biased(energy: Double) -> Double? { biasedScale.map { energy / $0 } }

  /// The debiased alignment from ‖C‖²_F and Σ Kᵢᵢ·Lᵢᵢ.
  func debiased(energy: Double, diagonal: Double) -> Double? {
    debiasedScale.map {
      Self.unbiased(energy, diagonal: diagonal, traces: traces, itemCount: itemCount) / $0
    }
  }
}

extension Matrix where Scalar == Float {
  /// The squared norm of every row, in double precision.
  var rowEnergies: [Double] {
    (0..<rowCount).map { row($0).reduce(0) { $0 + Double($1) * Double($1) } }
  }
}
