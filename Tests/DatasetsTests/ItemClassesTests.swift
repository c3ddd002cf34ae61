import Datasets
import Foundation
import Testing

@Suite("Item classes")
struct ItemClassesTests {
  @Test func `come from integer arrays, with names where there are any`() throws {
    let work = try Workdir()
    let names = try work.write(
      (0...12).map { "class \($0)\n" }.joined(), to: "categories.txt")
    let classes = try ItemClasses.read(
      Fixtures.path("labels.npy"), itemCount: 5, namesPath: names)
    #expect(classes.ids == [0, 3, 6, 9, 12])
    #expect(classes.names?[12] == "class 12")
    #expect(classes.count == 5)
    #expect(classes.description == "5 classes from labels.npy")
  }

  @Test func `come from one category name per line`() throws {
    let work = try Workdir()
    let path = try work.write("shoes\nbags\r\nshoes\nhats", to: "categories.txt")
    let classes = try ItemClasses.read(path, itemCount: 4)
    #expect(classes.ids == [2, 0, 2, 1])
    #expect(classes.names == ["bags", "hats", "shoes"])
  }

  @Test func `of the wrong length, unnamed or blank are refused`() throws {
    let work = try Workdir()
    let labels = Fixtures.path("labels.npy")
    #expect(throws: DatasetError.labels(path: labels, .count(labels: 5, items: 6))) {
      try ItemClasses.read(labels, itemCount: 6)
    }
    let names = try work.write("a\nb\nc\nd\n", to: "names.txt")
    #expect(
      throws: DatasetError.labels(
        path: labels, .unnamed(row: 2, label: 6, names: 4, file: names))
    ) { try ItemClasses.read(labels, itemCount: 5, namesPath: names) }
    let blank = try work.write("a\n \nc\n", to: "blank.txt")
    #expect(throws: DatasetError.labels(path: blank, .blank(line: 2))) {
      try ItemClasses.read(blank, itemCount: 3)
    }
    #expect(throws: DatasetError.labels(path: names, .count(labels: 4, items: 9))) {
      try ItemClasses.read(names, itemCount: 9)
    }
    var bytes = try Fixtures.bytes("labels.npy")
    bytes[bytes.count - 1] = 0xFF
    let negative = try work.write(bytes, to: "negative.npy")
    #expect(
      throws: DatasetError.labels(path: negative, .negative(row: 4, label: -16_777_204))
    ) { try ItemClasses.read(negative, itemCount: 5) }
  }
}
