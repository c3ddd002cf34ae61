import Datasets
import Foundation
import LinearAlgebra
import Testing

@Suite("Safetensors archives")
struct SafetensorsArchiveTests {
  @Test func `give every tensor and the metadata from one look at the file`() throws {
    let work = try Workdir()
    let path = try work("x.safetensors")
    let tensors = ["b": normalMatrix(7, 5, seed: 1), "a": normalMatrix(3, 2, seed: 2)]
    try SafetensorsFile.write(tensors, metadata: ["k": "8"], to: path)
    let archive = try SafetensorsArchive(path: path)
    // What is renamed into its place is another file.
    try SafetensorsFile.write(["c": normalMatrix(1, 1, seed: 3)], to: path)
    #expect(archive.path == path)
    #expect(archive.names == ["a", "b"] && archive.metadata == ["k": "8"])
    #expect(archive.shape(of: "b") == [7, 5] && archive.shape(of: "c") == nil)
    for (name, matrix) in tensors { #expect(try archive.matrix(name) == matrix) }
    #expect(
      throws: DatasetError.tensors(path: path, .noSuchTensor("c", available: ["a", "b"]))
    ) { try archive.matrix("c") }
  }

  @Test func `are written from memory that is only lent`() throws {
    let work = try Workdir()
    let matrix = normalMatrix(4, 3, seed: 1)
    let lent = TensorSource("x", rowCount: 4, columnCount: 3) { use in
      try matrix.elements.withUnsafeBufferPointer { try use($0) }
    }
    let path = try work("lent.safetensors")
    try SafetensorsFile.write([lent, TensorSource("y", matrix)], to: path)
    let archive = try SafetensorsArchive(path: path)
    #expect(try archive.matrix("x") == matrix && archive.matrix("y") == matrix)
  }

  @Test func `cannot hold two tensors of one name`() throws {
    let work = try Workdir()
    let path = try work("x.safetensors")
    let source = TensorSource("x", normalMatrix(1, 1, seed: 1))
    #expect(
      throws: DatasetError.unwritable(path: path, reason: "two tensors are named \"x\"")
    ) { try SafetensorsFile.write([source, source], to: path) }
    #expect(try work.files.isEmpty)
  }
}
