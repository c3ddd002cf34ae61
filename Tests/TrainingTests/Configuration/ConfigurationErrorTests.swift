import Foundation
import Recommenders
import Statistics
import Testing

import Training

@Suite("Errors in configurations")
struct ConfigurationErrorTests {
  let reader = ConfigurationReader(models: SampleModels.all)

  /// The error of a single file, its path written as FILE.
  func message(
    _ text: String, model: String? = "freedom", overrides: [String] = [], clear: String? = nil
  ) throws -> String {
    try message(Array(text.utf8), model: model, overrides: overrides, clear: clear)
  }

  func message(
    _ bytes: [UInt8], model: String? = "freedom", overrides: [String] = [], clear: String? = nil
  ) throws -> String {
    let folder = try ConfigurationFolder()
    let file = try folder.write(bytes)
    let error = configurationError {
      _ = try reader.read(
        model: model, dataset: "baby", files: [file], overrides: overrides, clear: clear)
    }
    return try #require(error).description.replacingOccurrences(of: file, with: "FILE")
  }

  static let values: [(String, String)] = [
    ("epoch: 1\n", "FILE, line 1: there is no key epoch; the nearest is epochs"),
    ("epochs: 3\nreg_wieght: 0.1",
      "FILE, line 2: there is no key reg_wieght; the nearest is reg_weight"),
    ("clear:\n  rnak: 4", "FILE, line 2: there is no key clear.rnak; the nearest is clear.rank"),
    ("epochs: {a: 1}", "FILE, line 1: there is no key epochs.a; the nearest is epochs"),
    ("epochs: 0", "FILE, line 1: epochs must be a whole number, at least 1, but is 0"),
    ("epochs: 1.5", "FILE, line 1: epochs must be a whole number, at least 1, but is 1.5"),
    ("epochs: '3'", "FILE, line 1: epochs must be a whole number, at least 1, but is \"3\""),
    ("epochs: 012", "FILE, line 1: epochs must be a whole number, at least 1, but is \"012\""),
    ("epochs: 99999999999999999999",
      "FILE, line 1: epochs must be a whole number, at least 1, but is "
        + "\"99999999999999999999\""),
    ("\nknn_k: 101", "FILE, line 2: knn_k must be a whole number from 1 to 100, but is 101"),
    ("dropout: 1.1", "FILE, line 1: dropout must be a number from 0.0 to 1.0, but is 1.1"),
    ("dropout: .nan", "FILE, line 1: dropout must be a number from 0.0 to 1.0, but is \".nan\""),
    ("learning_rate: 1e999",
      "FILE, line 1: learning_rate must be a number, at least 0.0, but is \"1e999\""),
    ("weight_decay: '2*3'",
      "FILE, line 1: weight_decay must be a number, at least 0.0, but is \"2*3\""),
    ("filter_out_cod_start_users: 1",
      "FILE, line 1: filter_out_cod_start_users must be true or false, but is 1"),
    ("metrics: [Recal]",
      "FILE, line 1: metrics must be a list of different words of Recall, NDCG, Precision, "
        + "MAP, Recall2, but is [Recal]"),
    ("metrics: Recal",
      "FILE, line 1: metrics must be a list of different words of Recall, NDCG, Precision, "
        + "MAP, Recall2, but is Recal; the nearest is Recall"),
    ("topk: [5, 5]",
      "FILE, line 1: topk must be a list of different whole numbers from 1 to 1000000, but "
        + "is [5, 5]"),
    ("topk: []",
      "FILE, line 1: topk must be a list of different whole numbers from 1 to 1000000, but "
        + "is []"),
    ("valid_metric: Recall",
      "FILE, line 1: valid_metric must be a metric at a cut-off, such as Recall@20, but is "
        + "Recall"),
    ("learning_rate_scheduler: [1.0]",
      "FILE, line 1: learning_rate_scheduler must be a list of two numbers above 0, such "
        + "as [0.96, 50], but is [1.0]"),
    ("seed: -1",
      "FILE, line 1: seed must be a whole number from 0 to 18446744073709551615, but is -1"),
    ("seed: [1, x]",
      "FILE, line 1: seed must be a whole number from 0 to 18446744073709551615, but is x"),
    ("seed: [1, 1]", "FILE, line 1: seed must be a list of different values, but is [1, 1]"),
    ("model: 3", "FILE, line 1: model must be a name, but is 3"),
    ("clear: on", "FILE, line 1: clear must be off, or keys such as rank: 4, but is true"),
    ("clear: {strength: 1.5}",
      "FILE, line 1: clear.strength must be a number from 0.0 to 1.0, but is 1.5"),
    ("clear: {energy: 0}",
      "FILE, line 1: clear.energy must be off or a number above 0 and at most 1.0, but is 0"),
    ("clear: {scope: fist}",
      "FILE, line 1: clear.scope must be one of both, first, second, but is fist; the "
        + "nearest is first"),
    ("learner: sgd", "FILE, line 1: learner sgd is not supported; only adam is"),
    ("clip_grad_norm: 5",
      "FILE, line 1: clip_grad_norm 5 is not supported; gradients are never clipped, so "
        + "leave it out"),
    ("use_full_sampling: True",
      "FILE, line 1: use_full_sampling true is not supported; an epoch visits "
        + "interactions, not users, so leave it out"),
    ("training_neg_sample_num: 2",
      "FILE, line 1: training_neg_sample_num 2 is not supported; one negative is drawn for "
        + "each positive, so leave it out"),
    ("req_training: no",
      "FILE, line 1: req_training false is not supported; every model here is trained, so "
        + "leave it out"),
    ("end2end: True",
      "FILE, line 1: end2end true is not supported; features are given, not learned, so "
        + "leave it out"),
  ]

  @Test(arguments: values)
  func `a bad value is named with its place`(text: String, expected: String) throws {
    // `model: 3` is read only where the command line names none.
    let found = try message(text, model: text.hasPrefix("model") ? nil : "freedom")
    #expect(found == expected)
  }

  static let grids: [(String, String)] = [
    ("dropout: [0.1]",
      "FILE, line 1: dropout holds a list, but hyper_parameters does not name it; name it "
        + "there to search over the list, or give one value"),
    ("\ndropout: 0.1\nhyper_parameters: [dropout]",
      "FILE, line 2: hyper_parameters names dropout, but it holds no list; give it a list "
        + "such as [a, b], or name it no more"),
    ("hyper_parameters: [dropout]",
      "FILE, line 1: hyper_parameters names dropout, but it holds no list; give it a list "
        + "such as [a, b], or name it no more"),
    ("topk: [5, 20]\nhyper_parameters: [topk]",
      "FILE, line 1: hyper_parameters names topk, but it holds no list; give it a list "
        + "such as [a, b], or name it no more"),
    ("dropout: []\nhyper_parameters: [dropout]",
      "FILE, line 1: dropout must be a list of different values, but is []"),
    ("dropout: [0.1, 2]\nhyper_parameters: [dropout]",
      "FILE, line 1: dropout must be a number from 0.0 to 1.0, but is 2"),
    ("hyper_parameters: dropout",
      "FILE, line 1: hyper_parameters must be a list of keys, but is dropout"),
    ("hyper_parameters: [1]", "FILE, line 1: hyper_parameters must be a list of keys, but is [1]"),
    ("hyper_parameters: [model]",
      "FILE, line 1: hyper_parameters must be a list of keys that have values, but is "
        + "[model]"),
    ("hyper_parameters: [drop_out]",
      "FILE, line 1: there is no key drop_out; the nearest is dropout"),
  ]

  @Test(arguments: grids)
  func `a bad grid is named with its place`(text: String, expected: String) throws {
    let found = try message(text)
    #expect(found == expected)
  }

  static let syntax: [(String, String)] = [
    ("epochs: 1\nepochs: 2",
      "FILE, line 1, column 1: epochs stands more than once, here for the first time; keep "
        + "one"),
    ("\nclear: {rank: 1, rank: 2}",
      "FILE, line 2, column 9: rank stands more than once, here for the first time; keep "
        + "one"),
    ("- a",
      "FILE, line 1, column 1: this is no key: value; a configuration is a YAML file of "
        + "lines key: value"),
    ("epochs",
      "FILE, line 1, column 1: this is no key: value; a configuration is a YAML file of "
        + "lines key: value"),
    ("a: [1, {b: 2}]",
      "FILE, line 1, column 8: keys inside a list have no meaning here; a configuration is "
        + "a YAML file of lines key: value"),
    ("[a]: 1",
      "FILE, line 1, column 1: a key must be a word; a configuration is a YAML file of "
        + "lines key: value"),
    ("epochs: !!int 5",
      "FILE, line 1, column 9: the tag tag:yaml.org,2002:int has no meaning here; a "
        + "configuration is a YAML file of lines key: value"),
    ("epochs: 1\ntopk: [1, 2",
      "FILE, line 3, column 1: did not find expected ',' or ']'; a configuration is a "
        + "YAML file of lines key: value"),
    ("epochs: 1\n\tknn_k: 2",
      "FILE, line 2, column 1: found a tab character that violates indentation; a "
        + "configuration is a YAML file of lines key: value"),
    ("epochs: 1\na: \u{1}",
      "FILE, line 2, column 4: control characters are not allowed; a configuration is a "
        + "YAML file of lines key: value"),
    ("epochs: *a",
      "FILE, line 1, column 9: found undefined alias; a configuration is a YAML file of "
        + "lines key: value"),
    ("epochs: 1\n---\nepochs: 2",
      "FILE, line 2, column 1: but found another document; a configuration is a YAML file "
        + "of lines key: value"),
  ]

  @Test(arguments: syntax)
  func `what is no configuration is named with its place`(text: String, expected: String) throws {
    let found = try message(text)
    #expect(found == expected)
  }

  @Test func `overrides are named as they were typed`() throws {
    #expect(
      try message("", overrides: ["knn_k=many"])
        == "--set knn_k=many: knn_k must be a whole number from 1 to 100, but is many")
    #expect(
      try message("", overrides: ["knnk=1"])
        == "--set knnk=1: there is no key knnk; the nearest is knn_k")
    for text in ["knn_k", "=1", "knn_k=[1"] {
      #expect(try message("", overrides: [text]).hasPrefix("--set \(text), column "))
    }
  }

  @Test func `models and data sets must be named and known`() throws {
    #expect(
      configurationError { _ = try reader.read(dataset: "baby") } == .missingName(key: "model"))
    #expect(
      configurationError { _ = try reader.read(model: "clear") } == .missingName(key: "dataset"))
    let unknown = configurationError { _ = try reader.read(model: "freedon", dataset: "baby") }
    #expect(
      unknown?.description
        == "there is no model \"freedon\"; the nearest is freedom; there are: lightgcn, freedom, "
        + "clear, mgcn")
    let none = configurationError {
      _ = try ConfigurationReader(models: []).read(model: "clear", dataset: "baby")
    }
    #expect(none == .unknownModel("clear", known: [], nearest: nil))
  }

  @Test func `a metric that is not measured cannot choose the epoch`() throws {
    #expect(
      try message("topk: [5, 10]")
        == "valid_metric Recall@20 is not measured; metrics are Recall, NDCG, Precision, MAP and "
        + "topk is 5, 10, so add it there or choose another")
    #expect(try message("metrics: [NDCG]").hasPrefix("valid_metric Recall@20 is not measured"))
  }

  @Test func `a model without modality embeddings takes no projection`() throws {
    #expect(
      try message("clear: {rank: 4}", model: "lightgcn")
        == "FILE, line 1: lightgcn has no modality embeddings that a projection could act on; "
        + "leave clear out, or train another model")
    #expect(try message("", model: "lightgcn", clear: "rank=4").hasPrefix("--clear rank=4: "))
  }

  @Test func `files that cannot be read are named`() throws {
    let folder = try ConfigurationFolder()
    func error(_ path: String) -> ConfigurationError? {
      configurationError { _ = try reader.read(model: "clear", dataset: "baby", files: [path]) }
    }
    let missing = try #require(error("\(folder.path)/none.yaml"))
    #expect(missing == .fileNotFound(path: "\(folder.path)/none.yaml") && missing.isMissingInput)
    #expect(error(folder.path) == .unreadable(path: folder.path, reason: "it is a directory"))
    #expect(error("/dev/zero")?.isMissingInput == false)
    #expect(try message([0x61, 0xFF]) == "FILE: cannot be read (it is not UTF-8 text)")
    #expect(try message([UInt8](repeating: 0x23, count: 1 << 20 + 1)).contains("larger than 1 MiB"))
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "[a, "])
  func `deep nesting is refused`(opening: String) throws {
    let text = "epochs: " + String(repeating: opening, count: 100_000)
    #expect(try message(text).hasPrefix("FILE, line 1"))
    #expect(try !message("epochs:\n  " + String(repeating: opening, count: 100_000)).isEmpty)
  }

  @Test func `aliases that stand for more than memory holds are refused`() throws {
    var text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1]\n"
    for i in 1...20 {
      let aliases = Array(repeating: "*a\(i - 1)", count: 8).joined(separator: ", ")
      text += "a\(i): &a\(i) [\(aliases)]\n"
    }
    #expect(try message(text + "? *a20 : 1\n").contains("more than 16 aliases"))
  }

  @Test func `damaged files are read or refused`() throws {
    let files = [SampleFiles.overall, SampleFiles.freedom, "clear: {rank: 4, energy: 0.5}\n"]
    let letters = Array("[]{}:,-?&*!|>'\"%@`#\n\t ~\\\u{0}0a".utf8)
    var generator = SeededGenerator(seed: 1)
    for trial in 0..<500 {
      var bytes = Array(files[trial % files.count].utf8)
      for _ in 0...generator.index(below: 4) {
        let place = generator.index(below: bytes.count)
        bytes[place] = letters[generator.index(below: letters.count)]
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let error = configurationError {
        _ = try RunConfiguration(
          yaml: "model: freedom\ndataset: baby\n" + text, path: "x", models: SampleModels.all)
      }
      if let error { #expect(!error.description.isEmpty) }
    }
  }

  @Test func `a message stays short`() throws {
    let long = String(repeating: "x", count: 100_000)
    #expect(try message("\(long): 1").count < 400)
    #expect(try message("epochs: \(long)").count < 400)
    #expect(try message("epochs: \"\(long)\"").count < 400)
  }
}
