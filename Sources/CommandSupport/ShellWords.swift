/// `word` as a shell reads it back.
package func shellQuoted(_ word: String) -> String {
  let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,@+:%".contains($0) }
  return plain && !word.isEmpty
    ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}

/// The command line that started this process, as a shell reads it back.
///
/// - Parameter tool: What the tool is called, in place of the path it was started by.
package func commandLine(of tool: String) -> String {
  ([tool] + CommandLine.arguments.dropFirst()).map(shellQuoted).joined(separator: " ")
}
