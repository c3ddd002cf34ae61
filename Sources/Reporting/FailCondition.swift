import Audit
import Foundation

/// A condition on a report, such as `overlap@20>0.25` or `similarity.linearCKA>=0.3`.
///
/// The left side is `overlap@K` or `lift@K`, or a path into `report.json`: keys joined by dots,
/// array elements as `[i]`. The comparison is one of `>`, `>=`, `<`, `<=`, `==`, `!=`.
public struct FailCondition: Sendable, Equatable {
  /// The condition as it was written.
  public let text: String
  private let path: String
  private let comparison: Comparison
  private let limit: Double

  enum Comparison: String, CaseIterable, Sendable {
    // Longer spellings first, so that `>=` is not read as `>`.
    case atLeast = ">="
    case atMost = "<="
    case equal = "=="
    case different = "!="
    case greater = ">"
    case less = "<"

    func holds(_ a: Double, _ b: Double) -> Bool {
      switch self {
      case .atLeast: a >= b
      case .atMost: a <= b
      case .equal: a == b
      case .different: a != b
      case .greater: a > b
      case .less: a < b
      }
    }
  }

  /// Parses a condition.
  ///
  /// - Throws: ``FailConditionError/malformed(_:)``.
  public init(_ text: String) throws(FailConditionError) {
    for comparison in Comparison.allCases {
      guard let range = text.range(of: comparison.rawValue) else { continue }
      let path = text[..<range.lowerBound].trimmingCharacters(in: .whitespaces)
      let limit = text[range.upperBound...].trimmingCharacters(in: .whitespaces)
      guard !path.isEmpty, let limit = Double(limit), limit.isFinite else { break }
      self.text = text
      self.path = path
      self.comparison = comparison
      self.limit = limit
      return
    }
    throw .malformed(text)
  }

  /// Whether `report` meets the condition.
  ///
  /// - Throws: ``FailConditionError/noSuchNumber(condition:reason:)`` when the path leads nowhere
  ///   or to something that is no number: a gate that silently passes is no gate.
  public func isMet(by report: RedundancyReport) throws -> Bool {
    comparison.holds(try value(in: report), limit)
  }

  private func value(in report: RedundancyReport) throws -> Double {
    let parts = path.split(separator: "@", omittingEmptySubsequences: false)
    if parts.count == 2, ["overlap", "lift"].contains(parts[0]) {
      guard let k = Int(parts[1]) else { throw FailConditionError.malformed(text) }
      guard let row = report.retrievalOverlap?.first(where: { $0.k == k }) else {
        let measured = (report.retrievalOverlap ?? []).map { String($0.k) }
        throw FailConditionError.noSuchNumber(
          condition: text,
          reason: measured.isEmpty
            ? "the retrieval overlap was not measured"
            : "the overlap was measured at K = \(measured.joined(separator: ", "))")
      }
      return parts[0] == "overlap" ? row.mean : row.lift
    }
    var node = try JSONSerialization.jsonObject(with: reportJSON(report))
    for step in steps {
      switch (node, step) {
      case (let object as [String: Any], .key(let key)):
        guard let next = object[key] else {
          throw FailConditionError.noSuchNumber(
            condition: text,
            reason: "there is no \(key); the keys there are "
              + object.keys.sorted().joined(separator: ", "))
        }
        node = next
      case (let array as [Any], .index(let index)):
        guard array.indices.contains(index) else {
          throw FailConditionError.noSuchNumber(
            condition: text, reason: "[\(index)] is outside a list of \(array.count)")
        }
        node = array[index]
      default:
        throw FailConditionError.noSuchNumber(
          condition: text, reason: "\(step.description) does not fit the report there")
      }
    }
    guard let number = node as? NSNumber else {
      throw FailConditionError.noSuchNumber(condition: text, reason: "it is not a number")
    }
    return number.doubleValue
  }

  private enum Step: CustomStringConvertible {
    case key(String)
    case index(Int)

    var description: String {
      switch self {
      case .key(let key): key
      case .index(let index): "[\(index)]"
      }
    }
  }

  /// `theorems[0].measured` as its steps.
  private var steps: [Step] {
    path.split(separator: ".").flatMap { part -> [Step] in
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      let key: [Step] = pieces[0].isEmpty ? [] : [.key(String(pieces[0]))]
      return key
        + pieces.dropFirst().map { piece in
          guard piece.hasSuffix("]"), let index = Int(piece.dropLast()) else {
            return .key("[" + piece)
          }
          return .index(index)
        }
    }
  }
}

/// Why a condition cannot be judged.
public enum FailConditionError: Error, Equatable, Sendable {
  /// It is not of the form path, comparison, number.
  case malformed(String)
  /// The report has no number at its path.
  case noSuchNumber(condition: String, reason: String)
}

extension FailConditionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed(let text):
      "'\(text)' is no condition; write a path, a comparison (> >= < <= == !=) and a number, "
        + "such as 'overlap@20>0.25'"
    case .noSuchNumber(let condition, let reason):
      "--fail-on '\(condition)' cannot be judged: \(reason)"
    }
  }
}
