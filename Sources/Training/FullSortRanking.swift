import LinearAlgebra
import Recommenders

/// An item with the score that a user gives it.
public struct ScoredItem: Sendable, Equatable {
  public let item: Int
  /// ⟨user, item⟩, summed in double precision.
  public let score: Double

  public init(item: Int, score: Double) {
    self.item = item
    self.score = score
  }

  func precedes(_ other: ScoredItem) -> Bool {
    score != other.score ? score > other.score : item < other.item
  }
}

/// Ranks all items for users: score ⟨u, i⟩, higher first, ties by lower index.
///
/// A user's training items are left out. Scores are screened in single precision, tile by tile,
/// and the order of the best is settled in double precision: BLAS rounds a score by the place of
/// its pair in the tile, so that items of equal content would not tie. Some more than are wanted
/// survive the screening; an item is missed only where more than these score within a rounding of
/// the last place, as an arbitrary choice among equals.
///
/// Items take their places from the longest to the shortest, because no item scores above
/// ‖u‖·‖i‖: what the first tiles leave open, the others can often not change.
///
/// - Complexity: 2·m·n·d operations for m users and n items of width d, in parallel over blocks of
///   users; memory of one tile a thread beyond a copy of the items. The same bits for every thread
///   count.
struct FullSortRanking: Sendable {
  static let blockSize = 256
  static let tileSize = 128
  /// Survivors of the screening beyond those that are wanted.
  private static let margin = 16

  let users: Matrix<Float>
  /// The items that do not compete for each user.
  let exclusions: ItemLists
  /// The item at each place.
  let itemsByPlace: [Int32]
  /// The place of each item.
  let places: [Int32]
  let userNorms: [Double]
  /// Euclidean norms of the items by place, descending.
  let itemNorms: [Double]
  /// What a score of each user may be off when it is summed in single precision.
  let tolerances: [Double]
  /// Items by place, then rows of zeros that complete the last tile.
  let paddedItems: [Float]
  /// 1 for items, NaN for padding, which withdraws it.
  private let columnScales: [Float]

  /// - Throws: ``EvaluationError`` for rows that do not match `data`, and for representations whose
  ///   scores would not all be finite.
  init(_ representations: Representations, _ data: TrainingData) throws(EvaluationError) {
    let (users, items) = (representations.users, representations.items)
    precondition(users.columnCount > 0, "representations have no columns")
    guard users.rowCount == data.userCount else {
      throw .rowCountMismatch(.users, rows: users.rowCount, expected: data.userCount)
    }
    guard items.rowCount == data.itemCount else {
      throw .rowCountMismatch(.items, rows: items.rowCount, expected: data.itemCount)
    }
    let userNorms = rowNorms(users)
    let itemNorms = rowNorms(items)
    if let row = userNorms.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(.users, row: row)
    }
    if let row = itemNorms.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(.items, row: row)
    }
    // No partial sum of ⟨u, i⟩ exceeds ‖u‖·‖i‖; half the range leaves room for rounding.
    let limit = Double(Float.greatestFiniteMagnitude) / 2 / (itemNorms.max() ?? 0)
    if let user = userNorms.firstIndex(where: { $0 > limit }) { throw .overflow(user: user) }

    self.users = users
    self.userNorms = userNorms
    exclusions = data.itemsByUser
    // Equally long ones in the order of their indices.
    let order = itemNorms.enumerated().sorted { ($0.element, $1.offset) > ($1.element, $0.offset) }
    itemsByPlace = order.map { Int32($0.offset) }
    self.itemNorms = order.map(\.element)
    var places = [Int32](repeating: 0, count: order.count)
    for (place, item) in itemsByPlace.enumerated() { places[Int(item)] = Int32(place) }
    self.places = places
    // A sum of d products is off by less than d roundings of ‖u‖·‖i‖, in whatever order.
    let roundings = Double(items.columnCount + 8) * Double(Float.ulpOfOne)
    let largestNorm = self.itemNorms.first ?? 0
    tolerances = userNorms.map { $0 * largestNorm * roundings }
    let tiles = BlockGrid(count: items.rowCount, size: Self.tileSize)
    let placeCount = tiles.blockCount * Self.tileSize
    paddedItems = Self.rows(itemsByPlace, of: items, count: placeCount)
    columnScales = (0..<placeCount).map { $0 < items.rowCount ? 1 : .nan }
  }

  /// Rows `indices` of `matrix`, then rows of zeros up to `count`.
  private static func rows(
    _ indices: some Collection<Int32>, of matrix: Matrix<Float>, count: Int
  ) -> [Float] {
    let width = matrix.columnCount
    return matrix.elements.withUnsafeBufferPointer { source in
      [Float](unsafeUninitializedCapacity: count * width) { target, initialized in
        guard let source = source.baseAddress, var next = target.baseAddress else { return }
        for index in indices {
          next.initialize(from: source + Int(index) * width, count: width)
          next += width
        }
        next.initialize(repeating: 0, count: (count - indices.count) * width)
        initialized = count * width
      }
    }
  }

  /// Hands the best `count` items of each user to `body`, best first, with the user's place in
  /// `chosen`; fewer where the user has fewer candidates.
  func forEach(
    _ chosen: [Int32], count: Int, _ body: @Sendable (_ place: Int, _ best: [ScoredItem]) -> Void
  ) {
    let grid = BlockGrid(count: chosen.count, size: Self.blockSize)
    Parallel.forEach(grid.blockCount) { block in
      let places = grid.range(block)
      let screened = candidates(count + Self.margin, of: chosen[places])
      for place in places {
        let row = place - places.lowerBound
        let ranking = settled(screened.best(ofRow: row), user: Int(chosen[place]))
        body(place, Array(ranking.prefix(count)))
      }
    }
  }

  private func settled(_ screened: [CandidateBuffers.Candidate], user: Int) -> [ScoredItem] {
    let width = users.columnCount
    var ranking: [ScoredItem] = []
    ranking.reserveCapacity(screened.count)
    users.elements.withUnsafeBufferPointer { users in
      paddedItems.withUnsafeBufferPointer { items in
        guard let users = users.baseAddress, let items = items.baseAddress else { return }
        for candidate in screened {
          let score = VectorKernels.dot(
            users + user * width, items + candidate.index * width, count: width)
          let next = ScoredItem(item: Int(itemsByPlace[candidate.index]), score: score)
          // Insertion: the screening leaves them all but sorted.
          ranking.append(next)
          var place = ranking.count - 1
          while place > 0, next.precedes(ranking[place - 1]) {
            ranking[place] = ranking[place - 1]
            place -= 1
          }
          ranking[place] = next
        }
      }
    }
    return ranking
  }

  private func candidates(_ count: Int, of chosen: ArraySlice<Int32>) -> CandidateBuffers {
    let result = CandidateBuffers(rowCount: Self.blockSize, kept: count)
    let rowScales = [Float](repeating: 1, count: chosen.count)
    forEachTile(0..<tileCount, of: chosen) { scores, start in
      collect(scores, placesFrom: start, rowScales, into: result)
    }
    return result
  }

  /// Tiles of ``tileSize`` items.
  var tileCount: Int { columnScales.count / Self.tileSize }

  /// Hands the scores of up to ``blockSize`` users and the items from place `start` on to `body`,
  /// tile by tile: ``tileSize`` to a row, NaN for a user's training items.
  func forEachTile(
    _ tiles: Range<Int>, of chosen: some Collection<Int32>,
    _ body: (_ scores: UnsafeBufferPointer<Float>, _ start: Int) -> Void
  ) {
    let rows = Self.rows(chosen, of: users, count: chosen.count)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.blockSize * Self.tileSize) {
      products in
      for start in tiles.lazy.map({ $0 * Self.tileSize }) {
        multiply(rows, placesFrom: start, into: products)
        for (row, user) in chosen.enumerated() {
          for item in exclusions[Int(user)] {
            let column = Int(places[Int(item)]) - start
            // NaN compares with nothing and is never kept.
            if (0..<Self.tileSize).contains(column) {
              products[row * Self.tileSize + column] = .nan
            }
          }
        }
        body(UnsafeBufferPointer(products), start)
      }
    }
  }

  private func multiply(
    _ rows: [Float], placesFrom start: Int, into products: UnsafeMutableBufferPointer<Float>
  ) {
    let width = users.columnCount
    rows.withUnsafeBufferPointer { rows in
      paddedItems.withUnsafeBufferPointer { items in
        guard let first = rows.baseAddress, let items = items.baseAddress,
          let products = products.baseAddress
        else { return }
        DenseKernels.gemm(
          .init(base: first, stride: width),
          .init(base: items + start * width, stride: width, transposition: .transposed),
          .init(
            base: products, stride: Self.tileSize, rows: rows.count / width,
            columns: Self.tileSize, inner: width))
      }
    }
  }

  private func collect(
    _ products: UnsafeBufferPointer<Float>, placesFrom start: Int, _ rowScales: [Float],
    into result: CandidateBuffers
  ) {
    let rowCount = rowScales.count
    rowScales.withUnsafeBufferPointer { rowScales in
      columnScales.withUnsafeBufferPointer { columnScales in
        guard let products = products.baseAddress, let rowScales = rowScales.baseAddress,
          let columnScales = columnScales.baseAddress
        else { return }
        result.collect(
          .init(
            products: products, rowCount: rowCount, columnCount: Self.tileSize, rowStart: 0,
            columnStart: start, rowScales: rowScales, columnScales: columnScales + start),
          isSymmetric: false)
      }
    }
  }
}
