import Figures
import Training

extension Figure4.Cell {
  /// The cell of a run; nil where `metric` was not measured.
  ///
  /// - Parameters:
  ///   - metric: Its key, such as `recall@20`.
  ///   - anyRank: The rank of a run without projection, where every rank is the same one.
  public init?(
    _ configuration: RunConfiguration, _ result: RunResult, metric: String, anyRank: Int
  ) {
    guard let validation = result.valid[metric], let test = result.test[metric] else { return nil }
    self.init(
      strength: configuration.projection?.strength ?? 0,
      rank: configuration.projection?.rank ?? anyRank, validation: validation, test: test)
  }
}
