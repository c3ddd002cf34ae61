import ArgumentParser
import CommandSupport
import Training

/// Runs `body` and sorts what it throws into exit codes.
func reportingFailures(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let exit as ExitCode {
    throw exit
  } catch {
    throw CommandFailure(error)
  }
}
