import Autodiff
import LinearAlgebra
import Testing

@Suite struct TapeJoinsTests {
  @Test(arguments: [(7, 4, 3), (300, 300, 16), (1030, 500, 21), (5, 0, 8)])
  func `parts joined with scales are parts scaled and joined`(n: Int, scaled: Int, width: Int) {
    let parameters = [
      Parameter("a", randomMatrix(n, width, seed: 1)),
      Parameter("b", randomMatrix(n, width, seed: 2)),
      Parameter("s", randomMatrix(scaled, 2, seed: 3)),
    ]
    let found = TapeLinearTests.step(parameters) { tape, inputs in
      let (first, second) = tape.joined([inputs[0], inputs[1]], scaledBy: inputs[2])
      return tape.stacked([first, second])
    }
    let expected = TapeLinearTests.step(parameters) { tape, inputs in
      tape.stacked([
        tape.joined(
          (0..<2).map { part in
            tape.scaledRows(
              tape.rows(0..<scaled, of: inputs[part]),
              by: tape.columns(part..<part + 1, of: inputs[2]))
          }),
        tape.joined((0..<2).map { tape.rows(scaled..<n, of: inputs[$0]) }),
      ])
    }
    TapeLinearTests.expectClose(found, expected)
  }

  @Test func `parts without a gradient are left alone`() {
    let (a, b) = (randomMatrix(6, 3, seed: 4), randomMatrix(6, 3, seed: 5))
    let scales = Parameter("s", randomMatrix(6, 2, seed: 6))
    let found = TapeLinearTests.step([scales]) {
      $0.joined([Tensor(constant: a), Tensor(constant: b)], scaledBy: $1[0]).scaled
    }
    let all = TapeLinearTests.step([Parameter("a", a), Parameter("b", b), scales]) {
      $0.joined([$1[0], $1[1]], scaledBy: $1[2]).scaled
    }
    TapeLinearTests.expectClose(found, [all[0], all[3]])
  }

  @Test(arguments: [false, true])
  func `a half that nothing is made of has no gradient`(usesScaled: Bool) {
    let parameters = [
      Parameter("a", randomMatrix(600, 17, seed: 7)),
      Parameter("b", randomMatrix(600, 17, seed: 8)),
      Parameter("s", randomMatrix(290, 2, seed: 9)),
    ]
    let found = TapeLinearTests.step(parameters) {
      let (scaled, rest) = $0.joined([$1[0], $1[1]], scaledBy: $1[2])
      return usesScaled ? scaled : rest
    }
    for part in found[1...2] {
      #expect(part.rows(usesScaled ? 290..<600 : 0..<290).elements.allSatisfy { $0 == 0 })
      #expect(part.rows(usesScaled ? 0..<290 : 290..<600).elements.contains { $0 != 0 })
    }
    #expect(found[3].elements.contains { $0 != 0 } == usesScaled)
  }
}
