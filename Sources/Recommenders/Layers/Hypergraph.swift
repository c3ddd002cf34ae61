import Autodiff

/// What the nodes of a hypergraph get from its hyperedges, to which they belong in shares:
///
///     P = A·Z,  Z the hyperedges' sums over their nodes
///
/// - Reference: [GLLWSR24], Section 3.4.
struct HypergraphNodes {
  /// A, nodes × hyperedges.
  let shares: Tensor
  /// Z, hyperedges × width.
  let hyperedges: Tensor
  /// P, nodes × width.
  let rows: Tensor

  /// P for the nodes with shares A.
  init(shares: Tensor, hyperedges: Tensor, on tape: Tape) {
    self.shares = shares
    self.hyperedges = hyperedges
    rows = tape.product(shares, hyperedges)
  }

  /// P after `layers` hops, Yˡ = A·(Aᵀ·Yˡ⁻¹); no degrees divide, so values grow with the nodes.
  ///
  /// - Shapes: `shares` A is nodes × hyperedges, x = Y⁰ is nodes × width.
  /// - Complexity: 4·layers·nodes·hyperedges·width operations.
  static func propagated(
    _ x: Tensor, shares: Tensor, layers: Int, on tape: Tape
  ) -> HypergraphNodes {
    precondition(layers > 0, "\(layers) hops")
    func hop(_ y: Tensor) -> HypergraphNodes {
      HypergraphNodes(
        shares: shares, hyperedges: tape.product(transposed: shares, y), on: tape)
    }
    return (1..<layers).reduce(hop(x)) { nodes, _ in hop(nodes.rows) }
  }

  /// A with its rows divided by the norms of P's.
  private func unitShares(on tape: Tape) -> Tensor {
    tape.scaledRows(shares, by: tape.inverseRowNorms(rows))
  }

  /// InfoNCE of normalised rows: those of P at `places` against all of the same nodes' P in
  /// another hypergraph, each with its own as the positive; a mean over the places.
  ///
  /// The products of rows are A·(Z·Z′ᵀ)·A′ᵀ: sums of as many terms as there are hyperedges, of
  /// which there are usually far fewer than columns.
  ///
  /// - Complexity: 8·places·nodes·hyperedges operations with the gradient.
  func agreement(
    with other: HypergraphNodes, at places: ArraySlice<Int32>, temperature: Double, on tape: Tape
  ) -> Tensor {
    let candidates = other.unitShares(on: tape)
    let anchors = tape.product(
      tape.gathered(unitShares(on: tape), rows: places),
      tape.product(hyperedges, transposed: other.hyperedges))
    return tape.infoNCE(
      anchors: anchors, positives: tape.gathered(candidates, rows: places),
      candidates: candidates, temperature: temperature)
  }
}
