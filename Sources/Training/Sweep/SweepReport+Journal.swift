extension SweepReport {
  /// The state of a sweep: `sweep.json`.
  struct Journal: Encodable {
    struct Point: Encodable {
      let run: String
      let values: [String: String]
      let seed: UInt64
      let state: String
      let problem: String?
      let epochs: Int?
      let bestEpoch: Int?
      let valid: [String: Double]?
      let test: [String: Double]?
    }

    struct Choice: Encodable {
      let name: String
      let valid: Double?
      let test: Double?
    }

    let model: String
    let dataset: String
    let metric: String
    let axes: [String]
    let points: [Point]
    let chosenOnValidation: Choice?
    let bestOnTestPublishedHabit: Choice?
  }

  var journal: Journal {
    let points = zip(plan.points, outcomes).map { point, outcome in
      let values = zip(plan.axes, point.values).compactMap { axis, value in
        value.map { (axis, $0.yaml) }
      }
      var problem: String?
      if case .diverged(let reason) = outcome { problem = reason }
      return Journal.Point(
        run: point.name, values: Dictionary(uniqueKeysWithValues: values),
        seed: point.configuration.seed, state: outcome.state, problem: problem,
        epochs: outcome.result?.epochs, bestEpoch: outcome.result?.bestEpoch,
        valid: outcome.result?.valid, test: outcome.result?.test)
    }
    func choice(_ row: Int?) -> Journal.Choice? {
      row.map {
        Journal.Choice(
          name: name(of: $0), valid: rows[$0].validation(metric), test: rows[$0].test(metric))
      }
    }
    let first = plan.points[0].configuration
    return Journal(
      model: first.model, dataset: first.dataset, metric: metric, axes: plan.axes, points: points,
      chosenOnValidation: choice(chosen), bestOnTestPublishedHabit: choice(bestOnTest))
  }
}
