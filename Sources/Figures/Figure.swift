/// Something that ``FigureDrawer`` draws: a table, and the gnuplot commands that show it.
public protocol Figure: Codable, Sendable {
  /// Height in inches; the width is that of a column, ``FigureStyle/width``.
  var height: Double { get }

  /// The numbers shown.
  ///
  /// - Throws: ``FigureError`` when there are none or they are not usable.
  func table() throws(FigureError) -> FigureTable

  /// gnuplot commands that draw on the open page.
  ///
  /// The variable `table` holds the name of the file with ``table()``, and the colours of
  /// ``FigureStyle`` are variables.
  func commands() -> String
}
