/// Every model, by name.
public enum ModelCatalog {
  /// In the order of the paper's Table 2.
  public static let all = [
    MFBPR.descriptor,
    LightGCN.descriptor,
    LayerGCN.descriptor,
    VBPR.descriptor,
    MMGCN.descriptor,
    DualGNN.descriptor,
    LATTICE.descriptor,
    SLMRec.descriptor,
    BM3.descriptor,
    MMSSL.descriptor,
    FREEDOM.descriptor,
    MGCN.descriptor,
    LGMRec.descriptor,
    MENTOR.descriptor,
    SAND.descriptor,
    CLEAR.descriptor,
  ]
}
