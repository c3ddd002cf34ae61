/// What is wrong with a `.safetensors` file.
public enum SafetensorsProblem: Error, Equatable, Sendable {
  /// The file ends before its header does.
  case truncatedHeader(needed: UInt64, found: Int)
  /// The header claims more than 100 MB.
  case headerTooLong(UInt64)
  /// The header is not the JSON object that the format asks for.
  case corruptHeader(String)
  /// The same name twice.
  case duplicateKey(String)
  /// A tensor's bytes lie outside the file, or its end before its start.
  case offsetsOutOfRange(tensor: String, begin: Int, end: Int, available: Int)
  /// A tensor's bytes do not match its shape.
  case sizeMismatch(tensor: String, needed: Int, found: Int)
  /// A shape whose size overflows.
  case impossibleShape(tensor: String)
  /// Tensors overlap, or leave bytes that belong to none.
  case notContiguous(tensor: String?, expected: Int, found: Int)
  /// No tensor has this name.
  case noSuchTensor(String, available: [String])
  /// More or fewer than one table to choose from.
  case notOneTable([String])
  /// The tensor is not a table.
  case wrongDimensions(tensor: String, shape: [Int])
  /// The tensor has no elements.
  case empty(tensor: String)
  /// The elements are of a type that is not read.
  case unsupportedType(tensor: String, type: String)
}

extension SafetensorsProblem: CustomStringConvertible {
  public var description: String {
    let again = "write the file again with safetensors"
    return switch self {
    case .truncatedHeader(let needed, let found):
      "ends inside its header: \(needed) bytes are needed, the file has \(found); "
        + "copy it again or \(again)"
    case .headerTooLong(let length):
      "claims a header of \(length) bytes, more than the 100 MB that the format allows; \(again)"
    case .corruptHeader(let detail): "has a corrupt header (\(detail)); \(again)"
    case .duplicateKey(let key):
      "has the key \(key.debugDescription) twice in its header; \(again)"
    case .offsetsOutOfRange(let tensor, let begin, let end, let available):
      "places tensor \(tensor.debugDescription) at bytes \(begin) to \(end) of \(available); "
        + "copy it again or \(again)"
    case .sizeMismatch(let tensor, let needed, let found):
      "gives tensor \(tensor.debugDescription) \(found) bytes where its shape needs \(needed); "
        + again
    case .impossibleShape(let tensor):
      "gives tensor \(tensor.debugDescription) a shape whose size overflows; \(again)"
    case .notContiguous(let tensor, let expected, let found):
      (tensor.map { "starts tensor \($0.debugDescription) at byte \(found)" }
        ?? "has \(found) bytes of data")
        + " where the tensors before end at \(expected); \(again)"
    case .noSuchTensor(let name, let available):
      "has no tensor \(name.debugDescription); it has \(available.joined(separator: ", "))"
    case .notOneTable(let names) where names.isEmpty:
      "has no tensor of two dimensions; one row per item and one column per feature are needed"
    case .notOneTable(let names):
      "has \(names.count) tables; choose one as FILE.safetensors:NAME, "
        + "NAME being \(names.joined(separator: " or "))"
    case .wrongDimensions(let tensor, let shape):
      "tensor \(tensor.debugDescription) has shape \(shape); one row per item and one column per "
        + "feature are needed"
    case .empty(let tensor): "tensor \(tensor.debugDescription) holds no values; \(again)"
    case .unsupportedType(let tensor, let type):
      "tensor \(tensor.debugDescription) has element type \(type); convert it to F32"
    }
  }
}
