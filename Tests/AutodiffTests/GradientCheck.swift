import LinearAlgebra
import Statistics
import Testing

import Autodiff

/// A random matrix of standard normal numbers.
func randomMatrix(
  _ rowCount: Int, _ columnCount: Int, seed: UInt64, scale: Double = 1
) -> Matrix<Float> {
  var generator = SeededGenerator(seed: seed)
  return Matrix(
    rowCount: rowCount, columnCount: columnCount,
    elements: generator.normals(rowCount * columnCount).map { Float(scale * $0) })
}

/// Compares an operation with its plain form in double precision: the value, and the gradient of
/// Σ w·y for random w with central differences of the plain form.
func checkOperation(
  _ inputs: [Matrix<Float>], tolerance: Double = 2e-5,
  operation: (Tape, [Tensor]) -> Tensor,
  plain: ([Matrix<Double>]) -> Matrix<Double>,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let parameters = inputs.enumerated().map { Parameter("input \($0.offset)", $0.element) }
  let tape = Tape()
  // The second step must not see anything of the first.
  for step in 0..<2 {
    tape.begin()
    let y = operation(tape, parameters.map(\.tensor))
    let expected = plain(inputs.map { Matrix<Double>($0) })
    #expect(y.rowCount == expected.rowCount && y.columnCount == expected.columnCount)
    let scale = max(1, expected.maximumMagnitude)
    #expect(
      (Matrix<Double>(y.matrix) - expected).maximumMagnitude < tolerance * scale,
      "value, step \(step)", sourceLocation: sourceLocation)

    let weights = randomMatrix(y.rowCount, y.columnCount, seed: 99)
    let loss = tape.weightedTotal(y, weights)
    tape.backward(from: loss)
    let objective: ([Matrix<Double>]) -> Double = { inputs in
      zip(plain(inputs).elements, weights.elements).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    for (index, parameter) in parameters.enumerated() {
      let gradient = parameter.tensor.gradientMatrix
      let numeric = centralDifferences(objective, inputs.map { Matrix<Double>($0) }, index)
      let scale = max(1, numeric.maximumMagnitude)
      #expect(
        (Matrix<Double>(gradient) - numeric).maximumMagnitude < tolerance * scale,
        "gradient of input \(index), step \(step)", sourceLocation: sourceLocation)
      parameter.tensor.clearGradient()
    }
  }
}

/// The gradient of `objective` in double precision by central differences.
func centralDifferences(
  _ objective: ([Matrix<Double>]) -> Double, _ inputs: [Matrix<Double>], _ index: Int
) -> Matrix<Double> {
  let h = 1e-6
  var result = inputs[index]
  for place in inputs[index].elements.indices {
    var (above, below) = (inputs, inputs)
    above[index].elements[place] += h
    below[index].elements[place] -= h
    result.elements[place] = (objective(above) - objective(below)) / (2 * h)
  }
  return result
}

extension Tape {
  /// Σ w·x, built from operations that are checked on their own.
  func weightedTotal(_ x: Tensor, _ weights: Matrix<Float>) -> Tensor {
    let columns = (0..<x.columnCount).map { column -> Tensor in
      let scale = Tensor(
        constant: Matrix(
          rowCount: x.rowCount, columnCount: 1, elements: weights.column(column)))
      return scaledRows(self.columns(column..<column + 1, of: x), by: scale)
    }
    return total(joined(columns))
  }
}
