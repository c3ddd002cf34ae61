import ArgumentParser

/// How long training may take, as `2h`, `90m` or `3600s`.
struct TimeBudget: ExpressibleByArgument, Equatable {
  let duration: Duration

  init?(argument: String) {
    let units: [Character: Double] = ["h": 3600, "m": 60, "s": 1]
    guard let unit = argument.last.flatMap({ units[$0] }),
      argument.dropLast().wholeMatch(of: /[0-9]+(\.[0-9]+)?/) != nil,
      let count = Double(argument.dropLast()), count * unit < 1e9
    else { return nil }
    duration = .seconds(count * unit)
  }
}
