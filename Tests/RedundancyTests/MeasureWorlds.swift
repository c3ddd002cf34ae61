import Foundation
import LinearAlgebra
import Statistics

/// Features with known answers for the tests of the measures.
enum MeasureWorlds {
  /// Independent standard normal features.
  static func gaussian(_ items: Int, _ width: Int, seed: UInt64) -> Matrix<Float> {
    Matrix<Float>(doubleGaussian(items, width, seed: seed))
  }

  static func doubleGaussian(_ items: Int, _ width: Int, seed: UInt64) -> Matrix<Double> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(rowCount: items, columnCount: width, elements: generator.normals(items * width))
  }

  /// A random rotation (or reflection) of the given order.
  static func rotation(_ order: Int, seed: UInt64) -> Matrix<Double> {
    orthonormalBasis(doubleGaussian(order, order, seed: seed))
  }

  /// The same features turned by an orthogonal matrix.
  static func rotated(_ features: Matrix<Float>, seed: UInt64) -> Matrix<Float> {
    Matrix<Float>(product(Matrix<Double>(features), rotation(features.columnCount, seed: seed)))
  }

  /// Two modalities that share `rank` latent factors of the given strength over white noise.
  static func planted(
    items: Int, widths: (Int, Int), rank: Int, strength: Double, seed: UInt64
  ) -> (first: Matrix<Float>, second: Matrix<Float>) {
    let latent = doubleGaussian(items, rank, seed: seed)
    func modality(_ width: Int, _ seed: UInt64) -> Matrix<Float> {
      let directions = orthonormalBasis(doubleGaussian(width, rank, seed: seed))
      let shared = product(latent, .none, directions, .transposed)
      let noise = doubleGaussian(items, width, seed: seed + 1)
      return Matrix<Float>(
        Matrix(
          rowCount: items, columnCount: width,
          elements: zip(shared.elements, noise.elements).map { strength * $0 + $1 }))
    }
    return (modality(widths.0, seed + 10), modality(widths.1, seed + 20))
  }

  /// Each element of the features passed through `transform`.
  static func mapped(
    _ features: Matrix<Float>, _ transform: (_ value: Double, _ column: Int) -> Double
  ) -> Matrix<Float> {
    var result = features
    for index in result.elements.indices {
      result.elements[index] = Float(
        transform(Double(result.elements[index]), index % features.columnCount))
    }
    return result
  }
}

/// The real data sets beside the package, where they are present.
enum RealFeatures {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/data")

  static let arePresent = FileManager.default.fileExists(
    atPath: folder.appendingPathComponent("tiktok/image_feat.npy").path)

  /// A C-ordered .npy file of float16 or float32 with at most 64 kB of header.
  static func load(_ path: String) throws -> Matrix<Float> {
    let (bytes, header) = try read(path)
    let shape = header.split(separator: "(")[1].split(separator: ")")[0]
      .split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    let isHalf = header.contains("<f2")
    let values: [Float] = bytes.withUnsafeBytes { raw in
      (0..<shape[0] * shape[1]).map { index in
        isHalf
          ? Float(raw.loadUnaligned(fromByteOffset: 2 * index, as: Float16.self))
          : raw.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
      }
    }
    return Matrix(rowCount: shape[0], columnCount: shape[1], elements: values)
  }

  static func labels(_ path: String) throws -> [Int] {
    let bytes = try read(path).bytes
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map {
        Int(raw.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self))
      }
    }
  }

  private static func read(_ path: String) throws -> (bytes: [UInt8], header: String) {
    let file = [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
    let length = 10 + Int(file[8]) + 256 * Int(file[9])
    return (Array(file[length...]), String(decoding: file[10..<length], as: UTF8.self))
  }
}
