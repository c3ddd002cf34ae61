import CommandSupport
import Datasets
import Experiments
import LinearAlgebra
import Neighbors
import Recommenders
import Redundancy
import Training

extension CommandFailure {
  /// Sorts the errors of the modules into exit codes.
  package init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as DatasetError: self.init(error)
    case let error as ConfigurationError: self.init(error)
    case let error as RunFolderError: self.init(error)
    case let error as ExperimentError: self.init(error)
    case let error as TrainingError: self.init(error)
    case let error as EvaluationError: self.init(error)
    case is TrainingDataError, is CheckpointError, is ModelError, is RedundancyError,
      is OverlapError, is NeighborError, is LinearAlgebraError:
      self.init(code: ExitStatus.badData, sentence: "\(error)")
    default: self.init(code: ExitStatus.internalFailure, sentence: "\(error)")
    }
  }

  private init(_ error: DatasetError) {
    let code =
      switch error {
      case .unwritable: ExitStatus.internalFailure
      default: error.isMissingInput ? ExitStatus.missingInput : ExitStatus.badData
      }
    self.init(code: code, sentence: "\(error)")
  }

  private init(_ error: ConfigurationError) {
    let code =
      error.isMissingInput
      ? ExitStatus.missingInput : error.isInFile ? ExitStatus.badData : ExitStatus.usage
    self.init(code: code, sentence: "\(error)")
  }

  private init(_ error: TrainingError) {
    let code =
      switch error {
      case .diverged, .divergedScores, .divergedEmbeddings: ExitStatus.internalFailure
      case .noInteractions, .nonFiniteFeatures: ExitStatus.badData
      case .takesNoProjection, .unknownModel: ExitStatus.usage
      }
    self.init(code: code, sentence: "\(error)")
  }

  private init(_ error: EvaluationError) {
    let code =
      switch error {
      case .unknownUser, .countOutOfRange: ExitStatus.usage
      case .rowCountMismatch, .nonFinite, .overflow: ExitStatus.badData
      }
    self.init(code: code, sentence: "\(error)")
  }

  private init(_ error: ExperimentError) {
    let code =
      switch error {
      case .foreignFolder, .otherConfiguration, .otherData, .severalRuns: ExitStatus.usage
      case .childFailed: ExitStatus.internalFailure
      }
    self.init(code: code, sentence: "\(error)")
  }

  private init(_ error: RunFolderError) {
    let code =
      switch error {
      case .notRunFolder: ExitStatus.missingInput
      case .malformed, .missingEpoch, .nonFinite: ExitStatus.badData
      case .exists, .notEmpty, .otherRun, .locked: ExitStatus.usage
      case .inaccessible: ExitStatus.internalFailure
      }
    self.init(code: code, sentence: "\(error)")
  }
}
