import Foundation
import LinearAlgebra

/// Reads and writes `.safetensors` files.
///
/// The header is checked in full before any tensor is touched: lengths, duplicate keys, offsets,
/// overlaps and holes, shapes against sizes.
///
/// - Reference: [SAFETENSORS].
public enum SafetensorsFile {
  /// Reads tensor `name`, or the only table when there is no name, in single precision.
  ///
  /// - Returns: The matrix (a vector becomes one column when named) and its element type under
  ///   numpy's name.
  /// - Throws: ``DatasetError/tensors(path:_:)``, ``DatasetError/fileNotFound(path:)``,
  ///   ``DatasetError/unreadable(path:reason:)``.
  public static func readMatrix(
    at path: String, tensor name: String? = nil
  ) throws -> (matrix: Matrix<Float>, dtype: String) {
    try readMatrix(in: FileMap(path: path), tensor: name)
  }

  /// Names of the tensors in the file, in the order of their bytes.
  ///
  /// - Throws: As ``readMatrix(at:tensor:)``.
  public static func tensorNames(at path: String) throws -> [String] {
    let map = try FileMap(path: path)
    return try withProblems(in: map) { try SafetensorsHeader($0).tensors.map(\.name) }
  }

  /// The strings that the file carries about itself; empty where there are none.
  ///
  /// - Throws: As ``readMatrix(at:tensor:)``.
  public static func metadata(at path: String) throws -> [String: String] {
    let map = try FileMap(path: path)
    return try withProblems(in: map) { try SafetensorsHeader($0).metadata }
  }

  static func readMatrix(
    in map: FileMap, tensor name: String?
  ) throws -> (matrix: Matrix<Float>, dtype: String) {
    try withProblems(in: map) { bytes in
      try table(choose(name, from: SafetensorsHeader(bytes).tensors), in: bytes, of: map)
    }
  }

  /// The elements of `tensor`, whose place in `bytes` its header has been checked for; those of a
  /// `map` are released as they have been read.
  static func table(
    _ tensor: SafetensorsHeader.Tensor, in bytes: UnsafeRawBufferPointer, of map: FileMap? = nil
  ) throws(SafetensorsProblem) -> (matrix: Matrix<Float>, dtype: String) {
    guard let type = tensor.type else {
      throw .unsupportedType(tensor: tensor.name, type: tensor.typeName)
    }
    guard (1...2).contains(tensor.shape.count) else {
      throw .wrongDimensions(tensor: tensor.name, shape: tensor.shape)
    }
    let rows = tensor.shape[0]
    let columns = tensor.shape.count == 2 ? tensor.shape[1] : 1
    guard rows > 0, columns > 0, let base = bytes.baseAddress else {
      throw .empty(tensor: tensor.name)
    }
    let array = PackedArray(
      base: base + tensor.bytes.lowerBound, type: type, rows: rows, columns: columns,
      map: map)
    return (
      Matrix(rowCount: rows, columnCount: columns, elements: array.floats()), type.rawValue
    )
  }

  /// Writes `tensors` as F32, sorted by name, with string metadata.
  ///
  /// The same content gives the same bytes. The header is padded so that data start on a 64-byte
  /// boundary of the file.
  ///
  /// - Throws: ``DatasetError/unwritable(path:reason:)``.
  public static func write(
    _ tensors: [String: Matrix<Float>], metadata: [String: String] = [:], to path: String
  ) throws {
    try write(tensors.map { TensorSource($0.key, $0.value) }, metadata: metadata, to: path)
  }

  /// Writes `tensors` as F32, sorted by name, with string metadata, from where they lie in memory.
  ///
  /// - Throws: ``DatasetError/unwritable(path:reason:)``, also when two have one name.
  public static func write(
    _ tensors: [TensorSource], metadata: [String: String] = [:], to path: String
  ) throws {
    let sorted = tensors.sorted { $0.name < $1.name }
    var entries: [String: HeaderEntry] = metadata.isEmpty ? [:] : ["__metadata__": .text(metadata)]
    var offset = 0
    for tensor in sorted {
      guard tensor.name != "__metadata__" else {
        throw DatasetError.unwritable(path: path, reason: "a tensor cannot be named __metadata__")
      }
      let end = offset + 4 * tensor.rowCount * tensor.columnCount
      let entry = HeaderEntry.tensor(
        .init(shape: [tensor.rowCount, tensor.columnCount], data_offsets: [offset, end]))
      guard entries.updateValue(entry, forKey: tensor.name) == nil else {
        throw DatasetError.unwritable(
          path: path, reason: "two tensors are named \(tensor.name.debugDescription)")
      }
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var header = [UInt8](try encoder.encode(entries))
    let length = (8 + header.count + 63) / 64 * 64 - 8
    header += [UInt8](repeating: 0x20, count: length - header.count)
    try AtomicFile.write(to: path) { writer in
      try withUnsafeBytes(of: UInt64(length).littleEndian) { try writer.write($0) }
      try writer.write(header)
      for tensor in sorted {
        try tensor.withElements { try writeLittleEndian($0, to: writer) }
      }
    }
  }

  private static func choose(
    _ name: String?, from tensors: [SafetensorsHeader.Tensor]
  ) throws(SafetensorsProblem) -> SafetensorsHeader.Tensor {
    if let name {
      guard let tensor = tensors.first(where: { $0.name == name }) else {
        throw .noSuchTensor(name, available: tensors.map(\.name).sorted())
      }
      return tensor
    }
    let tables = tensors.filter { $0.shape.count == 2 }
    guard tables.count == 1 else { throw .notOneTable(tables.map(\.name).sorted()) }
    return tables[0]
  }

  static func withProblems<Result>(
    in map: FileMap, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    do {
      return try map.withBytes(body)
    } catch let problem as SafetensorsProblem {
      throw DatasetError.tensors(path: map.path, problem)
    }
  }
}

private enum HeaderEntry: Encodable {
  struct Tensor: Encodable {
    var dtype = "F32"
    let shape: [Int]
    let data_offsets: [Int]
  }
  case text([String: String])
  case tensor(Tensor)

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .text(let text): try text.encode(to: encoder)
    case .tensor(let tensor): try tensor.encode(to: encoder)
    }
  }
}
