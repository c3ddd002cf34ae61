import Redundancy

/// A number of a report by which reports are compared, with its error where one is known.
public struct HeadlineNumber: Codable, Sendable, Equatable {
  /// Its path in `report.json`.
  public let path: String
  /// What it is, in words.
  public let label: String
  public let value: Double
  /// One standard error: over items for what is measured on items, over directions for what is
  /// sampled; nil where none is known.
  public let standardError: Double?

  public init(path: String, label: String, value: Double, standardError: Double? = nil) {
    self.path = path
    self.label = label
    self.value = value
    self.standardError = standardError
  }
}

/// What headline numbers are taken from.
public protocol MeasuredNumbers {
  var spectrum: CovarianceSpectrum? { get }
  var retrievalOverlap: [RetrievalOverlap]? { get }
  var slicedWasserstein: SlicedWasserstein? { get }
  var tsne: MapComparison? { get }
  var fisher: [FisherDiscriminantRatio]? { get }
  var similarity: Similarity? { get }
  var calibration: AuditCalibration? { get }
}

extension MeasuredNumbers {
  /// The numbers that another report of the same kind also has, in page order.
  public var headlineNumbers: [HeadlineNumber] {
    overlapNumbers + spectrumNumbers + distanceNumbers + classNumbers + similarityNumbers
  }

  private var overlapNumbers: [HeadlineNumber] {
    (retrievalOverlap ?? []).enumerated().flatMap { place, row in
      let interval = calibration?.overlapIntervals?.levels.first { $0.k == row.k }?.interval
      let own = HeadlineNumber(
        path: "retrievalOverlap[\(place)].mean", label: "overlap@\(row.k)", value: row.mean,
        standardError: interval?.standardError ?? row.standardError)
      let places = calibration?.neighbors?.overlaps.firstIndex { $0.k == row.k }
      guard let index = places,
        let value = calibration?.neighbors?.overlaps[index].statistic.free
      else { return [own] }
      return [
        own,
        HeadlineNumber(
          path: "calibration.neighbors.overlaps[\(index)].statistic.free.score",
          label: "calibrated overlap@\(row.k)", value: value.score,
          // The score is linear in the overlap above the threshold.
          standardError: own.standardError.map { $0 / max(1e-9, value.maximum - value.threshold) }),
      ]
    }
  }

  private var spectrumNumbers: [HeadlineNumber] {
    guard let spectrum else { return [] }
    let numbers: [(String, String, Double?)] = [
      ("singularValues[0]", "largest singular value σ₁", spectrum.singularValues.first),
      ("frobeniusNorm", "Frobenius norm of the covariance", spectrum.frobeniusNorm),
      ("effectiveRank", "effective rank", spectrum.effectiveRank),
      ("directionsAboveNoise", "directions above the noise edge",
        Double(spectrum.directionsAboveNoise)),
      ("projected.singularValues[0]", "σ₁ after projection",
        spectrum.projected.singularValues.first),
      ("projected.effectiveRank", "effective rank after projection",
        spectrum.projected.effectiveRank),
    ]
    let leading = calibration?.spectrumIntervals?.singularValues.first ?? nil
    return numbers.compactMap { path, label, value in
      value.map {
        HeadlineNumber(
          path: "spectrum.\(path)", label: label, value: $0,
          standardError: path == "singularValues[0]" ? leading?.standardError : nil)
      }
    } + [
      calibration?.spectrum.map {
        HeadlineNumber(
          path: "calibration.spectrum.directionsAboveNull", label: "directions above the null",
          value: Double($0.directionsAboveNull))
      }
    ].compactMap { $0 }
  }

  private var distanceNumbers: [HeadlineNumber] {
    var numbers: [HeadlineNumber] = []
    if let distance = slicedWasserstein {
      numbers += [
        HeadlineNumber(
          path: "slicedWasserstein.before", label: "sliced Wasserstein distance",
          value: distance.before, standardError: distance.standardErrorBefore),
        HeadlineNumber(
          path: "slicedWasserstein.after", label: "sliced Wasserstein distance after projection",
          value: distance.after, standardError: distance.standardErrorAfter),
      ]
    }
    if let maps = tsne {
      numbers += [
        HeadlineNumber(
          path: "tsne.before.overlap", label: "t-SNE Overlap", value: maps.before.overlap),
        HeadlineNumber(
          path: "tsne.after.overlap", label: "t-SNE Overlap after projection",
          value: maps.after.overlap),
      ]
    }
    return numbers
  }

  private var classNumbers: [HeadlineNumber] {
    (fisher ?? []).enumerated().compactMap { place, ratio in
      ratio.medianRatio.map {
        HeadlineNumber(
          path: "fisher[\(place)].medianRatio", label: "FDR∥/FDR⊥ of modality \(place + 1)",
          value: $0)
      }
    }
  }

  private var similarityNumbers: [HeadlineNumber] {
    [
      similarity?.linearCKA.map {
        HeadlineNumber(
          path: "similarity.linearCKA", label: "debiased linear CKA", value: $0,
          standardError: calibration?.spectrumIntervals?.debiasedAlignment?.standardError)
      },
      similarity?.cca.first.map {
        HeadlineNumber(path: "similarity.cca[0]", label: "leading canonical correlation", value: $0)
      },
    ].compactMap { $0 }
  }
}
