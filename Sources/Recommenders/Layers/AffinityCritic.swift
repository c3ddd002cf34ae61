import Autodiff
import LinearAlgebra
import Statistics

/// A critic that gives rows of affinities a number in 0...100, large for those of a real user.
///
///     z₁ = x·W₁ᵀ,  h₁ = drop(BN(z₁)),  z₂ = h₁·W₂ᵀ,  h₂ = drop(BN(z₂)),  D = 100·σ(h₂·w₃ + b₃)
///     L = mean D(fake) − mean D(real) + ρ·mean (‖∂ΣD(x̂)/∂x̂‖ − 1)²,  x̂ = α·real + (1 − α)·fake
///
/// For n items the layers are ⌊n/4⌋ and ⌊n/8⌋ wide. Between them the published code has rectifiers
/// of slope 1, which are none. Normalisation is always by the batch's own statistics, separately
/// for each kind of rows, and dropout is always on. The biases of z₁ and z₂ would cancel in the
/// normalisation and are left out.
///
/// The first layer, which holds nearly all the weights, is linear: for rows of low rank it costs
/// next to nothing, and for x̂ it follows from those of its two parts. The gradient of D has the
/// rows δ·W₁, of which only the lengths are needed, δ·(W₁·W₁ᵀ)·δᵀ.
///
/// - Reference: [WHXZ23]; [GAADC17] for the penalty.
package struct AffinityCritic {
  package let parameters: [Parameter]
  private let rates: (first: Double, second: Double)
  /// W₁ᵀ, items × ⌊n/4⌋.
  private let first: Tensor
  private let firstNorm: (scale: Tensor, shift: Tensor)
  /// W₂.
  private let second: Tensor
  private let secondNorm: (scale: Tensor, shift: Tensor)
  /// w₃ᵀ and b₃.
  private let third: Tensor
  private let bias: Tensor

  /// A seed for each random draw of a batch, by its name.
  package typealias Seeds = (_ draw: String) -> UInt64

  /// - Parameter rates: Of the two dropouts.
  package init(
    itemCount: Int, rates: (first: Double, second: Double), using generator: inout SeededGenerator
  ) {
    let widths = [itemCount, max(itemCount / 4, 1), max(itemCount / 8, 1), 1]
    // The first one lies transposed, so that an item's weights are a row.
    let first = Initialization.normal(
      itemCount, widths[1], deviation: (2 / Double(itemCount)).squareRoot(), using: &generator)
    let second = Initialization.kaimingNormal(widths[2], widths[1], using: &generator)
    let third = Initialization.kaimingNormal(1, widths[2], using: &generator)
    func row(_ width: Int, of value: Float) -> Matrix<Float> {
      Matrix(rowCount: 1, columnCount: width, repeating: value)
    }
    self.init(
      [
        Parameter("critic.first", first),
        Parameter("critic.first.scale", row(widths[1], of: 1)),
        Parameter("critic.first.shift", row(widths[1], of: 0)),
        Parameter("critic.second", second),
        Parameter("critic.second.scale", row(widths[2], of: 1)),
        Parameter("critic.second.shift", row(widths[2], of: 0)),
        Parameter("critic.third", third), Parameter("critic.third.bias", row(1, of: 0)),
      ], rates: rates) { $0 }
  }

  private init(
    _ parameters: [Parameter], rates: (first: Double, second: Double),
    _ use: (Tensor) -> Tensor
  ) {
    self.parameters = parameters
    self.rates = rates
    let tensors = parameters.map { use($0.tensor) }
    first = tensors[0]
    firstNorm = (tensors[1], tensors[2])
    second = tensors[3]
    secondNorm = (tensors[4], tensors[5])
    third = tensors[6]
    bias = tensors[7]
  }

  /// This critic as a constant of what is computed on `tape`.
  package func held(on tape: Tape) -> AffinityCritic {
    AffinityCritic(parameters, rates: rates) { tape.detached($0) }
  }

  /// mean D of several blocks of rows, which are normalised together.
  package func meanScore(
    _ rows: [AffinityRows], _ name: String, seeds: Seeds, on tape: Tape
  ) -> Tensor {
    tape.mean(pass(firstLayer(rows, on: tape), name, seeds, on: tape).scores)
  }

  /// L, with the same real rows against each block of fake ones.
  package func loss(
    real: AffinityRows, fake: [AffinityRows], penalty: Double, seeds: Seeds, on tape: Tape
  ) -> Tensor {
    let ofFake = firstLayer(fake, on: tape)
    let single = real.product(first, on: tape)
    let ofReal = tape.stacked(fake.map { _ in single })
    let distance = tape.difference(
      tape.mean(pass(ofFake, "fake", seeds, on: tape).scores),
      tape.mean(pass(ofReal, "real", seeds, on: tape).scores))
    guard penalty > 0 else { return distance }

    let shares = tape.uniform(ofFake.rowCount, 1, seed: seeds("shares"))
    let rest = tape.adding(constant: 1, to: tape.scaled(shares, by: -1))
    let mixed = pass(
      tape.sum(tape.scaledRows(ofReal, by: shares), tape.scaledRows(ofFake, by: rest)), "mixed",
      seeds, on: tape)
    let squares = tape.squaredProductNorms(inputGradient(of: mixed, on: tape), transposed: first)
    let lengths = tape.multiplied(squares, tape.inverseSquareRoot(squares))
    let excess = tape.meanSquare(tape.adding(constant: -1, to: lengths))
    return tape.sum(distance, tape.scaled(excess, by: penalty))
  }

  /// What a pass through the critic leaves for its gradient.
  private struct Pass {
    let first: Tensor
    let second: Tensor
    /// σ, of which a score is a hundred times.
    let shares: Tensor
    let scores: Tensor
    let seeds: (first: UInt64, second: UInt64)
  }

  private func firstLayer(_ rows: [AffinityRows], on tape: Tape) -> Tensor {
    tape.stacked(rows.map { $0.product(first, on: tape) })
  }

  private func pass(_ z: Tensor, _ name: String, _ seeds: Seeds, on tape: Tape) -> Pass {
    let seeds = (first: seeds("\(name) 1"), second: seeds("\(name) 2"))
    func hidden(
      _ z: Tensor, _ norm: (scale: Tensor, shift: Tensor), _ rate: Double, _ seed: UInt64
    ) -> Tensor {
      let unit = tape.batchNormalized(z, scale: norm.scale, shift: norm.shift).value
      return tape.dropout(unit, rate: rate, seed: seed)
    }
    let next = tape.linear(hidden(z, firstNorm, rates.first, seeds.first), weight: second)
    let shares = tape.sigmoid(
      tape.linear(
        hidden(next, secondNorm, rates.second, seeds.second), weight: third, bias: bias))
    return Pass(
      first: z, second: next, shares: shares, scores: tape.scaled(shares, by: 100), seeds: seeds)
  }

  /// δ = ∂ΣD/∂z₁, made of operations that are differentiated again; a dropout with the same seed
  /// is its own transpose.
  private func inputGradient(of pass: Pass, on tape: Tape) -> Tensor {
    let slopes = tape.scaled(
      tape.difference(pass.shares, tape.squared(pass.shares)), by: 100)
    func back(
      _ upstream: Tensor, through z: Tensor, _ scale: Tensor, _ rate: Double, _ seed: UInt64
    ) -> Tensor {
      tape.batchNormalizedGradient(
        z, scale: scale, upstream: tape.dropout(upstream, rate: rate, seed: seed))
    }
    let ofSecond = back(
      tape.product(slopes, third), through: pass.second, secondNorm.scale, rates.second,
      pass.seeds.second)
    return back(
      tape.product(ofSecond, second), through: pass.first, firstNorm.scale, rates.first,
      pass.seeds.first)
  }
}
