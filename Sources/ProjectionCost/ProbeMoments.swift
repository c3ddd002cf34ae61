import LinearAlgebra

/// Sums over items from which a ridge regression on one-hot labels is solved.
struct ProbeMoments: Sendable {
  /// Items of each class.
  private let classCounts: [Double]
  /// Σz, q entries.
  private let sums: [Double]
  /// Σzzᵀ, q × q.
  private let gram: Matrix<Double>
  /// Σz over the items of each class, q × classes.
  private let classSums: Matrix<Double>

  private var count: Double { classCounts.reduce(0, +) }

  /// - Parameters:
  ///   - rows: The items, m × q.
  ///   - classes: The class of each, in `0..<classCount`.
  init(_ rows: Matrix<Double>, classes: ArraySlice<Int>, classCount: Int) {
    let (sums, classSums) = Self.sums(rows, classes: classes, classCount: classCount)
    var counts = [Double](repeating: 0, count: classCount)
    for place in classes { counts[place] += 1 }
    self.init(
      classCounts: counts, sums: sums, gram: product(rows, .transposed, rows, .none),
      classSums: classSums)
  }

  private init(
    classCounts: [Double], sums: [Double], gram: Matrix<Double>, classSums: Matrix<Double>
  ) {
    self.classCounts = classCounts
    self.sums = sums
    self.gram = gram
    self.classSums = classSums
  }

  private static func sums(
    _ rows: Matrix<Double>, classes: ArraySlice<Int>, classCount: Int
  ) -> (whole: [Double], byClass: Matrix<Double>) {
    var byClass = Matrix<Double>(rowCount: classCount, columnCount: rows.columnCount)
    for (row, place) in classes.enumerated() {
      for (column, value) in rows.row(row).enumerated() {
        byClass.elements[place * rows.columnCount + column] += value
      }
    }
    var whole = [Double](repeating: 0, count: rows.columnCount)
    for place in 0..<classCount {
      for (column, value) in byClass.row(place).enumerated() { whole[column] += value }
    }
    return (whole, byClass.transposed())
  }

  /// The moments of items with further coordinates, of which only those parts are computed that
  /// these do not hold.
  ///
  /// - Parameters:
  ///   - own: The coordinates that these are the moments of, m × q.
  ///   - other: The further ones, m × k.
  func joined(
    own: Matrix<Double>, other: Matrix<Double>, classes: ArraySlice<Int>
  ) -> ProbeMoments {
    guard other.columnCount > 0 else { return self }
    let added = ProbeMoments(other, classes: classes, classCount: classCounts.count)
    let across = product(own, .transposed, other, .none)
    return ProbeMoments(
      classCounts: classCounts, sums: sums + added.sums,
      gram: sideBySide([gram, across])
        .stacked(above: sideBySide([across.transposed(), added.gram])),
      classSums: classSums.stacked(above: added.classSums))
  }

  static func + (a: ProbeMoments, b: ProbeMoments) -> ProbeMoments {
    ProbeMoments(
      classCounts: zip(a.classCounts, b.classCounts).map { $0 + $1 },
      sums: zip(a.sums, b.sums).map { $0 + $1 }, gram: a.gram + b.gram,
      classSums: a.classSums + b.classSums)
  }

  static func - (a: ProbeMoments, b: ProbeMoments) -> ProbeMoments {
    ProbeMoments(
      classCounts: zip(a.classCounts, b.classCounts).map { $0 - $1 },
      sums: zip(a.sums, b.sums).map { $0 - $1 }, gram: a.gram - b.gram,
      classSums: a.classSums - b.classSums)
  }

  /// tr Z̄ᵀZ̄; 0 for no items.
  var centeredTrace: Double {
    guard count > 0 else { return 0 }
    return sums.indices.reduce(0) { $0 + gram[$1, $1] - sums[$1] * sums[$1] / count }
  }

  /// The ridge regression on coordinates Kᵀz.
  ///
  /// - Parameters:
  ///   - view: K, q × r.
  ///   - penalty: α, above 0.
  /// - Returns: K·W, q × classes, which is applied to z itself, and an intercept for each class.
  /// - Complexity: O(q²·r + r³/3).
  func solved(
    through view: Matrix<Double>, penalty: Double
  ) throws(LinearAlgebraError) -> (weights: Matrix<Double>, intercepts: [Double]) {
    let r = view.columnCount
    var normal = product(view, .transposed, product(gram, view), .none)
    let column = Matrix(rowCount: sums.count, columnCount: 1, elements: sums)
    let seen = product(view, .transposed, column, .none).elements
    var target = product(view, .transposed, classSums, .none)
    for i in 0..<r {
      for j in 0..<r { normal[i, j] -= seen[i] * seen[j] / count }
      normal[i, i] += penalty
      for place in classCounts.indices {
        target[i, place] -= seen[i] * classCounts[place] / count
      }
    }
    let factor = try Cholesky(normal)
    let weights = factor.solvingLowerTransposed(factor.solvingLower(target))
    let intercepts = classCounts.indices.map { place in
      (classCounts[place] - (0..<r).reduce(0) { $0 + seen[$1] * weights[$1, place] }) / count
    }
    return (product(view, weights), intercepts)
  }
}
