import CommandTestSupport

typealias Workdir = CommandWorkdir

extension CommandWorkdir {
  /// A fresh folder for `redundancy-report`.
  convenience init() throws { try self.init(running: "redundancy-report") }
}
