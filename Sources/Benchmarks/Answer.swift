import CommandSupport
import Foundation

/// What a subcommand prints: the seconds of the task alone and whatever there is to compare.
struct Answer: Encodable {
  var seconds: Double?
  /// Singular values before and after the projection.
  var before: [Double]?
  var after: [Double]?
  /// Neighbours of some anchors, by modality.
  var lists: [[[Int32]]]?
  var value: Double?
  /// File of a t-SNE map.
  var map: String?
  var klDivergence: Double?
  var trustworthiness: Double?

  func write() throws {
    try standardOutput(String(decoding: try JSONEncoder().encode(self), as: UTF8.self) + "\n")
  }
}

/// The result of `body` and the seconds that it took.
func timed<Result>(_ body: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
  let clock = ContinuousClock()
  let start = clock.now
  let result = try body()
  return (result, (clock.now - start) / .seconds(1))
}
