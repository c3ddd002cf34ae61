import Recommenders

/// Keys of MMRec's files for which there is nothing to set here.
enum UnusedKeys {
  /// A key of which only the values are accepted that describe what is done anyway.
  struct Fixed: Sendable {
    let accepted: [SettingValue]
    /// Half a sentence for other values.
    let reason: String

    init(_ accepted: [SettingValue], _ reason: String) {
      self.accepted = accepted
      self.reason = reason
    }
  }

  static let fixed: [String: Fixed] = [
    "learner": Fixed([.text("adam"), .text("Adam")], "only adam is"),
    "clip_grad_norm": Fixed([], "gradients are never clipped, so leave it out"),
    "use_full_sampling": Fixed(
      [.flag(false)], "an epoch visits interactions, not users, so leave it out"),
    "training_neg_sample_num": Fixed(
      [.integer(1)], "one negative is drawn for each positive, so leave it out"),
    "aggr_mode": Fixed(
      [.text("add"), .list([.text("add")])], "neighbours are added up, so leave it out"),
    "req_training": Fixed([.flag(true)], "every model here is trained, so leave it out"),
    "end2end": Fixed([.flag(false)], "features are given, not learned, so leave it out"),
    "use_raw_features": Fixed([.flag(false)], "features are given, not learned, so leave it out"),
    "ssl_task": Fixed([.text("FAC")], "only FAC is"),
    "mm_fusion_mode": Fixed([.text("concat")], "only concat is"),
    "init": Fixed([.text("xavier")], "only xavier is"),
  ]

  /// Why a key is ignored, after "is ignored: ".
  static let ignored: [String: String] = {
    let reasons: [(String, [String])] = [
      ("training runs on the processor", ["gpu_id", "use_gpu"]),
      (
        "the data set is found by its name and its files by theirs",
        [
          "data_path", "inter_file_name", "vision_feature_file", "text_feature_file",
          "user_graph_dict_file", "item_graph_dict_file", "preprocessed_data", "load_from_file",
        ]
      ),
      (
        "interaction files are tab-separated with columns userID, itemID and x_label",
        [
          "USER_ID_FIELD", "ITEM_ID_FIELD", "TIME_FIELD", "RATING_FIELD", "NEG_PREFIX",
          "field_separator", "inter_splitting_label",
        ]
      ),
      (
        "the run folder holds the results, whatever is chosen here",
        [
          "state", "checkpoint_dir", "save_model", "save_recommended_topk", "recommend_topk",
        ]
      ),
      ("all items are ranked", ["eval_type"]),
      ("the model itself says so", ["is_multimodal_model", "use_neg_sampling"]),
      (
        "features are given, not learned",
        [
          "max_txt_len", "max_img_size", "vocab_size", "type_vocab_size", "hidden_size",
          "pad_token_id", "max_position_embeddings", "layer_norm_eps", "hidden_dropout_prob",
        ]
      ),
      (
        "the model does not read it",
        [
          "embedding_size", "feat_embed_dim", "weight_size", "lambda_coeff", "cf_model",
          "degree_ratio", "mess_dropout", "reg", "dropout_rate",
        ]
      ),
    ]
    return Dictionary(
      uniqueKeysWithValues: reasons.flatMap { reason, keys in keys.map { ($0, reason) } })
  }()
}
