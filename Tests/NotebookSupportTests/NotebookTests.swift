import NotebookSupport
import Testing

@Suite("Notebook")
struct NotebookTests {
  @Test func `finds generated data sets always and leaves out real ones that are not there`() throws {
    let notebook = Notebook("test")
    let found = try notebook.datasets(["demo", "no such data set"])
    #expect(found.map(\.name) == ["demo"])
  }
}
