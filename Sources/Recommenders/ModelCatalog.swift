/// Every model, by name.
public enum ModelCatalog {
  /// In the order of the paper's Table 2.
  public static let all = [
    MFBPR.descriptor, LightGCN.descriptor, VBPR.descriptor, MMGCN.descriptor, DualGNN.descriptor,
    MMSSL.descriptor, FREEDOM.descriptor, CLEAR.descriptor,
  ]
}
