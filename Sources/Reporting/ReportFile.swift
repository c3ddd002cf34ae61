import Audit
import Foundation

/// A `report.json` that was written before.
public enum ReportFile {
  /// Reads a report.
  ///
  /// - Throws: ``ReportFileError``.
  public static func read(_ path: String) throws(ReportFileError) -> RedundancyReport {
    guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
    let decoder = JSONDecoder()
    struct Head: Decodable { let schema: String? }
    guard let head = try? decoder.decode(Head.self, from: data), let schema = head.schema else {
      throw .noReport(path)
    }
    guard schema == RedundancyReport.currentSchema else {
      throw .otherSchema(path: path, schema: schema)
    }
    do {
      return try decoder.decode(RedundancyReport.self, from: data)
    } catch let DecodingError.keyNotFound(key, context) {
      throw .damaged(
        path: path, place: Self.place(context.codingPath + [key]), reason: "it is missing")
    } catch let DecodingError.typeMismatch(type, context) {
      throw .damaged(path: path, place: Self.place(context.codingPath), reason: "it is no \(type)")
    } catch let DecodingError.valueNotFound(type, context) {
      throw .damaged(path: path, place: Self.place(context.codingPath), reason: "it is no \(type)")
    } catch let DecodingError.dataCorrupted(context) {
      throw .damaged(
        path: path, place: Self.place(context.codingPath), reason: "it has no such value")
    } catch {
      throw .noReport(path)
    }
  }

  private static func place(_ keys: [any CodingKey]) -> String {
    keys.reduce(into: "") { path, key in
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
  }
}

/// Why a `report.json` cannot be compared with.
public enum ReportFileError: Error, Equatable, Sendable {
  case unreadable(String)
  /// No JSON object with a `schema`.
  case noReport(String)
  /// A report of another version.
  case otherSchema(path: String, schema: String)
  /// A value is missing or of another kind.
  case damaged(path: String, place: String, reason: String)

  /// Whether there is no file at all.
  public var isMissingInput: Bool { if case .unreadable = self { true } else { false } }
}

extension ReportFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let path):
      "\(path) cannot be read; give the report.json that an earlier redundancy-report wrote"
    case .noReport(let path):
      "\(path) is no report.json: there is no JSON object with a schema in it"
    case .otherSchema(let path, let schema):
      "\(path) has the schema \(schema), this version compares \(RedundancyReport.currentSchema); "
        + "write the report again with this version"
    case .damaged(let path, let place, let reason):
      "\(path) is damaged at \(place): \(reason)"
    }
  }
}
