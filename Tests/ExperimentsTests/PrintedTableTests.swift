import Experiments
import Testing

@Suite("Printed table")
struct PrintedTableTests {
  let table = PrintedTable(
    header: ["system", "R@20"],
    rows: [
      [.init("A | B"), .init("0.1000 ± 0.0010", .best)],
      [.init("50 %_λ"), .init("0.0900", .second)],
    ])

  @Test func `is Markdown with the best in bold and the second underlined`() {
    #expect(
      table.markdown == """
        | system | R@20 |
        | --- | --- |
        | A \\| B | **0.1000 ± 0.0010** |
        | 50 %_λ | <u>0.0900</u> |

        """)
  }

  @Test func `is a LaTeX tabular with everything escaped`() {
    #expect(
      table.latex == """
        % Needs \\usepackage{booktabs}.
        \\begin{tabular}{lr}
        \\toprule
        system & R@20 \\\\
        \\midrule
        A | B & \\textbf{0.1000 $\\pm$ 0.0010} \\\\
        50 \\%\\_$\\lambda$ & \\underline{0.0900} \\\\
        \\bottomrule
        \\end{tabular}

        """)
    let special = PrintedTable(header: ["\\ ~ ^ & # $ { } −"], rows: [])
    #expect(
      special.latex.contains(
        "\\textbackslash{} \\textasciitilde{} \\textasciicircum{} \\& \\# \\$ \\{ \\} $-$"))
  }

  @Test func `fields of CSV are quoted as RFC 4180 has it`() {
    #expect(
      commaSeparated([["a", "b,c", "say \"x\""], ["1", "two\r\nlines", ""]])
        == "a,\"b,c\",\"say \"\"x\"\"\"\r\n1,\"two\r\nlines\",\r\n")
  }
}
