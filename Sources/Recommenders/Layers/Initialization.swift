import LinearAlgebra
import Statistics

/// How parameters start.
///
/// The fans of a table are its column and row counts, so the spread of an embedding depends on
/// the size of the data set.
///
/// - Reference: [GB10].
enum Initialization {
  /// U(−a, a) with a = √(6/(rows + columns)).
  static func xavierUniform(
    _ rowCount: Int, _ columnCount: Int, using generator: inout SeededGenerator
  ) -> Matrix<Float> {
    uniform(
      rowCount, columnCount, bound: (6 / Double(rowCount + columnCount)).squareRoot(),
      using: &generator)
  }

  /// N(0, 2/(rows + columns)); `fans` replaces that sum where the table is part of a larger one.
  static func xavierNormal(
    _ rowCount: Int, _ columnCount: Int, fans: Int? = nil, using generator: inout SeededGenerator
  ) -> Matrix<Float> {
    normal(
      rowCount, columnCount,
      deviation: (2 / Double(fans ?? rowCount + columnCount)).squareRoot(), using: &generator)
  }

  /// N(0, 2/inputs) for a weight with one column for each input.
  ///
  /// - Reference: [HZRS15].
  static func kaimingNormal(
    _ outputs: Int, _ inputs: Int, using generator: inout SeededGenerator
  ) -> Matrix<Float> {
    normal(
      outputs, inputs, deviation: (2 / Double(inputs)).squareRoot(), using: &generator)
  }

  /// N(0, deviation²).
  static func normal(
    _ rowCount: Int, _ columnCount: Int, deviation: Double,
    using generator: inout SeededGenerator
  ) -> Matrix<Float> {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: generator.normals(rowCount * columnCount).map { Float(deviation * $0) })
  }

  /// U(−bound, bound).
  static func uniform(
    _ rowCount: Int, _ columnCount: Int, bound: Double, using generator: inout SeededGenerator
  ) -> Matrix<Float> {
    let elements = (0..<rowCount * columnCount).map { _ in
      Float(bound * (2 * generator.uniform() - 1))
    }
    return Matrix(rowCount: rowCount, columnCount: columnCount, elements: elements)
  }
}
