import CommandTestSupport
import NotebookSupport
import Testing

@Suite("Notebook")
struct NotebookTests {
  @Test func `finds generated data sets always and leaves out real ones that are not there`()
    throws
  {
    let notebook = Notebook("test", arguments: [])
    let found = try notebook.datasets(["demo", "no such data set"])
    #expect(found.map(\.name) == ["demo"])
  }

  @Test(arguments: [("--help", 0), ("--figures", 64)] as [(String, Int32)])
  func `writes nothing where it is asked for help or for what it does not know`(
    option: String, status: Int32
  ) throws {
    let workdir = try CommandWorkdir(running: "01_retrieval_overlap")
    let outcome = try workdir.run([option])
    #expect(outcome.status == status, "\(outcome.transcript)")
    let said = outcome.output + outcome.errors
    #expect(said.contains("01_retrieval_overlap [<figures>]"), "\(outcome.transcript)")
    #expect(!workdir.exists(option))
  }
}
