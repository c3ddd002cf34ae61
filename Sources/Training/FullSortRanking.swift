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
/// - Complexity: 2·m·n·d operations for m users and n items of width d, in parallel over blocks of
///   users; memory of one tile a thread beyond a copy of the items. The same bits for every thread
///   count.
struct FullSortRanking: Sendable {
  static let blockSize = 256
  static let tileSize = 512
  /// Survivors of the screening beyond those that are wanted.
  private static let margin = 16

  let users: Matrix<Float>
  /// The items that do not compete for each user.
  let exclusions: ItemLists
  let itemCount: Int
  /// What a score of each user may be off when it is summed in single precision.
  let tolerances: [Double]
  /// Items, then rows of zeros that complete the last tile.
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
    exclusions = data.itemsByUser
    itemCount = items.rowCount
    // A sum of d products is off by less than d roundings of ‖u‖·‖i‖, in whatever order.
    let roundings = Double(items.columnCount + 8) * Double(Float.ulpOfOne)
    let largestNorm = itemNorms.max() ?? 0
    tolerances = userNorms.map { $0 * largestNorm * roundings }
    let padding = BlockGrid(count: items.rowCount, size: Self.tileSize).blockCount * Self.tileSize
      - items.rowCount
    paddedItems = items.elements + [Float](repeating: 0, count: padding * items.columnCount)
    columnScales =
      [Float](repeating: 1, count: items.rowCount) + [Float](repeating: .nan, count: padding)
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
          let next = ScoredItem(item: candidate.index, score: score)
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
      collect(scores, itemsFrom: start, rowScales, into: result)
    }
    return result
  }

  /// Tiles of ``tileSize`` items.
  var tileCount: Int { columnScales.count / Self.tileSize }

  /// Hands the scores of up to ``blockSize`` users and the items from `start` on to `body`, tile by
  /// tile: ``tileSize`` to a row, NaN for a user's training items.
  func forEachTile(
    _ tiles: Range<Int>, of chosen: some Collection<Int32>,
    _ body: (_ scores: UnsafeBufferPointer<Float>, _ start: Int) -> Void
  ) {
    let width = users.columnCount
    var rows = [Float]()
    rows.reserveCapacity(chosen.count * width)
    for user in chosen {
      rows += users.elements[Int(user) * width..<(Int(user) + 1) * width]
    }
    var cursors = chosen.map { user in
      var cursor = exclusions.offsets[Int(user)]
      let first = tiles.lowerBound * Self.tileSize
      while cursor < exclusions.offsets[Int(user) + 1], exclusions.items[cursor] < first {
        cursor += 1
      }
      return cursor
    }
    let ends = chosen.map { exclusions.offsets[Int($0) + 1] }
    var products = [Float](repeating: 0, count: Self.blockSize * Self.tileSize)

    for start in tiles.lazy.map({ $0 * Self.tileSize }) {
      products.withUnsafeMutableBufferPointer { products in
        multiply(rows, itemsFrom: start, into: products)
        for row in cursors.indices {
          while cursors[row] < ends[row] {
            let column = Int(exclusions.items[cursors[row]]) - start
            guard column < Self.tileSize else { break }
            // NaN compares with nothing and is never kept.
            products[row * Self.tileSize + column] = .nan
            cursors[row] += 1
          }
        }
        body(UnsafeBufferPointer(products), start)
      }
    }
  }

  private func multiply(
    _ rows: [Float], itemsFrom start: Int, into products: UnsafeMutableBufferPointer<Float>
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
    _ products: UnsafeBufferPointer<Float>, itemsFrom start: Int, _ rowScales: [Float],
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
