import ProjectionCost
import Testing

@Suite("Random control")
struct RandomControlTests {
  @Test func `places a value among draws`() throws {
    let spread = try #require(ControlSpread([1, 2, 2, 5], value: 2))
    #expect(spread.mean == 2.5 && spread.percentile == 50)
    #expect(abs(try #require(spread.standardDeviation) - 3.0.squareRoot()) < 1e-15)
    #expect(ControlSpread([1, 4], value: 0)?.percentile == 0)
    #expect(ControlSpread([1], value: 2)?.percentile == 100)
    #expect(ControlSpread([1], value: 2)?.standardDeviation == nil)
    #expect(ControlSpread([], value: 2) == nil)
  }
}
