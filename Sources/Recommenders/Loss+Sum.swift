import Autodiff

extension Loss {
  /// The sum of `terms`, of which there is at least one.
  init(sumOf terms: [(name: String, value: Tensor)], on tape: Tape) {
    self.init(
      total: terms.dropFirst().reduce(terms[0].value) { tape.sum($0, $1.value) }, terms: terms)
  }
}
