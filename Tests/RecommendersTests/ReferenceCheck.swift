import Autodiff
import LinearAlgebra
import Recommenders
import Testing

/// Compares a model with its definition: the loss, the gradient of every parameter with central
/// differences of the definition, and what scores are made of.
///
/// - Parameter batch: The triples as the model gets them, where they are not a whole first batch.
func checkModel(
  _ model: any Recommender, against plain: some PlainModel, _ triples: Triples = TinyWorld.triples,
  batch: Batch? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  let parameters = model.plainParameters
  let tape = Tape()
  let loss = model.loss(of: batch ?? triples.batch, on: tape)
  let expected = plain.loss(parameters, triples)
  #expect(
    abs(Double(loss.total.scalar) - expected) < 2e-6 * max(1, abs(expected)),
    "loss \(loss.total.scalar) for \(expected)", sourceLocation: sourceLocation)
  let sum = loss.terms.reduce(0.0) { $0 + Double($1.value.scalar) }
  #expect(abs(sum - expected) < 4e-6 * max(1, abs(expected)), sourceLocation: sourceLocation)

  tape.backward(from: loss.total)
  for parameter in model.parameters {
    let gradient = Plain(parameter.tensor.gradientMatrix)
    let numeric = centralDifferences(plain, parameters, parameter.name, triples)
    let difference = (gradient - numeric).maximumMagnitude
    #expect(
      difference < 2e-6 + 2e-5 * numeric.maximumMagnitude,
      "gradient of \(parameter.name) is off by \(difference)", sourceLocation: sourceLocation)
  }
  for parameter in model.parameters { parameter.tensor.clearGradient() }

  let representations = model.representations()
  let reference = plain.representations(parameters)
  for (found, exact) in [
    (representations.users, reference.users), (representations.items, reference.items),
  ] {
    #expect(
      (Plain(found) - exact).maximumMagnitude < 5e-6 * max(1, exact.maximumMagnitude),
      sourceLocation: sourceLocation)
  }
}

private func centralDifferences(
  _ plain: some PlainModel, _ parameters: [String: Plain], _ name: String, _ triples: Triples
) -> Plain {
  let h = 1e-6
  var result = parameters[name]!
  for row in 0..<result.rowCount {
    for column in 0..<result.columnCount {
      var (above, below) = (parameters, parameters)
      above[name]!.rows[row][column] += h
      below[name]!.rows[row][column] -= h
      result.rows[row][column] =
        (plain.loss(above, triples) - plain.loss(below, triples)) / (2 * h)
    }
  }
  return result
}

extension SubspaceProjector {
  /// Q of each modality as the model applies it, from its single-precision bases.
  var plainProjections: [String: Plain] {
    var result: [String: Plain] = [:]
    for (index, name) in ["image", "text"].enumerated() {
      guard let projection, includes(index) else { continue }
      result[name] = plainProjection(
        Plain(Matrix<Float>(projection.bases[index])), strength: options.strength)
    }
    return result
  }
}

/// Leading `rank` singular directions of the covariance of `first` and `second`, by definition.
func plainSharedBases(_ first: Plain, _ second: Plain, rank: Int) throws -> [Plain] {
  let covariance = 1 / Double(first.rowCount) * (first.centred.transposed * second.centred)
  let decomposition = try singularValueDecomposition(covariance.matrix)
  return [decomposition.u, decomposition.v].map { Plain($0.leadingColumns(rank)) }
}
