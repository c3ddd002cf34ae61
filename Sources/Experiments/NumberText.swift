import Foundation

/// `value` with `places` decimals, and its sign where `signed`; a minus is typeset as one.
func fixed(_ value: Double, _ places: Int, signed: Bool = false) -> String {
  String(format: "%\(signed ? "+" : "").\(places)f", value).replacing("-", with: "−")
}

/// Mean and deviation as a reader sees them.
func cellText(_ estimate: Estimate) -> String {
  fixed(estimate.mean, 4) + (estimate.deviation.map { " ± \(fixed($0, 4))" } ?? "")
}

/// `recall@20` as the head of a column: R@20.
func columnTitle(_ metric: String) -> String {
  metric.replacing("recall@", with: "R@").replacing("ndcg@", with: "N@")
}
