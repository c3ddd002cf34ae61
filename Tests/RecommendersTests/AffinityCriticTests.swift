import Autodiff
import LinearAlgebra
import Recommenders
import Statistics
import Testing

/// The masks that dropout multiplies a layer of this shape by.
func plainMask(_ rowCount: Int, _ columnCount: Int, rate: Double, seed: UInt64) -> Plain {
  let ones = Tensor(
    constant: Matrix(rowCount: rowCount, columnCount: columnCount, repeating: 1))
  return Plain(Tape(isRecording: false).dropout(ones, rate: rate, seed: seed).matrix)
}

@Suite("Affinity critic")
struct AffinityCriticTests {
  private static let itemCount = 18
  private static let own: [[Int32]] = [[0, 3], [1], [2, 10, 11], [5], [6, 7]]
  private static let pattern = SparsePattern(own, columnCount: itemCount)
  private static let tables = (0..<6).map { randomMatrix($0 < 3 ? 5 : 18, 3, seed: UInt64($0)) }

  /// A seed from the letters of a draw's name.
  private static func seed(_ draw: String) -> UInt64 {
    draw.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
  }

  private static func critic(rates: (first: Double, second: Double)) -> AffinityCritic {
    var generator = SeededGenerator(seed: 2)
    let critic = AffinityCritic(itemCount: itemCount, rates: rates, using: &generator)
    // Scales and shifts where they are no longer special.
    for (index, parameter) in critic.parameters.enumerated() {
      let tensor = parameter.tensor
      var values = tensor.matrix
      let noise = randomMatrix(tensor.rowCount, tensor.columnCount, seed: UInt64(40 + index))
      for place in values.elements.indices { values.elements[place] += 0.3 * noise.elements[place] }
      tensor.assign(values)
    }
    return critic
  }

  private static func rows(_ place: Int, on tape: Tape) -> AffinityRows {
    AffinityRows(
      users: Tensor(constant: tables[place]), items: Tensor(constant: tables[3 + place]),
      own: pattern, on: tape)
  }

  private static func plainRows(_ place: Int) -> Plain {
    plainAffinities(users: Plain(tables[place]), items: Plain(tables[3 + place]), own: own)
  }

  private static func plain(_ critic: AffinityCritic) -> PlainCritic {
    PlainCritic(
      tables: Dictionary(
        uniqueKeysWithValues: critic.parameters.map { ($0.name, Plain($0.tensor.matrix)) }))
  }

  private static func masks(
    _ rates: (first: Double, second: Double), rows: Int, _ names: [String]
  ) -> [String: (Plain, Plain)] {
    Dictionary(
      uniqueKeysWithValues: names.map { name in
        (
          name,
          (
            plainMask(rows, 4, rate: rates.first, seed: seed("\(name) 1")),
            plainMask(rows, 2, rate: rates.second, seed: seed("\(name) 2"))
          )
        )
      })
  }

  @Test func `has layers of a quarter and an eighth of the items`() {
    let critic = Self.critic(rates: (0.31, 0.5))
    #expect(
      critic.parameters.map { [$0.tensor.rowCount, $0.tensor.columnCount] } == [
        [18, 4], [1, 4], [1, 4], [2, 4], [1, 2], [1, 2], [1, 2], [1, 1],
      ])
    var generator = SeededGenerator(seed: 1)
    let baby = AffinityCritic(itemCount: 7050, rates: (0, 0), using: &generator)
    #expect(baby.parameters[3].tensor.rowCount == 881 && baby.parameters[3].tensor.columnCount == 1762)
    for (place, inputs) in [(0, 7050.0), (3, 1762.0)] {
      let values = baby.parameters[place].tensor.matrix.elements.map(Double.init)
      #expect(abs(sampleVariance(values)! / (2 / inputs) - 1) < 0.01)
    }
  }

  @Test func `scores lie between 0 and 100 and are those of the definition`() {
    let rates = (first: 0.31, second: 0.5)
    let critic = Self.critic(rates: rates)
    let tape = Tape(isRecording: false)
    let found = critic.meanScore(
      [Self.rows(0, on: tape), Self.rows(1, on: tape)], "fake", seeds: Self.seed, on: tape)
    let scores = Self.plain(critic).scores(
      Self.plainRows(0).above(Self.plainRows(1)),
      masks: Self.masks(rates, rows: 10, ["fake"])["fake"]!)
    #expect(scores.allSatisfy { $0 > 0 && $0 < 100 })
    #expect(abs(Double(found.scalar) - plainMean(scores)) < 1e-3)
  }

  @Test(arguments: [0.0, 0.3], [true, false])
  func `the loss with its penalty on gradients is that of the definition, and so is its gradient`(
    penalty: Double, drops: Bool
  ) {
    let rates = drops ? (first: 0.31, second: 0.5) : (first: 0.0, second: 0.0)
    let critic = Self.critic(rates: rates)
    let tape = Tape()
    let loss = critic.loss(
      real: Self.rows(2, on: tape), fake: [Self.rows(0, on: tape), Self.rows(1, on: tape)],
      penalty: penalty, seeds: Self.seed, on: tape)
    tape.backward(from: loss)

    let shares = tape.uniform(10, 1, seed: Self.seed("shares")).matrix.elements.map(Double.init)
    let masks = Self.masks(rates, rows: 10, ["fake", "real", "mixed"])
    let real = Self.plainRows(2).above(Self.plainRows(2))
    let fake = Self.plainRows(0).above(Self.plainRows(1))
    func definition(_ plain: PlainCritic) -> Double {
      plain.loss(real: real, fake: fake, shares: shares, weight: penalty, masks: masks)
    }
    let plain = Self.plain(critic)
    let expected = definition(plain)
    #expect(abs(Double(loss.scalar) - expected) < 1e-5 * max(1, abs(expected)))

    for parameter in critic.parameters {
      let gradient = Plain(parameter.tensor.gradientMatrix)
      var numeric = gradient
      let h = 1e-4
      for row in 0..<gradient.rowCount {
        for column in 0..<gradient.columnCount {
          var (above, below) = (plain, plain)
          above.tables[parameter.name]!.rows[row][column] += h
          below.tables[parameter.name]!.rows[row][column] -= h
          numeric.rows[row][column] = (definition(above) - definition(below)) / (2 * h)
        }
      }
      let difference = (gradient - numeric).maximumMagnitude
      #expect(
        difference < 2e-4 * max(1, numeric.maximumMagnitude),
        "gradient of \(parameter.name) is off by \(difference)")
      // Without dropout the second normalisation takes away what the first one has shifted.
      #expect(!drops || numeric.maximumMagnitude > 1e-2, "\(parameter.name)")
    }
  }

  @Test func `on the same rows nothing but the penalty is left`() {
    let critic = Self.critic(rates: (0, 0))
    let tape = Tape(isRecording: false)
    func loss(_ penalty: Double) -> Float {
      critic.loss(
        real: Self.rows(0, on: tape), fake: [Self.rows(0, on: tape), Self.rows(0, on: tape)],
        penalty: penalty, seeds: Self.seed, on: tape
      ).scalar
    }
    let doubled = Self.plainRows(0).above(Self.plainRows(0))
    let one = Plain([[Double]](repeating: [Double](repeating: 1, count: 4), count: 10))
    let gradient = Self.plain(critic).inputGradient(
      doubled, masks: (one, Plain(one.rows.map { Array($0.prefix(2)) })))
    let excess = plainMean(
      gradient.rows.map { (dot($0, $0).squareRoot() - 1) * (dot($0, $0).squareRoot() - 1) })
    #expect(abs(loss(0)) < 1e-5)
    #expect(abs(Double(loss(0.3)) - 0.3 * excess) < 1e-4 * max(1, excess))
  }

  @Test func `held, it hands gradients on and has none`() {
    let critic = Self.critic(rates: (0.31, 0.5))
    let users = Parameter("users", Self.tables[0])
    let tape = Tape()
    let rows = AffinityRows(
      users: users.tensor, items: Tensor(constant: Self.tables[3]), own: Self.pattern, on: tape)
    tape.backward(
      from: critic.held(on: tape).meanScore([rows], "fake", seeds: Self.seed, on: tape))
    #expect(users.tensor.gradientMatrix.elements.contains { $0 != 0 })
    for parameter in critic.parameters { #expect(parameter.tensor.gradient == nil) }
  }
}
