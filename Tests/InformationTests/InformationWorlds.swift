import Information
import LinearAlgebra
import Statistics

/// Tables with known answers.
enum InformationWorlds {
  /// Two independent fair symbols V and T, and Y a function of them.
  static func gate(
    _ v: Int = 2, _ t: Int = 2, y: Int = 2, _ function: (_ v: Int, _ t: Int) -> Int
  ) -> JointTable {
    var weights = [Double](repeating: 0, count: v * t * y)
    for a in 0..<v {
      for b in 0..<t { weights[(a * t + b) * y + function(a, b)] += 1 }
    }
    return JointTable(v: v, t: t, y: y, weights: weights)
  }

  /// V = T = Y, a fair coin.
  static let redundant = JointTable(v: 2, t: 2, y: 2, weights: [1, 0, 0, 0, 0, 0, 0, 1])

  static let and = gate { $0 & $1 }
  static let or = gate { $0 | $1 }
  static let exclusiveOr = gate { $0 ^ $1 }
  static let sum = gate(y: 3) { $0 + $1 }
  static let copy = gate(y: 4) { 2 * $0 + $1 }
  static let unique = gate { v, _ in v }

  /// Random weights; larger exponents make them more unequal.
  static func random(
    _ v: Int, _ t: Int, _ y: Int, exponent: Int = 1, seed: UInt64
  ) -> JointTable {
    var generator = SeededGenerator(seed: seed)
    var weights = (0..<v * t * y).map { _ in generator.uniform() }
    for index in weights.indices {
      let factor = weights[index]
      for _ in 1..<max(exponent, 1) { weights[index] *= factor }
    }
    return JointTable(v: v, t: t, y: y, weights: weights)
  }

  /// The entropy of the binary distribution (p, 1 − p).
  static func binaryEntropy(_ p: Double) -> Double { entropy([p, 1 - p]) }
}
