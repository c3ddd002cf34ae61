import Statistics

/// How the MMRec framework divides a user's interactions.
///
/// Of n interactions in random order, n < 10 give the last but one to validation and the last to
/// test; n ≥ 10 hold out h = ⌊0.2 n⌋, of which ⌊h/2⌋ go to validation and the rest to test.
///
/// - Reference: [Zhou23].
enum SplitRecipe {
  /// Labels (0 training, 1 validation, 2 test) for the interactions of one user.
  static func labels(_ count: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
    let held = count < 10 ? min(2, count) : count / 5
    let validation = held / 2
    var labels = [UInt8](repeating: 0, count: count)
    for (place, row) in generator.permutation(count).suffix(held).enumerated() {
      labels[row] = place < validation ? 1 : 2
    }
    return labels
  }
}
