import Foundation
import LinearAlgebra

/// The features of all items in one modality.
public struct FeatureMatrix: Sendable, Equatable {
  /// The modality's name, such as `image`.
  public var name: String
  /// One row per item.
  public var matrix: Matrix<Float>
  /// Element type as stored, under numpy's name (`float16`, `float64`, …); `text` for tables.
  public let dtype: String
  /// The file it was read from, or nil when it was generated.
  public let path: String?
  /// SHA-256 of the file, or of shape and values when it was generated.
  public let digest: String

  public init(
    name: String, matrix: Matrix<Float>, dtype: String, path: String?, digest: String
  ) {
    self.name = name
    self.matrix = matrix
    self.dtype = dtype
    self.path = path
    self.digest = digest
  }

  /// Generated features, named by the digest of their values.
  public init(name: String, generated matrix: Matrix<Float>) {
    self.init(
      name: name, matrix: matrix, dtype: "float32", path: nil,
      digest: Digest.sha256(of: matrix))
  }

  /// The modality with its file, for messages.
  var source: String { path.map { "\(name) (\($0))" } ?? name }
}

/// Reads a modality from a file of any known format.
public enum FeatureFile {
  /// Suffixes that can be read, in the order in which a folder is searched.
  public static let suffixes = ["npy", "safetensors", "csv"]

  /// Reads `path`, choosing the reader by suffix; `FILE.safetensors:NAME` names a tensor.
  ///
  /// - Parameter name: The modality's name; the file's name without suffix (and without `_feat`)
  ///   when nil.
  /// - Throws: ``DatasetError``.
  public static func read(_ path: String, name: String? = nil) throws -> FeatureMatrix {
    let (file, tensor) = split(path)
    let url = URL(fileURLWithPath: file)
    let format = url.pathExtension.lowercased()
    guard suffixes.contains(format) else {
      // A missing file is the more useful remark.
      _ = try FileMap(path: file)
      throw DatasetError.unknownFormat(path: file)
    }
    let map = try FileMap(path: file)
    let content: (matrix: Matrix<Float>, dtype: String) =
      switch format {
      case "npy": try NPYFile.readMatrix(in: map)
      case "safetensors": try SafetensorsFile.readMatrix(in: map, tensor: tensor)
      default: (try CSVFile.readMatrix(in: map), "text")
      }
    return FeatureMatrix(
      name: name ?? tensor ?? modalityName(of: url.deletingPathExtension().lastPathComponent),
      matrix: content.matrix, dtype: content.dtype, path: path, digest: Digest.sha256(of: map))
  }

  /// The file and the tensor in it that `path` names.
  private static func split(_ path: String) -> (file: String, tensor: String?) {
    guard let mark = path.range(of: ".safetensors:") else { return (path, nil) }
    let file = String(path[..<path.index(before: mark.upperBound)])
    return (file, String(path[mark.upperBound...]))
  }

  static func modalityName(of stem: String) -> String {
    stem.hasSuffix("_feat") && stem.count > 5 ? String(stem.dropLast(5)) : stem
  }
}
