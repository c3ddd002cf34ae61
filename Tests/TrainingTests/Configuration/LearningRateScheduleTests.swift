import Foundation
import Testing

import Training

@Suite("The learning rate's schedule")
struct LearningRateScheduleTests {
  @Test func `a factor of one leaves the rate`() {
    let schedule = LearningRateSchedule(factor: 1, period: 50)
    #expect((0..<200).allSatisfy { schedule.rate(base: 1e-3, epoch: $0) == 1e-3 })
  }

  @Test func `the exponent is real`() {
    let schedule = LearningRateSchedule(factor: 0.96, period: 50)
    #expect(schedule.rate(base: 2, epoch: 0) == 2)
    #expect(abs(schedule.rate(base: 2, epoch: 25) - 2 * 0.96.squareRoot()) < 1e-15)
    #expect(abs(schedule.rate(base: 2, epoch: 100) - 2 * 0.96 * 0.96) < 1e-15)
  }
}
