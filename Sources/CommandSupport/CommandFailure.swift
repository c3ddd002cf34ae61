/// An error as a command reports it: one sentence and an exit code.
///
/// Each command sorts the errors of its modules into these with an initializer of its own.
package struct CommandFailure: Error, Equatable {
  /// One of ``ExitStatus``.
  package let code: Int32
  package let sentence: String

  package init(code: Int32, sentence: String) {
    self.code = code
    self.sentence = sentence
  }

  /// Wrong usage that the parser cannot see.
  package static func usage(_ sentence: String) -> CommandFailure {
    CommandFailure(code: ExitStatus.usage, sentence: sentence)
  }
}

/// The documented exit codes, after `sysexits.h`.
package enum ExitStatus {
  package static let conditionMet: Int32 = 1
  package static let usage: Int32 = 64
  package static let badData: Int32 = 65
  package static let missingInput: Int32 = 66
  package static let internalFailure: Int32 = 70
}
