import Datasets
import Foundation
import LinearAlgebra
import Testing

@Suite("Data set folders")
struct DatasetFolderTests {
  let interactions = InteractionTableTests.heading + InteractionTableTests.rows

  func search(_ work: Workdir) -> DatasetSearch {
    DatasetSearch(dataDirectory: work.path, environment: [:], workingDirectory: "/nowhere")
  }

  func put(_ work: Workdir, _ file: String, rows: Int = 4, columns: Int = 2) throws {
    try NPYFile.write(
      normalMatrix(rows, columns, seed: UInt64(file.utf8.count)), to: work(file))
  }

  @Test func `in the MMRec layout give modalities, interactions and digests`() throws {
    let work = try Workdir()
    try put(work, "shop/text_feat.npy")
    try put(work, "shop/audio_feat.npy")
    try put(work, "shop/image_feat.npy", columns: 3)
    try put(work, "shop/stray.npy", rows: 9)
    try work.write(interactions, to: "shop/shop.inter")
    let dataset = try DatasetFolder.load("shop", in: search(work))
    #expect(dataset.modalities.map(\.name) == ["image", "text"])
    #expect(dataset.featureMatrices[0].matrix.columnCount == 3)
    #expect(dataset.itemCount == 4 && dataset.interactions?.itemCount == 4)
    #expect(dataset.digests.keys.sorted() == ["image_feat.npy", "shop.inter", "text_feat.npy"])
    #expect(dataset.digests["shop.inter"] == Digest.sha256(Array(interactions.utf8)))
    #expect(dataset.notes.contains { $0.contains("out of image, text, audio") })
    let chosen = try DatasetFolder.load("shop", in: search(work), modalities: ["text", "audio"])
    #expect(chosen.modalities.map(\.name) == ["text", "audio"])
    let all = try DatasetFolder.load("shop", in: search(work), modalities: ModalityChoice.all)
    #expect(all.modalities.map(\.name) == ["image", "text", "audio"])
  }

  @Test func `note rows of no part`() throws {
    let work = try Workdir()
    for name in ["image", "text"] { try put(work, "shop/\(name)_feat.npy") }
    try work.write(interactions + "1\t3\t1.0\t0\t5\n", to: "shop/shop.inter")
    let dataset = try DatasetFolder.load("shop", in: search(work))
    #expect(dataset.interactions?.count == 3)
    #expect(dataset.notes.contains { $0.hasPrefix("1 rows of shop.inter have another x_label") })
  }

  @Test func `of views take labels and names, and no split for a view`() throws {
    let work = try Workdir()
    for view in ["zer", "fac", "split"] { try put(work, "views/\(view).npy", rows: 5) }
    try work.write(try Fixtures.bytes("labels.npy"), to: "views/labels.npy")
    try work.write((0...12).map { "c\($0)\n" }.joined(), to: "views/categories.txt")
    let dataset = try DatasetFolder.load("views", in: search(work))
    #expect(dataset.modalities.map(\.name) == ["fac", "zer"])
    #expect(dataset.classes?.ids == [0, 3, 6, 9, 12])
    #expect(dataset.interactions == nil)
    #expect(
      dataset.digests.keys.sorted() == ["categories.txt", "fac.npy", "labels.npy", "zer.npy"])
  }

  @Test func `without label arrays take one category per item`() throws {
    let work = try Workdir()
    for view in ["a", "b"] { try put(work, "views/\(view).npy") }
    try work.write("x\ny\nx\nx\n", to: "views/categories.txt")
    #expect(try DatasetFolder.load("views", in: search(work)).classes?.ids == [0, 1, 0, 0])
  }

  @Test func `prefer features to neighbour lists and npy to csv`() throws {
    let work = try Workdir()
    try put(work, "shop/image_feat.npy")
    try work.write("1,2\n3,4\n5,6\n7,9\n", to: "shop/image_feat.csv")
    for modality in ["image", "text"] {
      for width in [2, 3] {
        let rows = (0..<4).map { item in (0..<width).map { Int32((item + $0) % 4) } }
        try work.write(
          PrecomputedNeighborsTests.ids(rows), to: "shop/\(modality)_knn\(width)_idx.npy")
        try NPYFile.write(
          Matrix(rowCount: 4, columnCount: width, repeating: 1),
          to: work("shop/\(modality)_knn\(width)_cos.npy"))
      }
    }
    let dataset = try DatasetFolder.load("shop", in: search(work))
    #expect(dataset.featureMatrices.map(\.path) == ["\(work.path)/shop/image_feat.npy"])
    #expect(dataset.neighborLists.map(\.modality) == ["text"])
    #expect(dataset.neighborLists[0].width == 3)
    #expect(dataset.notes.contains { $0.contains("image_feat.csv is ignored") })
  }

  @Test func `are looked for in the option, the environment and the working directory`() throws {
    let (first, second, third) = (try Workdir(), try Workdir(), try Workdir())
    let search = DatasetSearch(
      dataDirectory: first.path, environment: ["CLEAR_DATA": second.path],
      workingDirectory: third.path)
    #expect(search.directories == [first.path, second.path, "\(third.path)/data"])
    for folder in ["\(third.path)/data", second.path, first.path] {
      for view in ["a", "b"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/x", withIntermediateDirectories: true)
        try NPYFile.write(normalMatrix(4, 2, seed: 1), to: "\(folder)/x/\(view).npy")
      }
      let found = try DatasetFolder.load("x", in: search)
      #expect(found.featureMatrices[0].path == "\(folder)/x/a.npy")
    }
  }

  @Test func `that are missing say what was looked for, where to get it and what to run`() throws {
    let work = try Workdir()
    try FileManager.default.createDirectory(
      atPath: "\(work.path)/clothing", withIntermediateDirectories: true)
    try work.write(interactions, to: "clothing/clothing.inter")
    let search = DatasetSearch(
      dataDirectory: work.path, environment: ["CLEAR_DATA": "/data"], workingDirectory: "/here")
    let error = datasetError { _ = try DatasetFolder.load("clothing", in: search) }
    #expect(error?.isMissingInput == true)
    let text = error?.description ?? ""
    for folder in [work.path, "/data", "/here/data"] {
      for file in ["clothing.inter", "image_feat.npy", "text_feat.npy"] {
        #expect(text.contains("  \(folder)/clothing/\(file)\n"))
      }
    }
    #expect(text.contains("https://github.com/enoche/MMRec"))
    #expect(text.contains("--dataset demo"))
    #expect(text.contains("--dataset synthetic-clothing"))
  }

  @Test(arguments: ["", "..", ".", "a/b", "/etc", "../shop", "a\\b", "a\0b"])
  func `have plain names`(name: String) throws {
    let work = try Workdir()
    #expect(throws: DatasetError.selection(.invalidName(name))) {
      try DatasetFolder.load(name, in: search(work))
    }
  }

  @Test func `with too few, unknown or repeated modalities are refused`() throws {
    let work = try Workdir()
    try put(work, "shop/image_feat.npy")
    #expect(
      throws: DatasetError.selection(.tooFewModalities(dataset: "shop", available: ["image"]))
    ) { try DatasetFolder.load("shop", in: search(work)) }
    try put(work, "shop/text_feat.npy")
    #expect(
      throws: DatasetError.selection(
        .unknownModality("sound", dataset: "shop", available: ["image", "text"]))
    ) { try DatasetFolder.load("shop", in: search(work), modalities: ["image", "sound"]) }
    #expect(throws: DatasetError.selection(.repeatedModality("image"))) {
      try DatasetFolder.load("shop", in: search(work), modalities: ["image", "image"])
    }
    #expect(throws: DatasetError.selection(.oneModality(["image"]))) {
      try DatasetFolder.load("shop", in: search(work), modalities: ["image"])
    }
  }

  @Test func `with rows, labels or interactions that do not fit are refused`() throws {
    let work = try Workdir()
    try put(work, "shop/image_feat.npy", rows: 5)
    try put(work, "shop/text_feat.npy", rows: 4)
    let image = "image (\(work.path)/shop/image_feat.npy)"
    let text = "text (\(work.path)/shop/text_feat.npy)"
    let error = datasetError { _ = try DatasetFolder.load("shop", in: search(work)) }
    #expect(
      error
        == .features(.rowsDiffer(first: image, firstRows: 5, second: text, secondRows: 4)))
    #expect(error?.isMissingInput == false)
    try put(work, "shop/image_feat.npy", rows: 2)
    try put(work, "shop/text_feat.npy", rows: 2)
    let inter = try work.write(interactions, to: "shop/shop.inter")
    #expect(
      throws: DatasetError.interactions(path: inter, .beyondFeatures(line: 3, text: "2", rows: 2))
    ) { try DatasetFolder.load("shop", in: search(work)) }
    try put(work, "shop/image_feat.npy", rows: 4)
    try put(work, "shop/text_feat.npy", rows: 4)
    let labels = try work.write(try Fixtures.bytes("labels.npy"), to: "shop/labels.npy")
    #expect(throws: DatasetError.labels(path: labels, .count(labels: 5, items: 4))) {
      try DatasetFolder.load("shop", in: search(work))
    }
  }
}
