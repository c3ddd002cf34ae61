import Figures
import Foundation
import Testing

/// Suites that start processes, one after the other.
@Suite(.serialized)
struct ProcessSuites {}

extension ProcessSuites {
  @Suite("gnuplot")
  struct GnuplotProgramTests {
    @Test func `tells its version`() throws {
      #expect(try GnuplotProgram().version().hasPrefix("gnuplot "))
    }

    @Test(arguments: ["", "/nonexistent:/proc"])
    func `that is missing is an error which names the package`(path: String) throws {
      let bench = try Workbench()
      let program = GnuplotProgram(searchPath: path)
      #expect(throws: FigureError.gnuplotMissing(program: "gnuplot")) { try program.version() }
      #expect(throws: FigureError.gnuplotMissing(program: "gnuplot")) {
        try bench.drawer(gnuplot: program).draw(Sketch(), named: "sketch")
      }
      #expect(bench.drawnNames.isEmpty)
      #expect("\(FigureError.gnuplotMissing(program: "gnuplot"))".contains("gnuplot-nox"))
    }

    @Test func `that is another program is no gnuplot`() throws {
      let bench = try Workbench()
      let program = GnuplotProgram(program: try bench.program("echo a shell"))
      #expect(throws: FigureError.gnuplotMissing(program: program.program)) {
        try program.version()
      }
    }

    @Test func `that stops is reported with its message and line`() throws {
      let bench = try Workbench()
      let broken = Sketch(script: "plot table using 1:2,\\\n  nosuch(x)")
      #expect {
        try bench.drawer().draw(broken, named: "sketch")
      } throws: { error in
        guard case .gnuplotFailed("sketch.gp", let line?, let message)? = error as? FigureError
        else { return false }
        return line > 20 && message.contains("undefined function: nosuch")
      }
      #expect(bench.drawnNames.isEmpty)
    }

    @Test func `that hangs is stopped`() throws {
      let bench = try Workbench()
      let program = GnuplotProgram(program: try bench.program("exec sleep 60"), timeLimit: 0.3)
      let start = ContinuousClock.now
      #expect(throws: FigureError.gnuplotTimedOut(script: "sketch.gp", seconds: 0.3)) {
        try bench.drawer(gnuplot: program).draw(Sketch(), named: "sketch")
      }
      #expect(ContinuousClock.now - start < .seconds(20))
      #expect(bench.drawnNames.isEmpty)
    }

    @Test func `that closes its streams at once leaves this process alive`() throws {
      let bench = try Workbench()
      let program = GnuplotProgram(
        program: try bench.program("exec 0<&- 1>&- 2>&-\nexit 3"))
      #expect(
        throws: FigureError.gnuplotFailed(
          script: "figure-6.gp", line: nil, message: "exit status 3")
      ) {
        try bench.drawer(gnuplot: program).draw(Samples.figure6(count: 5000), named: "figure-6")
      }
    }

    @Test func `that floods its error stream does not stall`() throws {
      let bench = try Workbench()
      let program = GnuplotProgram(
        program: try bench.program(
          "yes remark | head -c 3000000 >&2\necho '\"sketch.gp\" line 12: the reason' >&2\nexit 1"))
      #expect(
        throws: FigureError.gnuplotFailed(script: "sketch.gp", line: 12, message: "the reason")
      ) {
        try bench.drawer(gnuplot: program).draw(Sketch(), named: "sketch")
      }
    }

    @Test func `that dies from a signal is reported`() throws {
      let bench = try Workbench()
      let program = GnuplotProgram(program: try bench.program("kill -SEGV $$"))
      #expect(
        throws: FigureError.gnuplotFailed(
          script: "sketch.gp", line: nil, message: "exit status 139")
      ) {
        try bench.drawer(gnuplot: program).draw(Sketch(), named: "sketch")
      }
    }

    @Test(arguments: [
      ("true", "was not written"), ("echo text > sketch.png", "is not a PNG image"),
    ])
    func `that claims success must have left a picture`(commands: String, reason: String) throws {
      let bench = try Workbench()
      let program = GnuplotProgram(program: try bench.program(commands))
      #expect {
        try bench.drawer(gnuplot: program).draw(Sketch(), named: "sketch")
      } throws: { error in
        guard case .outputUnusable("sketch.png", let found)? = error as? FigureError
        else { return false }
        return found.hasPrefix(reason)
      }
      #expect(bench.drawnNames.isEmpty)
    }
  }
}
