import CommandSupport
import Foundation
import LinearAlgebra

/// A hot loop, how long one run of it takes, and how near to the machine's ceiling it comes.
struct Loop: Encodable {
  /// What bounds the loop, and in which unit its work is counted.
  enum Unit: String, Encodable {
    case bandwidth = "GB/s"
    case arithmetic = "GFLOP/s"
  }

  let name: String
  /// What it ran on.
  let shape: String
  let unit: Unit
  let threads: Int
  /// Median of the runs.
  let seconds: Double
  /// Units of work a nanosecond.
  let rate: Double

  /// Runs `body` for half a second, at least three times, after once to fill caches and buffers.
  ///
  /// - Parameter work: Bytes moved or operations done by one run.
  init(_ name: String, _ shape: String, _ unit: Unit, work: Double, _ body: () throws -> Void)
    rethrows
  {
    try body()
    var runs: [Double] = []
    while runs.count < 3 || runs.reduce(0, +) < 0.5 { runs.append(try timed(body).seconds) }
    self.name = name
    self.shape = shape
    self.unit = unit
    threads = Parallel.threadCount
    seconds = runs.sorted()[runs.count / 2]
    rate = work / seconds / 1e9
  }

  func write() throws {
    try standardOutput(String(decoding: try JSONEncoder().encode(self), as: UTF8.self) + "\n")
  }
}

/// Memory for a loop, filled with numbers between 0 and 1.
final class LoopBuffer: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    base = .allocate(capacity: count)
    // A multiplicative hash: as good as random here, and much faster.
    for index in 0..<count {
      base[index] = Float(UInt32(truncatingIfNeeded: index) &* 2_654_435_769 >> 8) * 0x1p-24
    }
  }

  deinit { base.deallocate() }
}
