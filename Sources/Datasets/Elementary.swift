import Foundation

/// base^exponent, so that the generators need no import at their use.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
