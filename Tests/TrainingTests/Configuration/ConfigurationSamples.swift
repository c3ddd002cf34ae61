import Foundation
import Recommenders

import Training

/// Models that declare the keys of published ones and cannot be built.
enum SampleModels {
  static func model(
    _ name: String, _ parameters: [HyperParameter], title: String? = nil,
    projection: ProjectionOptions? = nil, takesProjection: Bool = true
  ) -> ModelDescriptor {
    ModelDescriptor(
      name: name, title: title ?? name, reference: "Zhou23", hyperParameters: parameters,
      takesProjection: takesProjection, defaultProjection: projection
    ) { _, _, _, _ in throw ModelError.noTrainingInteractions }
  }

  static let regWeight = HyperParameter(
    "reg_weight", "weight of the penalty", .number(0...10), default: .number(1e-3))
  static let lightGCN = model(
    "lightgcn",
    [
      regWeight,
      HyperParameter("n_layers", "hops", .integer(1...8), default: .integer(2)),
      HyperParameter("embedding_size", "width", .integer(1...4096), default: .integer(64)),
    ], title: "LightGCN", takesProjection: false)
  static let freedom = model(
    "freedom",
    [
      regWeight,
      HyperParameter("n_mm_layers", "item hops", .integer(0...8), default: .integer(1)),
      HyperParameter("n_ui_layers", "user-item hops", .integer(0...8), default: .integer(2)),
      HyperParameter("knn_k", "neighbours", .integer(1...100), default: .integer(10)),
      HyperParameter("mm_image_weight", "image's share", .number(0...1), default: .number(0.1)),
      HyperParameter("dropout", "pruned share", .number(0...1), default: .number(0.8)),
    ], title: "FREEDOM")
  static let clear = model(
    "clear",
    [
      regWeight,
      HyperParameter(
        "learning_rate", "base rate", .number(0...1), default: .number(1e-4)),
      HyperParameter(
        "fusion", "how modalities meet", .choice(["concat", "sum"]), default: .text("concat")),
      HyperParameter("normalized", "unit rows", .flag, default: .flag(true)),
      HyperParameter("temperature", "unused if none", .number(0...1), default: .none),
    ], title: "CLEAR", projection: ProjectionOptions(rank: 8))
  static let mgcn = model(
    "mgcn",
    [
      HyperParameter(
        "learning_rate_scheduler", "schedule", .flag, default: .list([.number(0.96), .integer(50)]))
    ], title: "MGCN")
  static let all = [lightGCN, freedom, clear, mgcn]
}

/// Texts with the keys and values of MMRec's files.
enum SampleFiles {
  static let overall = """
    # general
    gpu_id: 0
    use_gpu: True
    seed: [999]

    data_path: 'data/'
    inter_splitting_label: 'x_label'
    filter_out_cod_start_users: True
    is_multimodal_model: True

    checkpoint_dir: 'saved'
    save_recommended_topk: True
    recommend_topk: 'recommend_topk/'

    embedding_size: 64
    weight_decay: 0.0
    req_training: True

    # training settings
    epochs: 1000
    stopping_step: 20
    train_batch_size: 2048
    learner: adam
    learning_rate: 0.001
    learning_rate_scheduler: [1.0, 50]
    eval_step: 1

    training_neg_sample_num: 1
    use_neg_sampling: True
    use_full_sampling: False
    NEG_PREFIX: neg__

    USER_ID_FIELD: user_id:token
    ITEM_ID_FIELD: item_id:token
    TIME_FIELD: timestamp:float
    field_separator: "\\t"

    metrics: ["Recall", "NDCG", "Precision", "MAP"]
    topk: [5, 10, 20, 50]
    valid_metric: Recall@20
    eval_batch_size: 4096

    use_raw_features: False
    max_txt_len: 32
    max_img_size: 256
    vocab_size: 30522
    type_vocab_size: 2
    hidden_size: 4
    pad_token_id: 0
    max_position_embeddings: 512
    layer_norm_eps: 1e-12
    hidden_dropout_prob: 0.1

    end2end: False

    hyper_parameters: ["seed"]
    """
  static let baby = """
    USER_ID_FIELD: userID
    ITEM_ID_FIELD: itemID
    #RATING_FIELD: rating
    TIME_FIELD: timestamp
    filter_out_cod_start_users: True
    inter_file_name: 'baby.inter'
    vision_feature_file: 'image_feat.npy'
    text_feature_file: 'text_feat.npy'
    user_graph_dict_file: 'user_graph_dict.npy'
    field_separator: "\\t"
    """
  static let freedom = """
    embedding_size: 64
    feat_embed_dim: 64
    weight_size: [64, 64]

    lambda_coeff: 0.9
    reg_weight: [0.0, 1e-05, 1e-04, 1e-03]

    n_mm_layers: 1
    n_ui_layers: 2
    knn_k: 10

    mm_image_weight: 0.1
    dropout: [0.8, 0.9]

    hyper_parameters: ["dropout", "reg_weight"]
    """
}

/// A fresh directory for configuration files that goes away with the test.
final class ConfigurationFolder {
  let path = NSTemporaryDirectory() + "/configuration-\(UUID().uuidString)"
  private var count = 0

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes `text` and returns the path: 1.yaml, 2.yaml and so on.
  func write(_ text: String) throws -> String { try write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) throws -> String {
    count += 1
    let file = "\(path)/\(count).yaml"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

extension ConfigurationReader {
  /// Reads `texts` as files one after the other.
  func readTexts(
    _ texts: String..., model: String? = "freedom", overrides: [String] = [], clear: String? = nil
  ) throws -> ConfigurationGrid {
    let folder = try ConfigurationFolder()
    return try read(
      model: model, dataset: "baby", files: texts.map(folder.write), overrides: overrides,
      clear: clear)
  }
}

/// The error that `body` throws.
func configurationError(_ body: () throws -> Void) -> ConfigurationError? {
  do {
    try body()
    return nil
  } catch {
    return error as? ConfigurationError
  }
}
