/// The published values of the paper's tables and of those of others that it is read beside.
extension PublishedResults {
  private static let four = ["recall@10", "recall@20", "ndcg@10", "ndcg@20"]
  private static let sets = ["baby", "sports", "clothing"]

  /// Table 2: every system on Baby, Sports and Clothing.
  ///
  /// - Reference: [CLEAR26], Table 2.
  public static let table2 = sets.enumerated().flatMap { place, dataset in
    values(
      table2Rows.map { ($0, Array($1[(4 * place)..<(4 * place + 4)])) }, of: four, on: dataset,
      from: "CLEAR26, Table 2")
  }

  /// Recall and NDCG at 10 and 20 on Baby, then on Sports, then on Clothing.
  private static let table2Rows: [(String, [Double])] = [
    (
      "MF-BPR",
      [
        0.0357, 0.0575, 0.0192, 0.0249, 0.0432, 0.0653, 0.0241, 0.0298, 0.0187, 0.0279, 0.0103,
        0.0126,
      ]
    ),
    (
      "LightGCN",
      [
        0.0479, 0.0754, 0.0257, 0.0328, 0.0569, 0.0864, 0.0311, 0.0387, 0.0340, 0.0526, 0.0188,
        0.0236,
      ]
    ),
    (
      "LayerGCN",
      [
        0.0529, 0.0820, 0.0281, 0.0355, 0.0594, 0.0916, 0.0323, 0.0406, 0.0371, 0.0566, 0.0200,
        0.0247,
      ]
    ),
    (
      "VBPR",
      [
        0.0423, 0.0663, 0.0223, 0.0284, 0.0558, 0.0856, 0.0307, 0.0384, 0.0281, 0.0415, 0.0158,
        0.0192,
      ]
    ),
    (
      "MMGCN",
      [
        0.0378, 0.0615, 0.0200, 0.0261, 0.0370, 0.0605, 0.0193, 0.0254, 0.0218, 0.0345, 0.0110,
        0.0142,
      ]
    ),
    (
      "DualGNN",
      [
        0.0448, 0.0716, 0.0240, 0.0309, 0.0568, 0.0859, 0.0310, 0.0385, 0.0454, 0.0683, 0.0241,
        0.0299,
      ]
    ),
    (
      "LATTICE",
      [
        0.0547, 0.0850, 0.0292, 0.0370, 0.0620, 0.0953, 0.0335, 0.0421, 0.0492, 0.0733, 0.0268,
        0.0330,
      ]
    ),
    (
      "SLMRec",
      [
        0.0529, 0.0775, 0.0290, 0.0353, 0.0663, 0.0990, 0.0365, 0.0450, 0.0452, 0.0675, 0.0247,
        0.0303,
      ]
    ),
    (
      "BM3",
      [
        0.0564, 0.0883, 0.0301, 0.0383, 0.0656, 0.0980, 0.0355, 0.0438, 0.0422, 0.0621, 0.0231,
        0.0281,
      ]
    ),
    (
      "MMSSL",
      [
        0.0613, 0.0971, 0.0326, 0.0420, 0.0673, 0.1013, 0.0380, 0.0474, 0.0531, 0.0797, 0.0291,
        0.0359,
      ]
    ),
    (
      "FREEDOM",
      [
        0.0627, 0.0992, 0.0330, 0.0424, 0.0717, 0.1089, 0.0385, 0.0481, 0.0629, 0.0941, 0.0341,
        0.0420,
      ]
    ),
    (
      "MGCN",
      [
        0.0620, 0.0964, 0.0339, 0.0427, 0.0729, 0.1106, 0.0397, 0.0496, 0.0641, 0.0945, 0.0347,
        0.0428,
      ]
    ),
    (
      "LGMRec",
      [
        0.0644, 0.1002, 0.0349, 0.0440, 0.0720, 0.1068, 0.0390, 0.0480, 0.0555, 0.0828, 0.0302,
        0.0371,
      ]
    ),
    (
      "MENTOR",
      [
        0.0648, 0.1035, 0.0349, 0.0448, 0.0736, 0.1130, 0.0399, 0.0501, 0.0659, 0.0976, 0.0357,
        0.0437,
      ]
    ),
    (
      "CLEAR",
      [
        0.0687, 0.1045, 0.0364, 0.0456, 0.0756, 0.1146, 0.0411, 0.0511, 0.0675, 0.1001, 0.0358,
        0.0440,
      ]
    ),
  ]

  /// Table 3: the plug-in on VBPR and FREEDOM. Its FREEDOM row is not that of Table 2.
  ///
  /// - Reference: [CLEAR26], Table 3.
  public static let table3 = values(
    [
      ("VBPR", [0.0423, 0.0663, 0.0223, 0.0284]),
      ("VBPR + CLEAR", [0.0469, 0.0776, 0.0258, 0.0336]),
      ("FREEDOM", [0.0624, 0.0984, 0.0328, 0.0420]),
      ("FREEDOM + CLEAR", [0.0634, 0.0992, 0.0337, 0.0427]),
    ], of: four, on: "baby", from: "CLEAR26, Table 3")

  /// Seconds an epoch and memory in gigabytes, on an RTX 4090.
  ///
  /// - Reference: [CLEAR26], Table 4.
  public static let table4 = sets.flatMap { dataset in
    values(
      table4Rows[dataset] ?? [], of: ["gigabytes", "seconds"], on: dataset,
      from: "CLEAR26, Table 4")
  }

  private static let table4Rows: [String: [(String, [Double])]] = [
    "baby": [
      ("MF-BPR", [1.59, 0.86]),
      ("LightGCN", [1.69, 1.81]),
      ("VBPR", [1.89, 1.04]),
      ("MMGCN", [2.69, 6.35]),
      ("LATTICE", [4.53, 3.42]),
      ("FREEDOM", [2.13, 2.58]),
      ("CLEAR", [3.11, 2.30]),
    ],
    "sports": [
      ("MF-BPR", [2.00, 1.24]),
      ("LightGCN", [2.24, 3.74]),
      ("VBPR", [2.71, 1.67]),
      ("MMGCN", [3.91, 20.88]),
      ("LATTICE", [19.93, 13.59]),
      ("FREEDOM", [3.34, 4.52]),
      ("CLEAR", [4.12, 4.77]),
    ],
    "clothing": [
      ("MF-BPR", [2.16, 1.52]),
      ("LightGCN", [2.43, 4.58]),
      ("VBPR", [3.02, 2.02]),
      ("MMGCN", [4.24, 26.13]),
      ("LATTICE", [28.22, 23.96]),
      ("FREEDOM", [4.15, 5.74]),
      ("CLEAR", [4.43, 5.34]),
    ],
  ]

  /// SAND, alone and as a plug-in, from the logs of its repository (seed 999).
  ///
  /// - Reference: [SAND].
  public static let sand =
    sets.enumerated().flatMap { place, dataset in
      values(
        [("SAND", Array(sandRow[(4 * place)..<(4 * place + 4)]))], of: four, on: dataset,
        from: "SAND")
    }
    + values(
      [
        ("VBPR + SAND", [0.0457, 0.0743, 0.0243, 0.0317]),
        ("FREEDOM + SAND", [0.0636, 0.1013, 0.0336, 0.0433]),
      ], of: four, on: "baby", from: "SAND")

  private static let sandRow = [
    0.0663, 0.1033, 0.0354, 0.0449, 0.0757, 0.1145, 0.0408, 0.0508, 0.0659, 0.0953, 0.0358, 0.0432,
  ]
}
