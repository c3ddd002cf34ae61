import Audit
import Datasets
import Figures
import LinearAlgebra
import NeighborEmbedding
import Neighbors
import Redundancy
import Reporting

/// An error as the command reports it: one sentence and an exit code.
struct CommandFailure: Error {
  let code: Int32
  let sentence: String

  /// Wrong usage that the parser cannot see.
  static func usage(_ sentence: String) -> CommandFailure {
    CommandFailure(code: ExitStatus.usage, sentence: sentence)
  }
}

/// The documented exit codes, after `sysexits.h`.
enum ExitStatus {
  static let conditionMet: Int32 = 1
  static let usage: Int32 = 64
  static let badData: Int32 = 65
  static let missingInput: Int32 = 66
  static let internalFailure: Int32 = 70
}

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
      is TheoremError, is LinearAlgebraError, is BaselineError, is RunHistoryError:
      self.init(code: ExitStatus.badData, sentence: "\(error)")
    case is AuditError, is FailConditionError:
      self.init(code: ExitStatus.usage, sentence: "\(error)")
    case let error as ReportFolderError: self.init(code: ExitStatus.usage, sentence: "\(error)")
    default: self.init(code: ExitStatus.internalFailure, sentence: "\(error)")
    }
  }
}
