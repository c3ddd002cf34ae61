import Audit
import CommandSupport
import Datasets
import Figures
import Information
import LinearAlgebra
import NeighborEmbedding
import Neighbors
import Redundancy
import Reporting

extension CommandFailure {
  /// Sorts the errors of the modules into exit codes.
  init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as DatasetError where error.isMissingInput:
      self.init(code: ExitStatus.missingInput, sentence: "\(error)")
    case let error as RunHistoryError where error.isMissingInput:
      self.init(code: ExitStatus.missingInput, sentence: "\(error)")
    case is DatasetError, is RedundancyError, is OverlapError, is NeighborError, is TSNEError,
      is TheoremError, is InformationError, is LinearAlgebraError, is BaselineError, is RunHistoryError:
      self.init(code: ExitStatus.badData, sentence: "\(error)")
    case let error as ReportFileError:
      self.init(
        code: error.isMissingInput ? ExitStatus.missingInput : ExitStatus.badData,
        sentence: "\(error)")
    case is AuditError, is FailConditionError:
      self.init(code: ExitStatus.usage, sentence: "\(error)")
    case let error as ReportFolderError: self.init(code: ExitStatus.usage, sentence: "\(error)")
    default: self.init(code: ExitStatus.internalFailure, sentence: "\(error)")
    }
  }
}
