import CommandSupport
import Foundation
import Testing

@Suite("Shell words")
struct ShellWordsTests {
  @Test func `that are plain stay as they are`() {
    #expect(shellQuoted("--set") == "--set")
    #expect(shellQuoted("runs/a_b-1.5,c=d@e+f:g%") == "runs/a_b-1.5,c=d@e+f:g%")
  }

  @Test func `come back from a shell as they were`() throws {
    let words = ["", "a b", "it's", "$HOME", "`x`", "a\nb", "\"", "\\", "*", "größe", "--clear=k"]
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let list = words.map(shellQuoted).joined(separator: " ")
    process.arguments = ["-c", "printf '%s\\0' \(list)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(output == Data(words.map { $0 + "\0" }.joined().utf8))
  }
}
