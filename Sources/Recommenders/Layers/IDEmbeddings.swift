import Autodiff
import LinearAlgebra
import Statistics

/// Xavier-uniform tables of users and items, one under the other, each with its own spread.
func idEmbeddings(
  _ input: ModelInput, width: Int, _ streams: RandomStreams
) -> (all: Tensor, parameters: [Parameter]) {
  var generator = streams.generator(for: "initialization")
  let users = Initialization.xavierUniform(input.userCount, width, using: &generator)
  let items = Initialization.xavierUniform(input.itemCount, width, using: &generator)
  return Parameter.stacked([("user_embedding", users), ("item_embedding", items)])
}

extension Tape {
  /// The first `count` rows of a tensor, and the rest.
  func split(_ x: Tensor, after count: Int) -> (first: Tensor, second: Tensor) {
    (rows(0..<count, of: x), rows(count..<x.rowCount, of: x))
  }

  /// This tape at the beginning of a step: what a model evaluates on takes up no new memory.
  var restarted: Tape {
    begin()
    return self
  }
}
