/// A joint distribution of three discrete variables: two modalities V and T, and a task Y.
public struct JointTable: Sendable, Equatable {
  /// Number of values of V.
  public let v: Int
  /// Number of values of T.
  public let t: Int
  /// Number of values of Y.
  public let y: Int
  /// p(v, t, y), v-major, then t, then y.
  package let probabilities: [Double]

  /// - Parameter weights: Finite and not negative, v-major then t then y; scaled to sum to 1.
  /// - Precondition: there is one weight for each cell and a positive one among them.
  public init(v: Int, t: Int, y: Int, weights: [Double]) {
    let total = weights.reduce(0, +)
    precondition(
      weights.count == v * t * y && total > 0 && total.isFinite && weights.allSatisfy { $0 >= 0 },
      "a table needs a weight for each of its \(v) x \(t) x \(y) cells, none negative or infinite "
        + "and not all zero")
    self.v = v
    self.t = t
    self.y = y
    probabilities = weights.map { $0 / total }
  }

  /// Y = V xor T with V and T independent fair coins.
  public static let exclusiveOr = JointTable(
    v: 2, t: 2, y: 2, weights: [1, 0, 0, 1, 0, 1, 1, 0])

  /// I(V;T) in bits.
  package var modalities: Double { mutualInformation(modalityPairs, columnCount: t) }
  /// I(V;Y), I(T;Y) and I(V,T;Y) in bits.
  package var firstTask: Double { mutualInformation(firstTaskPairs, columnCount: y) }
  package var secondTask: Double { mutualInformation(secondTaskPairs, columnCount: y) }
  package var jointTask: Double { mutualInformation(probabilities, columnCount: y) }

  /// I(V;T|Y) in bits, the mean over y of the information between V and T given Y = y.
  package var modalitiesGivenTask: Double {
    (0..<y).reduce(0) { sum, y in
      let slice = stride(from: y, to: probabilities.count, by: self.y).map { probabilities[$0] }
      return sum + slice.reduce(0, +) * mutualInformation(slice, columnCount: t)
    }
  }

  /// I(V;T) − I(V;T|Y), which Equation 2 calls redundancy.
  package var bracket: Double { modalities - modalitiesGivenTask }

  /// |bracket − (I(V;Y) + I(T;Y) − I(V,T;Y))|, zero but for rounding.
  package var identityError: Double { abs(bracket - (firstTask + secondTask - jointTask)) }

  /// p(v, t), v-major.
  package var modalityPairs: [Double] {
    sums(v * t) { index in index / y }
  }

  /// p(v, y), v-major.
  package var firstTaskPairs: [Double] {
    sums(v * y) { index in index / (t * y) * y + index % y }
  }

  /// p(t, y), t-major.
  package var secondTaskPairs: [Double] {
    sums(t * y) { index in index % (t * y) }
  }

  /// Sums of the cells that `place` puts together.
  private func sums(_ count: Int, _ place: (Int) -> Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for (index, p) in probabilities.enumerated() { result[place(index)] += p }
    return result
  }
}
