import Autodiff
import Testing

/// Runs each test twice: with products in strips, and with those that the processor may do better.
struct BothKindsOfProducts: TestTrait, SuiteTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    for isInStrips in [true, false] {
      try await StripProducts.$arePreferred.withValue(isInStrips) { try await function() }
    }
  }
}

extension Trait where Self == BothKindsOfProducts {
  static var bothKindsOfProducts: Self { Self() }
}
