import LinearAlgebra
import Redundancy
import Statistics
import Testing

/// Every measure is held to its card: what it declares holds, what it does not can be broken.
@Suite("Catalogue of measures")
struct MeasureCatalogTests {
  private let streams = RandomStreams(seed: 42)
  static let names = MeasureCatalog.all.map(\.card.name)

  private func measure(_ name: String) throws -> Measure {
    try #require(MeasureCatalog.all.first { $0.card.name == name })
  }

  private func value(_ measure: Measure, _ pair: FeaturePair) throws -> Double {
    try #require(try measure.evaluate(pair.first, pair.second, streams))
  }

  /// Whether two values are the same, but for rounding, near ties and what is drawn at random.
  private func agree(_ a: Double, _ b: Double, _ measure: Measure) -> Bool {
    abs(a - b) <= (2e-3 + 5 * measure.samplingError) * max(abs(a), abs(b), 0.02)
  }

  private func worlds(_ measure: Measure, for invariance: Invariance? = nil) -> [FeaturePair] {
    let equal = [0, 0.3, 1].enumerated().map { index, offset in
      CatalogWorlds.related(seed: 100 + UInt64(index), offset: offset)
    }
    let sharesNoWidth = measure.card.comparesCoordinates || invariance == .commonRotation
    return equal + (sharesNoWidth ? [] : [CatalogWorlds.unequal(seed: 200)])
  }

  @Test func `has each name once and both kinds`() {
    #expect(Set(Self.names).count == Self.names.count)
    #expect(MeasureCatalog.paired.allSatisfy { $0.card.pairing == .paired })
    #expect(MeasureCatalog.marginal.allSatisfy { $0.card.pairing == .marginal })
    #expect(MeasureCatalog.all.allSatisfy { $0.card.source.contains("[") })
  }

  @Test(arguments: names) func `stays in its range`(name: String) throws {
    let measure = try measure(name)
    var pairs = worlds(measure) + (0..<5).map { CatalogWorlds.independent(seed: 300 + 2 * $0) }
    pairs += pairs.prefix(2).map { FeaturePair($0.first, $0.first) }
    for pair in pairs {
      let value = try value(measure, pair)
      #expect(value.isFinite)
      if let bound = measure.card.lowerBound { #expect(value >= bound - 1e-6) }
      if let bound = measure.card.upperBound { #expect(value <= bound + 1e-6) }
    }
  }

  @Test(arguments: names) func `is symmetric exactly when it says so`(name: String) throws {
    let measure = try measure(name)
    let agreements = try worlds(measure).map { pair in
      agree(
        try value(measure, pair), try value(measure, FeaturePair(pair.second, pair.first)),
        measure)
    }
    #expect(agreements.allSatisfy { $0 } == measure.card.isSymmetric)
  }

  @Test(arguments: names, Invariance.allCases)
  func `is unchanged by what it declares and by nothing else`(
    name: String, invariance: Invariance
  ) throws {
    let measure = try measure(name)
    let agreements = try worlds(measure, for: invariance).enumerated().flatMap { index, pair in
      let before = try value(measure, pair)
      return try [0, 1].map { modality in
        let changed = CatalogWorlds.changed(
          pair, by: invariance, modality: modality, seed: 500 + UInt64(index))
        return agree(before, try value(measure, changed), measure)
      }
    }
    #expect(agreements.allSatisfy { $0 } == measure.card.invariances.contains(invariance))
  }

  @Test(arguments: names)
  func `finds identical modalities more alike than unrelated ones`(name: String) throws {
    let measure = try measure(name)
    for seed in 0..<3 as Range<UInt64> {
      let unrelated = CatalogWorlds.independent(seed: 600 + 2 * seed)
      let identical = FeaturePair(unrelated.first, unrelated.first)
      let (same, other) = (try value(measure, identical), try value(measure, unrelated))
      switch measure.card.direction {
      case .growsWithLikeness: #expect(same > other)
      case .fallsWithLikeness: #expect(same < other)
      }
    }
  }

  @Test(arguments: names) func `never crashes and never gives NaN`(name: String) throws {
    let measure = try measure(name)
    let constant = Matrix<Float>(rowCount: 12, columnCount: 3, repeating: 2)
    let zero = Matrix<Float>(rowCount: 12, columnCount: 3)
    let normal = MeasureWorlds.gaussian(12, 3, seed: 1)
    var pairs = [(constant, constant), (zero, zero), (zero, normal), (normal, constant)]
    for n in 0...4 {
      pairs.append((MeasureWorlds.gaussian(n, 2, seed: 2), MeasureWorlds.gaussian(n, 2, seed: 3)))
    }
    let none = Matrix<Float>(rowCount: 12, columnCount: 0)
    pairs.append((none, none))
    var broken = normal
    broken[3, 1] = .nan
    pairs.append((normal, broken))
    for (first, second) in pairs {
      // An error is an answer; a value that is no number is none.
      if let value = try? measure.evaluate(first, second, streams) {
        #expect(value.isFinite, "\(first.rowCount) x \(first.columnCount)")
      }
    }
  }
}
