import LinearAlgebra
import Testing

@Suite("Linear algebra errors")
struct LinearAlgebraErrorTests {
  @Test(arguments: [
    (
      LinearAlgebraError.noConvergence(routine: "dgesdd", rows: 40, columns: 30, info: 2),
      "dgesdd did not converge on a 40 x 30 matrix (2 values left)"
    ),
    (
      .notPositiveDefinite(order: 5, minor: 3),
      "a matrix of order 5 is not positive definite: its leading minor 3 is not positive"
    ),
    (
      .nonFinite(routine: "dpotrf", row: 7, column: 2),
      "dpotrf needs finite values; row 7, column 2 is not finite"
    ),
  ])
  func `say what was found and where`(error: LinearAlgebraError, sentence: String) {
    #expect("\(error)" == sentence)
  }
}
