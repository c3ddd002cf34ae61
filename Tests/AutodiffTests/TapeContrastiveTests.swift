import Foundation
import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeContrastiveTests {
  /// −mean_r ln( exp(⟨aᵣ, pᵣ⟩/τ)/Σ_c exp(⟨aᵣ, c⟩/τ) + ε ), candidate r left out for anchor r where
  /// that is asked for.
  private func plain(
    _ anchors: Matrix<Double>, _ positives: Matrix<Double>, _ candidates: Matrix<Double>,
    temperature: Double, excludesOwn: Bool = false, floor: Double = 0
  ) -> Matrix<Double> {
    func similarity(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / temperature
    }
    let losses = (0..<anchors.rowCount).map { row -> Double in
      let anchor = anchors.row(row)
      var sum = 0.0
      for c in 0..<candidates.rowCount where !(excludesOwn && c == row) {
        sum += exp(similarity(anchor, candidates.row(c)))
      }
      return -log(exp(similarity(anchor, positives.row(row))) / sum + floor)
    }
    return Matrix(rows: [[losses.reduce(0, +) / Double(losses.count)]])
  }

  @Test(arguments: [1, 16, 37])
  func `the contrastive loss has gradients for anchors, positives and candidates`(count: Int) {
    let inputs = [
      randomMatrix(9, 6, seed: 1, scale: 0.5), randomMatrix(9, 6, seed: 2, scale: 0.5),
      randomMatrix(count, 6, seed: 3, scale: 0.5),
    ]
    checkOperation(inputs, tolerance: 5e-5) {
      $0.infoNCE(anchors: $1[0], positives: $1[1], candidates: $1[2], temperature: 0.4)
    } plain: { plain($0[0], $0[1], $0[2], temperature: 0.4) }
  }

  @Test func `positives may be the candidates, and anchors too`() {
    let inputs = [randomMatrix(9, 6, seed: 1), randomMatrix(9, 6, seed: 2)]
    checkOperation(inputs, tolerance: 1e-4) {
      $0.infoNCE(anchors: $1[0], positives: $1[1], candidates: $1[1], temperature: 0.7)
    } plain: { plain($0[0], $0[1], $0[1], temperature: 0.7) }
    checkOperation([inputs[0]], tolerance: 1e-4) {
      $0.infoNCE(anchors: $1[0], positives: $1[0], candidates: $1[0], temperature: 0.7)
    } plain: { plain($0[0], $0[0], $0[0], temperature: 0.7) }
  }

  @Test func `an anchor may be left out of its own denominator, with a guard in the logarithm`() {
    let inputs = [
      randomMatrix(7, 6, seed: 1, scale: 0.5), randomMatrix(7, 6, seed: 2, scale: 0.5),
    ]
    checkOperation(inputs, tolerance: 5e-5) { tape, x in
      tape.infoNCE(
        anchors: x[0], positives: x[1], candidates: tape.stacked([x[0], x[1]]), temperature: 0.5,
        excludesOwn: true, floor: 1e-3)
    } plain: {
      plain(
        $0[0], $0[1], $0[0].stacked(above: $0[1]), temperature: 0.5, excludesOwn: true,
        floor: 1e-3)
    }
  }

  @Test func `equal rows lose the logarithm of their number`() {
    let row = Tensor(constant: Matrix(rowCount: 50, columnCount: 8, repeating: 0.3))
    let loss = Tape().infoNCE(anchors: row, positives: row, candidates: row, temperature: 0.2)
    #expect(abs(Double(loss.scalar) - log(50)) < 1e-5)
  }

  @Test func `cosines at a low temperature neither overflow nor vanish`() {
    let x = Parameter("x", randomMatrix(40, 8, seed: 5, scale: 100))
    let tape = Tape()
    let loss = tape.infoNCE(
      anchors: x.tensor, positives: x.tensor, candidates: x.tensor, temperature: 1e-2)
    tape.backward(from: loss)
    #expect(loss.scalar.isFinite)
    #expect(x.tensor.gradientMatrix.elements.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [(false, 0), (true, 0), (true, 0.1)])
  func `blocks of rows give what the whole matrix of products gives`(
    excludesOwn: Bool, floor: Double
  ) {
    let inputs = [
      randomMatrix(1500, 5, seed: 1), randomMatrix(1500, 5, seed: 2),
      randomMatrix(2501, 5, seed: 3),
    ]
    let parameters = inputs.enumerated().map { Parameter("x \($0.offset)", $0.element) }
    func gradients(_ loss: (Tape, [Tensor]) -> Tensor) -> (Float, [Matrix<Float>]) {
      let tape = Tape()
      let value = loss(tape, parameters.map(\.tensor))
      tape.backward(from: value)
      defer { for parameter in parameters { parameter.tensor.clearGradient() } }
      return (value.scalar, parameters.map(\.tensor.gradientMatrix))
    }
    let (value, inBlocks) = gradients {
      $0.infoNCE(
        anchors: $1[0], positives: $1[1], candidates: $1[2], temperature: 2,
        excludesOwn: excludesOwn, floor: floor)
    }
    var mask = Matrix<Float>(rowCount: 1500, columnCount: 2501)
    if excludesOwn { for own in 0..<1500 { mask[own, own] = -1e4 } }
    let constant = Tensor(constant: mask)
    let (exact, whole) = gradients { tape, x in
      let products = tape.scaled(tape.product(x[0], transposed: x[2]), by: 0.5)
      let losses = tape.difference(
        tape.logSumExpRows(tape.sum(products, constant)),
        tape.scaled(tape.rowDots(x[0], x[1]), by: 0.5))
      let shares = tape.exponential(tape.scaled(losses, by: -1))
      return tape.scaled(
        tape.mean(tape.logarithm(tape.adding(constant: floor, to: shares))), by: -1)
    }
    #expect(abs(value - exact) < 1e-5)
    for (a, b) in zip(inBlocks, whole) {
      #expect((Matrix<Double>(a) - Matrix<Double>(b)).maximumMagnitude < 1e-8)
    }
  }

  @Test func `a tape that only evaluates gives the same loss`() {
    let x = Parameter("x", randomMatrix(70, 9, seed: 4))
    let losses = [true, false].map { isRecording in
      Tape(isRecording: isRecording).infoNCE(
        anchors: x.tensor, positives: x.tensor, candidates: x.tensor, temperature: 0.5
      ).scalar
    }
    #expect(losses[0] == losses[1])
  }

  @Test func `has the same bits for any number of threads`() {
    let x = randomMatrix(2300, 12, seed: 3)
    func step() -> [Matrix<Float>] {
      let parameter = Parameter("x", x)
      let tape = Tape()
      let rows = tape.normalizedRows(parameter.tensor)
      let loss = tape.infoNCE(anchors: rows, positives: rows, candidates: rows, temperature: 0.2)
      tape.backward(from: loss)
      return [loss.matrix, parameter.tensor.gradientMatrix]
    }
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let results = [1, 2, 5].map { count in
      Parallel.threadCount = count
      return step()
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test(arguments: [1, 15, 16, 17, 80])
  func `the logarithm of a row's exponentials has the softmax for its gradient`(width: Int) {
    checkOperation([randomMatrix(11, width, seed: 7)]) { tape, x in
      tape.logSumExpRows(x[0])
    } plain: { x in
      Matrix(
        rowCount: 11, columnCount: 1,
        elements: (0..<11).map { log(x[0].row($0).reduce(0) { $0 + exp($1) }) })
    }
    let large = Tensor(constant: Matrix(rowCount: 1, columnCount: width, repeating: 500))
    let value = Tape(isRecording: false).logSumExpRows(large).scalar
    #expect(abs(Double(value) - 500 - log(Double(width))) < 1e-4)
  }
}
