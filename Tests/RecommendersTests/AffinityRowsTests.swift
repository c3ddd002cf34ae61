import Autodiff
import LinearAlgebra
import Recommenders
import Testing

/// Affinities by definition, with zeros at `own`.
func plainAffinities(users: Plain, items: Plain, own: [[Int32]]) -> Plain {
  let products = users * items.transposed
  return Plain(
    zip(products.rows, own).map { row, own in
      var row = row
      for item in own { row[Int(item)] = 0 }
      let norm = dot(row, row).squareRoot()
      return row.map { norm > 0 ? $0 / norm : 0 }
    })
}

extension SparsePattern {
  /// The pattern with these columns in its rows.
  init(_ rows: [[Int32]], columnCount: Int) {
    self.init(
      rowCount: rows.count, columnCount: columnCount,
      rows: rows.indices.flatMap { [Int32](repeating: Int32($0), count: rows[$0].count) },
      columns: rows.flatMap { $0 })
  }
}

@Suite("Affinity rows")
struct AffinityRowsTests {
  private static let own: [[Int32]] = [[0, 3, 7], [1], [0, 3, 7], [2, 10]]
  private static let users: Matrix<Float> = {
    var users = randomMatrix(4, 3, seed: 1)
    // A user like no item.
    for column in 0..<3 { users[1, column] = 0 }
    return users
  }()
  private static let items = randomMatrix(11, 3, seed: 2)
  private let identity = Tensor(
    constant: Matrix<Float>(Plain.identity(11).matrix))
  private let tape = Tape(isRecording: false)

  private var rows: AffinityRows {
    AffinityRows(
      users: Tensor(constant: Self.users), items: Tensor(constant: Self.items),
      own: SparsePattern(Self.own, columnCount: 11), on: tape)
  }

  @Test func `rows are one long, or zero, and zero at the users' own items`() {
    let found = Plain(rows.product(identity, on: tape).matrix)
    let expected = plainAffinities(
      users: Plain(Self.users), items: Plain(Self.items), own: Self.own)
    #expect((found - expected).maximumMagnitude < 1e-6)
    for (user, row) in found.rows.enumerated() {
      #expect(abs(dot(row, row) - (user == 1 ? 0 : 1)) < 1e-5)
      for item in Self.own[user] { #expect(abs(row[Int(item)]) < 1e-6) }
    }
  }

  @Test func `products are those with the rows written out`() {
    let w = randomMatrix(11, 5, seed: 3)
    let found = Plain(rows.product(Tensor(constant: w), on: tape).matrix)
    let expected =
      plainAffinities(users: Plain(Self.users), items: Plain(Self.items), own: Self.own) * Plain(w)
    #expect((found - expected).maximumMagnitude < 1e-6)
  }

  @Test func `shares of the own items are added beside the affinities, in rows of length one`() {
    let share: [[Double]] = [[0.2, 0.5, 0.3], [1], [0.1, 0.1, 0.8], [0.6, 0.4]]
    let real = AffinityRows(
      share: Tensor(constant: Matrix<Float>(Plain(share.flatMap { $0 }.map { [$0] }).matrix)),
      plus: rows, weight: 3,
      ones: Tensor(constant: Matrix(rowCount: 11, columnCount: 1, repeating: 1)), on: tape)
    let found = Plain(real.product(identity, on: tape).matrix)
    var expected = 3 * plainAffinities(
      users: Plain(Self.users), items: Plain(Self.items), own: Self.own)
    for (user, items) in Self.own.enumerated() {
      for (place, item) in items.enumerated() {
        expected.rows[user][Int(item)] += share[user][place]
      }
    }
    #expect((found - expected.normalizedRows).maximumMagnitude < 1e-6)
    for row in found.rows { #expect(abs(dot(row, row) - 1) < 1e-5) }
  }

  @Test func `the nearest items are those of the largest numbers`() {
    let dense = plainAffinities(
      users: Plain(Self.users), items: Plain(Self.items), own: Self.own)
    for count in [1, 4, 11] {
      let nearest = rows.nearest(count, on: Tape(isRecording: false))
      #expect(nearest.count == 4 * count)
      for (user, row) in dense.rows.enumerated() {
        let order = row.indices.sorted { (-row[$0], $0) < (-row[$1], $1) }
        // A user without affinities has them all equal, and own items are zero for everyone.
        guard user != 1 else {
          #expect(nearest[count..<2 * count].map(Int.init) == Array(0..<count))
          continue
        }
        let found = nearest[user * count..<(user + 1) * count].map { row[Int($0)] }
        #expect(found == order.prefix(count).map { row[$0] })
      }
    }
  }
}
