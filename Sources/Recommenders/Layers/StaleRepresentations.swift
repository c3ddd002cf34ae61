import Autodiff
import LinearAlgebra

/// What the last batch scored with, for models that score with that: made before the batch's step,
/// on the epoch's graph.
///
/// It is neither a parameter nor to be computed from them, so a checkpoint holds it.
struct StaleRepresentations {
  private let users: Tensor
  private let items: Tensor

  /// Until the first batch, those of `state`.
  init(_ state: (users: Tensor, items: Tensor)) {
    users = Tensor(constant: state.users.matrix)
    items = Tensor(constant: state.items.matrix)
  }

  /// Keeps those of a batch.
  func keep(users: Tensor, items: Tensor) {
    self.users.assign(users)
    self.items.assign(items)
  }

  var representations: Representations {
    Representations(users: users.matrix, items: items.matrix)
  }

  var buffers: [Buffer] { [Buffer("stale.users", users), Buffer("stale.items", items)] }
}
