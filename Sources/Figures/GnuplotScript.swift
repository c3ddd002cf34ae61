internal import CGnuplot
import Foundation

/// Writes files through a gnuplot session.
enum GnuplotScript {
  /// Writes `text` to `file`, all of it or an error.
  static func write(_ text: String, to file: URL) throws(FigureError) {
    var message = [CChar](repeating: 0, count: 512)
    guard let session = gnuplot_session_open(file.path, &message, message.count) else {
      throw .notWritable(path: file.path, reason: reason(message))
    }
    var text = text
    let sent = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        gnuplot_session_send(session, $0.baseAddress, $0.count, &message, message.count)
      }
    }
    let failure = sent == 0 ? nil : reason(message)
    let closed = gnuplot_session_close(session, &message, message.count)
    if let failure { throw .notWritable(path: file.path, reason: failure) }
    if closed != 0 { throw .notWritable(path: file.path, reason: reason(message)) }
  }

  /// The script that draws `figure` from NAME.tsv into NAME.png and NAME.pdf, all in the folder
  /// that it is run from.
  static func text(
    for figure: some Figure, named name: String, provenance: [String: String]
  ) -> String {
    let facts = provenance.sorted { $0.key < $1.key }
      .map { "# \(singleLine($0.key)): \(singleLine($0.value))\n" }.joined()
    return """
      # Draws \(name).png from \(name).tsv:  gnuplot \(name).gp
      # Draws \(name).pdf instead:  gnuplot -e "format = 'pdf'" \(name).gp
      \(facts)
      if (!exists('format')) format = 'png'
      table = '\(name).tsv'
      \(FigureStyle.preamble)
      \(FigureStyle.terminal(height: figure.height))
      set output '\(name).'.format

      \(figure.commands())
      unset output

      """
  }

  private static func reason(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
