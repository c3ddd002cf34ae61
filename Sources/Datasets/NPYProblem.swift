/// What is wrong with an `.npy` file.
public enum NPYProblem: Error, Equatable, Sendable {
  /// The file does not start with numpy's magic bytes; `looksLike` names what it resembles.
  case notAnArray(looksLike: String?)
  /// A format version other than 1.0, 2.0 and 3.0.
  case unsupportedVersion(major: Int, minor: Int)
  /// The file ends inside its header.
  case truncatedHeader(needed: Int, found: Int)
  /// The header is not the dictionary that numpy writes.
  case corruptHeader(String)
  /// The elements are Python objects.
  case pickled
  /// The elements are of a type that is not a real number.
  case unsupportedType(String)
  /// A dimension is negative, or the size overflows.
  case impossibleShape(String)
  /// The array is neither a vector nor a table.
  case wrongDimensions([Int])
  /// The array has no elements.
  case empty([Int])
  /// The data are shorter or longer than the header says.
  case sizeMismatch(shape: [Int], type: String, needed: Int, found: Int)
  /// Labels or ids that are not integers.
  case notIntegers(type: String)
  /// An integer that is too large to be an id.
  case integerOutOfRange(row: Int, column: Int)
}

extension NPYProblem: CustomStringConvertible {
  public var description: String {
    let again = "write it again with numpy.save(path, array)"
    return switch self {
    case .notAnArray(let looksLike):
      "is not an .npy array" + (looksLike.map { ", it looks like \($0)" } ?? "")
        + "; save one array with numpy.save(path, array)"
    case .unsupportedVersion(let major, let minor):
      "has format version \(major).\(minor); versions 1.0 to 3.0 can be read, \(again)"
    case .truncatedHeader(let needed, let found):
      "ends inside its header: \(needed) bytes are needed, the file has \(found); "
        + "copy it again or \(again)"
    case .corruptHeader(let detail): "has a corrupt header (\(detail)); \(again)"
    case .pickled:
      "holds pickled Python objects (dtype O); unpickling can run any code, so it is refused: "
        + "save numbers with numpy.save(path, numpy.asarray(values, dtype='float32'))"
    case .unsupportedType(let type):
      "has element type \(type); save it with array.astype('float32'), or 'int32' for labels"
    case .impossibleShape(let detail): "has an impossible shape (\(detail)); \(again)"
    case .wrongDimensions(let shape):
      "has shape \(tuple(shape)); one row per item and one column per feature are needed, "
        + "use array.reshape(len(array), -1)"
    case .empty(let shape): "holds no values (shape \(tuple(shape))); \(again)"
    case .sizeMismatch(let shape, let type, let needed, let found):
      "holds \(found) bytes of data where shape \(tuple(shape)) of \(type) needs \(needed); "
        + "copy it again or \(again)"
    case .notIntegers(let type):
      "holds \(type) where integers are needed; save it with array.astype('int32')"
    case .integerOutOfRange(let row, let column):
      "row \(row), column \(column) holds an integer beyond 32 bits; ids count from 0"
    }
  }

  private func tuple(_ shape: [Int]) -> String {
    "(\(shape.map(String.init).joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
  }
}
