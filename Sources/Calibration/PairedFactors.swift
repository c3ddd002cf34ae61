import LinearAlgebra
import Redundancy
import Statistics

/// Two compressed modalities of the same items, ready to be relabelled.
///
/// One side, the narrow one, enters with its scores N alone; of the other, the wide one, the
/// scores W are multiplied out for every relabeling and the tail is carried along:
///
///     CᵀC = (WᵀN/n)ᵀ(WᵀN/n) + (W⊥ᵀN/n)ᵀ(W⊥ᵀN/n)
///
/// For the pairing at hand the second term is computed from the features, so that the singular
/// values are those of ``SharedSubspace`` but for rounding, provided that the narrow side is kept
/// whole. Where both sides have a tail, the one that holds the smaller share of its variance is
/// cut, in the data and in every relabeling alike: all statements are then about the leading
/// coordinates of that modality.
public struct PairedFactors: Sendable {
  public let first: PrincipalFactors
  public let second: PrincipalFactors
  /// Whether the first modality is the narrow one.
  public let isFirstNarrow: Bool
  /// W⊥ᵀN/n of the data as a Gram matrix, r × r in the coordinates of the narrow side; nil without
  /// a tail.
  let tailGram: Matrix<Double>?
  let whitening: PairWhitening

  /// Number of items n.
  public var itemCount: Int { first.itemCount }
  var narrow: PrincipalFactors { isFirstNarrow ? first : second }
  var wide: PrincipalFactors { isFirstNarrow ? second : first }

  /// - Parameter covariance: The cross-covariance of the features that were compressed, where it
  ///   is already known.
  /// - Throws: ``RedundancyError/itemCountMismatch(first:second:)``,
  ///   ``RedundancyError/tooFewItems(count:needed:)``.
  /// - Precondition: `covariance` has the shape of the features.
  /// - Complexity: 2·n·d·r operations for a wide side of d features; 2·d·r² with the covariance.
  public init(
    _ first: PrincipalFactors, _ second: PrincipalFactors, covariance: CrossCovariance? = nil
  ) throws(RedundancyError) {
    guard first.itemCount == second.itemCount else {
      throw .itemCountMismatch(first: first.itemCount, second: second.itemCount)
    }
    guard first.itemCount >= 3 else { throw .tooFewItems(count: first.itemCount, needed: 3) }
    self.first = first
    self.second = second
    let shares = [first, second].map {
      $0.isExact ? 0 : $0.tailVariance / $0.totalVariance
    }
    isFirstNarrow = shares[0] == shares[1] ? first.rank < second.rank : shares[0] < shares[1]
    whitening = PairWhitening(first, second)
    let (wide, narrow) = isFirstNarrow ? (second, first) : (first, second)
    guard !wide.isExact else {
      tailGram = nil
      return
    }
    let image: Matrix<Double>
    if let covariance {
      precondition(
        covariance.matrix.rowCount == first.width && covariance.matrix.columnCount == second.width,
        "the covariance is that of other features")
      image = product(
        covariance.matrix, isFirstNarrow ? .transposed : .none, narrow.basis, .none)
    } else {
      image = singlePrecisionCrossCovariance(wide.features, narrow.scores)
    }
    let beyond = withoutComponents(along: wide.basis, image)
    tailGram = product(beyond, .transposed, beyond, .none)
  }

  /// For every item of the wide side its partner in the narrow one, when item i of the first
  /// modality is paired with `partners[i]` of the second.
  func narrowPartners(_ partners: [Int]) -> [Int] {
    guard isFirstNarrow else { return partners }
    var inverse = partners
    for (item, partner) in partners.enumerated() { inverse[partner] = item }
    return inverse
  }

  /// WᵀP·N/n of several relabelings in single precision, on the calling thread.
  ///
  /// The rows of W are re-paired, being the shorter ones; side by side those of all relabelings
  /// meet each block of N once.
  ///
  /// - Complexity: 2·n·r·r operations for each relabeling.
  func crossCovariances(narrowPartners orders: [[Int]]) -> [Matrix<Double>] {
    let (left, right) = (wide.scores, narrow.scores)
    let (rank, width) = (wide.rank, narrow.rank)
    let columns = rank * orders.count
    var sums = [Float](repeating: 0, count: columns * width)
    guard !sums.isEmpty else {
      return orders.map { _ in Matrix(rowCount: rank, columnCount: width) }
    }
    let sources = orders.map { order in
      var source = order
      for (item, partner) in order.enumerated() { source[partner] = item }
      return source
    }
    let grid = BlockGrid(count: left.rowCount, size: 256)
    sums.withUnsafeMutableBufferPointer { target in
      left.elements.withUnsafeBufferPointer { left in
        right.elements.withUnsafeBufferPointer { right in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: grid.size * columns) { part in
            for block in 0..<grid.blockCount {
              let items = grid.range(block)
              for (index, source) in sources.enumerated() {
                var line = part.baseAddress! + index * rank
                for item in items {
                  line.update(from: left.baseAddress! + source[item] * rank, count: rank)
                  line += columns
                }
              }
              DenseKernels.gemm(
                .init(base: part.baseAddress!, stride: columns, transposition: .transposed),
                .init(base: right.baseAddress! + items.lowerBound * width, stride: width),
                .init(
                  base: target.baseAddress!, stride: width, rows: columns, columns: width,
                  inner: items.count, accumulates: true))
            }
          }
        }
      }
    }
    let scale = 1 / Double(itemCount)
    return orders.indices.map { index in
      Matrix(
        rowCount: rank, columnCount: width,
        elements: sums[index * rank * width..<(index + 1) * rank * width].map {
          Double($0) * scale
        })
    }
  }
}

/// AᵀA on the calling thread.
func gram(_ a: Matrix<Double>) -> Matrix<Double> {
  let width = a.columnCount
  var result = Matrix<Double>(rowCount: width, columnCount: width)
  guard !a.elements.isEmpty else { return result }
  result.elements.withUnsafeMutableBufferPointer { target in
    a.elements.withUnsafeBufferPointer { a in
      DenseKernels.gemm(
        .init(base: a.baseAddress!, stride: width, transposition: .transposed),
        .init(base: a.baseAddress!, stride: width),
        .init(
          base: target.baseAddress!, stride: width, rows: width, columns: width,
          inner: a.count / width))
    }
  }
  return result
}
