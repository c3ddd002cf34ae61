import Foundation

/// The natural logarithm, so that this module's generators need no import at their use.
@inline(__always)
func naturalLogarithm(_ value: Double) -> Double { log(value) }
