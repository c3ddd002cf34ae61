import LinearAlgebra
import Statistics

/// A marginal measure before and after the rows of one modality were shuffled: that the values are
/// equal shows that it never looked at which rows belong together.
public struct ShuffleDemonstration: Codable, Sendable, Equatable {
  /// The name on the measure's card.
  public let measure: String
  /// The value of the data.
  public let value: Double
  /// The value after the second modality's rows were shuffled.
  public let valueShuffled: Double

  public init(measure: String, value: Double, valueShuffled: Double) {
    self.measure = measure
    self.value = value
    self.valueShuffled = valueShuffled
  }
}

/// Shuffles one modality's rows and measures again.
///
/// - Parameters:
///   - measures: Those of the catalogue that are to be shown; the marginal ones unless told.
///   - first: n × d.
///   - second: m × d, in the same coordinates: shared ones where the widths of the features differ.
///   - streams: Seeds the shuffle, for the purpose `shuffle-demonstration`, and the measures.
/// - Returns: One value for each measure that is defined here.
/// - Throws: What the measures throw.
/// - Complexity: twice that of each measure; the score densities search all neighbours.
public func shuffleDemonstrations(
  of measures: [Measure] = MeasureCatalog.marginal, between first: Matrix<Float>,
  and second: Matrix<Float>, streams: RandomStreams
) throws -> [ShuffleDemonstration] {
  var generator = streams.generator(for: "shuffle-demonstration")
  let shuffled = second.rows(generator.permutation(second.rowCount))
  return try measures.compactMap { measure in
    guard let value = try measure.evaluate(first, second, streams),
      let valueShuffled = try measure.evaluate(first, shuffled, streams)
    else { return nil }
    return ShuffleDemonstration(
      measure: measure.card.name, value: value, valueShuffled: valueShuffled)
  }
}
