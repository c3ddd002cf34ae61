/// Published values on the TikTok release of LATTICE's data, K = 20.
///
/// The systems that use features have three modalities there: images, sound and text.
extension PublishedResults {
  /// Recall@20 and NDCG@20, in the tables of the repositories that are named.
  ///
  /// MMSSL's NDCG is normalised by the hits of a list, which makes it larger than the usual one.
  ///
  /// - Reference: [MMSSL], [DiffMM], [MDMNS], [GenRec], [SDMMR].
  public static let tiktok = tiktokRows.flatMap { sources, rows in
    rows.flatMap { values([$0], of: ["recall@20", "ndcg@20"], on: "tiktok", from: sources) }
  }.map { value in
    value.system == "MMSSL" && value.metric == "ndcg@20"
      ? value.incomparable("its NDCG is normalised by the hits of the list, not by the best list")
      : value
  }

  private static let tiktokRows: [(String, [(String, [Double])])] = [
    (
      "MMSSL; DiffMM; MDMNS",
      [
        ("MF-BPR", [0.0346, 0.0130]),
      ]
    ),
    (
      "MMSSL; DiffMM; MDMNS; GenRec",
      [
        ("NGCF", [0.0604, 0.0238]),
        ("LightGCN", [0.0653, 0.0282]),
        ("SGL", [0.0603, 0.0238]),
        ("NCL", [0.0658, 0.0269]),
        ("HCCF", [0.0662, 0.0267]),
        ("VBPR", [0.0380, 0.0134]),
        ("LightGCN-M", [0.0679, 0.0273]),
        ("MMGCN", [0.0730, 0.0307]),
        ("GRCN", [0.0804, 0.0350]),
        ("LATTICE", [0.0843, 0.0367]),
        ("CLCRec", [0.0621, 0.0264]),
        ("MMGCL", [0.0799, 0.0326]),
        ("SLMRec", [0.0845, 0.0353]),
      ]
    ),
    (
      "MMSSL",
      [
        ("MMSSL", [0.0921, 0.0392]),
      ]
    ),
    (
      "DiffMM; MDMNS; GenRec",
      [
        ("BM3", [0.0957, 0.0404]),
        ("DiffMM", [0.1129, 0.0456]),
      ]
    ),
    (
      "MDMNS",
      [
        ("DiffKG", [0.1008, 0.0449]),
        ("KDiffE", [0.1081, 0.0434]),
        ("MDMNS", [0.1193, 0.0525]),
      ]
    ),
    (
      "SDMMR",
      [
        ("SDMMR", [0.1122, 0.0452]),
      ]
    ),
    (
      "GenRec",
      [
        ("GenRec-V1", [0.1165, 0.0492]),
      ]
    ),
  ]
}
