/// A way of choosing what a projection of rank k damps in each modality.
///
/// CLEAR's choice beside controls: what a projection costs says little until one sees what another
/// choice of as many directions costs, and what it buys. C = U·diag(σ)·Wᵀ is the cross-covariance.
public enum Damping: String, Codable, Sendable, CaseIterable {
  /// CLEAR's own [CLEAR26]: the leading singular directions of C, orthogonally.
  case shared
  /// The trailing singular directions of C, orthogonally.
  case trailing
  /// The modality's own leading principal directions, orthogonally.
  case principal
  /// The leading canonical directions [Hot36], removed in whitened coordinates.
  case canonical
  /// What predicts the other modality's leading shared coordinates linearly, removed with the
  /// least mean-squared change [BSRCRB23].
  case leastSquares
  /// A random subspace, orthogonally; drawn several times.
  case random

  /// The name in tables, in words.
  public var title: String {
    switch self {
    case .shared: "shared directions (CLEAR)"
    case .trailing: "trailing shared directions"
    case .principal: "principal directions"
    case .canonical: "canonical directions, whitened"
    case .leastSquares: "least-squares erasure (LEACE)"
    case .random: "random directions"
    }
  }
}
