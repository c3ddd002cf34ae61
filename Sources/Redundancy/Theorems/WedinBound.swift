import LinearAlgebra
import Statistics

/// How far the leading singular subspaces move when a matrix is perturbed, and Wedin's bound.
///
/// With δ = σ_k(A) − σ_{k+1}(A + E) > 0:
///
///     max(‖sinΘ_U‖_F, ‖sinΘ_W‖_F) ≤ max(‖E·W_k‖_F, ‖Eᵀ·U_k‖_F)/δ ≤ ‖E‖_F/δ,
///
/// with U_k, W_k those of A.
///
/// - Reference: [Wed72]; [CLEAR26], Equation 45, which names another theorem and omits δ > 0.
struct WedinBound {
  let rank: Int
  /// δ. The bound says nothing unless it is positive.
  let gap: Double
  /// The larger of ‖sinΘ‖_F of both sides.
  let sine: Double
  /// The sharp bound and the printed one; nil unless the gap is positive.
  let sharp: Double?
  let printed: Double?
  /// ‖U_kᵀU_{c,k}‖_F²/k: 1 when the left subspaces agree, k/p by chance.
  let meanSquaredCosine: Double

  /// - Parameters:
  ///   - whole: The decomposition of A + E.
  ///   - coarse: The decomposition of A.
  ///   - perturbation: E.
  init(
    whole: (u: Matrix<Double>, singularValues: [Double], v: Matrix<Double>),
    coarse: (u: Matrix<Double>, singularValues: [Double], v: Matrix<Double>),
    perturbation: Matrix<Double>, rank: Int
  ) {
    self.rank = rank
    let next = rank < whole.singularValues.count ? whole.singularValues[rank] : 0
    gap = coarse.singularValues[rank - 1] - next
    let u = coarse.u.leadingColumns(rank)
    let w = coarse.v.leadingColumns(rank)
    let wholeU = whole.u.leadingColumns(rank)
    let cosines = product(wholeU, .transposed, u, .none)
    meanSquaredCosine = cosines.squaredNorm / Double(rank)
    let wholeW = whole.v.leadingColumns(rank)
    let sineU = (u - product(wholeU, cosines)).frobeniusNorm
    let sineW = (w - product(wholeW, product(wholeW, .transposed, w, .none))).frobeniusNorm
    sine = max(sineU, sineW)
    let residual = max(
      product(perturbation, w).frobeniusNorm,
      product(perturbation, .transposed, u, .none).frobeniusNorm)
    sharp = gap > 0 ? residual / gap : nil
    printed = gap > 0 ? perturbation.frobeniusNorm / gap : nil
  }

  /// Whether both inequalities hold, rounding aside; true where they say nothing.
  var isRespected: Bool {
    guard let sharp, let printed else { return true }
    return sine <= sharp * (1 + 1e-9) + 1e-12 && sharp <= printed * (1 + 1e-9) + 1e-12
  }

  /// Tests the bound on random pairs (A, E) with sides of 2 to 6.
  ///
  /// - Returns: How many pairs have a positive gap and how many of them break the bound.
  /// - Throws: `LinearAlgebraError` when a decomposition does not converge.
  static func randomTest(
    pairs: Int, streams: RandomStreams
  ) throws -> (tested: Int, violations: Int) {
    let blocks = BlockGrid(count: pairs, size: 500)
    let results = Parallel.map(blocks.blockCount) { block in
      Result {
        var generator = streams.generator(for: "theorem-6", item: block)
        var tested = 0
        var violations = 0
        for _ in blocks.range(block) {
          let bound = try random(using: &generator)
          if bound.gap > 0 { tested += 1 }
          if !bound.isRespected { violations += 1 }
        }
        return (tested, violations)
      }
    }
    return try results.reduce((0, 0)) { total, result in
      let (tested, violations) = try result.get()
      return (total.0 + tested, total.1 + violations)
    }
  }

  private static func random(using generator: inout SeededGenerator) throws -> WedinBound {
    let rows = 2 + generator.index(below: 5)
    let columns = 2 + generator.index(below: 5)
    let rank = 1 + generator.index(below: min(rows, columns))
    let size = 2 * generator.uniform()
    let a = Matrix(
      rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns))
    let e = Matrix(
      rowCount: rows, columnCount: columns,
      elements: generator.normals(rows * columns).map { $0 * size * size })
    let whole = try singularValueDecomposition(a + e)
    let coarse = try singularValueDecomposition(a)
    return WedinBound(
      whole: (whole.u, whole.singularValues, whole.v),
      coarse: (coarse.u, coarse.singularValues, coarse.v), perturbation: e, rank: rank)
  }
}
