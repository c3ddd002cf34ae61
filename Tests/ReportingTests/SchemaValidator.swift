import Foundation

/// The part of JSON Schema that our schema uses: type, required, properties, additionalProperties,
/// items, enum, minimum, maximum and references into `$defs`.
struct SchemaValidator {
  let root: [String: Any]

  init(_ data: Data) throws {
    root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// Every way in which `value` breaks the schema, as path and reason.
  func violations(in value: Any) -> [String] { violations(value, root, at: "$") }

  /// Keywords that this validator knows; a schema with others would be checked too leniently.
  static let understood: Set<String> = [
    "$schema", "$id", "title", "description", "$defs", "$ref", "type", "required", "properties",
    "additionalProperties", "items", "enum", "minimum", "maximum", "const", "anyOf",
  ]

  private func violations(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    var found: [String] = []
    let unknown = Set(schema.keys).subtracting(Self.understood)
    if !unknown.isEmpty { found.append("\(path): keywords not understood: \(unknown.sorted())") }
    if let reference = schema["$ref"] as? String {
      let name = reference.replacingOccurrences(of: "#/$defs/", with: "")
      guard let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
        return found + ["\(path): no definition \(reference)"]
      }
      return found + violations(value, target, at: path)
    }
    if let choices = schema["anyOf"] as? [[String: Any]],
      !choices.contains(where: { violations(value, $0, at: path).isEmpty })
    {
      found.append("\(path): is none of \(choices.count) alternatives")
    }
    if let types = schema["type"] {
      let allowed = (types as? [String]) ?? [(types as? String) ?? ""]
      if !allowed.contains(where: { Self.value(value, isOf: $0) }) {
        return found + ["\(path): is not \(allowed.joined(separator: " or "))"]
      }
    }
    if let constant = schema["const"] as? String, value as? String != constant {
      found.append("\(path): is not \(constant)")
    }
    if let cases = schema["enum"] as? [String], !cases.contains((value as? String) ?? "") {
      found.append("\(path): is none of \(cases)")
    }
    if let number = value as? NSNumber, !(value is Bool) {
      if let least = schema["minimum"] as? NSNumber, number.doubleValue < least.doubleValue {
        found.append("\(path): \(number) is below \(least)")
      }
      if let most = schema["maximum"] as? NSNumber, number.doubleValue > most.doubleValue {
        found.append("\(path): \(number) is above \(most)")
      }
    }
    if let object = value as? [String: Any] {
      let properties = schema["properties"] as? [String: Any] ?? [:]
      for key in schema["required"] as? [String] ?? [] where object[key] == nil {
        found.append("\(path): \(key) is missing")
      }
      for (key, member) in object {
        if let own = properties[key] as? [String: Any] {
          found += violations(member, own, at: "\(path).\(key)")
        } else if let others = schema["additionalProperties"] as? [String: Any] {
          found += violations(member, others, at: "\(path).\(key)")
        } else if schema["additionalProperties"] as? Bool == false {
          found.append("\(path): \(key) is not in the schema")
        }
      }
    }
    if let array = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (index, element) in array.enumerated() {
        found += violations(element, items, at: "\(path)[\(index)]")
      }
    }
    return found
  }

  private static func value(_ value: Any, isOf type: String) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "null": value is NSNull
    case "boolean": isBoolean(value)
    case "number": value is NSNumber && !isBoolean(value)
    case "integer":
      !isBoolean(value) && (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() }
        ?? false
    default: false
    }
  }

  private static func isBoolean(_ value: Any) -> Bool {
    (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? (value is Bool)
  }
}
