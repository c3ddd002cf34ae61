import Foundation
import Statistics
import Testing

@Suite("Incomplete beta function")
struct IncompleteBetaTests {
  @Test func `agrees with scipy`() throws {
    for point in try PairedTestsReference.read().betas {
      let value = regularizedIncompleteBeta(point.a, point.b, at: point.x)
      #expect(abs(value - point.value) < 1e-9 * point.value, "\(point)")
    }
  }

  @Test func `has the values that are known`() {
    #expect(regularizedIncompleteBeta(2, 3, at: 0) == 0)
    #expect(regularizedIncompleteBeta(2, 3, at: 1) == 1)
    #expect(abs(regularizedIncompleteBeta(7, 7, at: 0.5) - 0.5) < 1e-14)
    // I_x(1, b) = 1 − (1 − x)^b.
    #expect(abs(regularizedIncompleteBeta(1, 5, at: 0.2) - (1 - pow(0.8, 5))) < 1e-14)
  }
}
