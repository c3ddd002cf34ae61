/// How often something was found, and where first. Items and columns count from 0.
public struct Occurrences: Codable, Sendable, Equatable {
  /// Number of places.
  public let count: Int
  /// The first ten of them, ascending.
  public let first: [Int]

  /// Counts places that are in ascending order.
  init(_ places: some Collection<Int>) {
    count = places.count
    first = Array(places.prefix(10))
  }

  /// `2 items (3, 9)`, `200 items (first: 3, 4, 9)`.
  func text(_ noun: String) -> String {
    let shown = first.prefix(5).map(String.init).joined(separator: ", ")
    let lead = count > 5 ? "first: " : ""
    return "\(count) \(noun)\(count == 1 ? "" : "s") (\(lead)\(shown))"
  }
}
