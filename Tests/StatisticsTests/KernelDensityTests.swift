import Foundation
import LinearAlgebra
import Statistics
import Testing

@Suite("Kernel density")
struct KernelDensityTests {
  /// The definition: every kernel at every point.
  func plainDensity(_ samples: [Double], at x: Double, bandwidth h: Double) -> Double {
    samples.reduce(0) { $0 + exp(-($1 - x) * ($1 - x) / (2 * h * h)) }
      / (Double(samples.count) * h * (2 * Double.pi).squareRoot())
  }

  @Test func `agrees with scipy`() throws {
    // numpy 2.4.6 for the bandwidth, scipy 1.17.1 gaussian_kde at linspace(min-3h, max+3h, 7).
    let density = try #require(
      KernelDensity([2, 0.1, 0.2, 0.25, 0.3, 0.35, 0.5, 5, 0.52, 0.9, 1.4, 2.1], pointCount: 7))
    #expect(abs(density.bandwidth - 0.515861181698623) < 1e-14)
    let expected = [
      0.0018503726098412423, 0.32433523529738983, 0.25492156694923734, 0.08638490960941206,
      0.006417024186088958, 0.059082241982142784, 0.0007159303977452633,
    ]
    for (value, reference) in zip(density.densities, expected) {
      #expect(abs(value - reference) < 1e-10 * reference)
    }
    #expect(abs(density.points[0] + 1.4475835450958692) < 1e-13)
    #expect(abs(density.points[6] - 6.547583545095869) < 1e-13)
  }

  @Test func `leaves out nothing that counts, outliers and gaps included`() throws {
    var generator = SeededGenerator(seed: 2)
    let samples = generator.normals(3000) + generator.normals(2000).map { 0.02 * $0 + 9 } + [40]
    let density = try #require(KernelDensity(samples))
    for (x, value) in zip(density.points, density.densities) {
      let plain = plainDensity(samples, at: x, bandwidth: density.bandwidth)
      #expect(abs(value - plain) <= 1e-9 * plain)
    }
  }

  @Test func `integrates to one`() throws {
    var generator = SeededGenerator(seed: 3)
    let density = try #require(KernelDensity(generator.normals(20_000)))
    let step = density.points[1] - density.points[0]
    // 3h beyond the extremes about 1e-7 of the mass is left.
    #expect(abs(density.densities.reduce(0, +) * step - 1) < 1e-5)
  }

  @Test func `bandwidth scales with the samples`() throws {
    var generator = SeededGenerator(seed: 4)
    let samples = generator.normals(500)
    let one = try #require(silvermanBandwidth(samples))
    let seven = try #require(silvermanBandwidth(samples.map { 7 * $0 - 2 }))
    #expect(abs(seven - 7 * one) < 1e-13)
  }

  @Test func `falls back on the deviation when most samples are equal`() throws {
    let samples = [Double](repeating: 1, count: 90) + [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    let bandwidth = try #require(silvermanBandwidth(samples))
    let deviation = try #require(sampleVariance(samples)).squareRoot()
    #expect(abs(bandwidth - 0.9 * deviation * pow(100, -0.2)) < 1e-14)
  }

  @Test func `is undefined without spread`() {
    #expect(KernelDensity([3, 3, 3]) == nil)
    #expect(KernelDensity([3]) == nil)
    #expect(KernelDensity([]) == nil)
  }

  @Test func `has the same bits for any number of threads`() throws {
    var generator = SeededGenerator(seed: 5)
    let samples = generator.normals(4000)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = KernelDensity(samples)
    Parallel.threadCount = 4
    #expect(KernelDensity(samples) == one)
  }
}
