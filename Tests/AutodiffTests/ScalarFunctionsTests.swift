import Autodiff
import Foundation
import Testing

@Suite struct ScalarFunctionsTests {
  @Test(arguments: [-80, -20, -1.5, 0, 0.3, 8, 20, 80] as [Float])
  func `logistic and softplus agree with their formulas in double precision`(x: Float) {
    let exact = 1 / (1 + exp(-Double(x)))
    #expect(abs(Double(logistic(x)) - exact) <= 2e-7 * exact)
    let plus = max(Double(x), 0) + log1p(exp(-abs(Double(x))))
    #expect(abs(Double(softplus(x)) - plus) <= 2e-7 * plus)
  }

  @Test func `logistic of x and of −x sum to one`() {
    for x in stride(from: Float(-30), through: 30, by: 0.7) {
      #expect(abs(logistic(x) + logistic(-x) - 1) <= 0x1p-23)
    }
  }
}
