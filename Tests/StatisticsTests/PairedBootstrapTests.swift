import LinearAlgebra
import Statistics
import Testing

@Suite("Paired bootstrap")
struct PairedBootstrapTests {
  let streams = RandomStreams(seed: 5)

  func normals(_ count: Int, seed: UInt64, mean: Double) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return generator.normals(count).map { $0 + mean }
  }

  @Test func `has the normal interval of a mean`() throws {
    let values = normals(2000, seed: 1, mean: 0.1)
    let zeros = [Double](repeating: 0, count: values.count)
    let found = try #require(PairedBootstrap(zeros, values, resamples: 4000, streams: streams))
    let center = try #require(mean(values))
    let error = try #require(standardError(values))
    #expect(found.meanDifference == center && found.count == 2000 && found.resamples == 4000)
    // A quantile at 2.5 % of 4000 normal numbers has a standard error of 4.3 % of theirs.
    #expect(abs(found.interval.lowerBound - (center - 1.96 * error)) < 0.2 * error)
    #expect(abs(found.interval.upperBound - (center + 1.96 * error)) < 0.2 * error)
  }

  @Test func `finds a difference that is there, in its direction`() throws {
    let first = normals(500, seed: 2, mean: 0)
    let better = zip(first, normals(500, seed: 3, mean: 0.5)).map { $0 + $1 }
    let gain = try #require(PairedBootstrap(first, better, resamples: 999, streams: streams))
    #expect(gain.interval.lowerBound > 0 && gain.pValue == 2.0 / 1000)
    let loss = try #require(PairedBootstrap(better, first, resamples: 999, streams: streams))
    #expect(loss.interval.upperBound < 0 && loss.pValue == 2.0 / 1000)
    #expect(loss.meanDifference == -gain.meanDifference)
  }

  @Test func `rejects a true hypothesis as often as it says`() throws {
    var rejections = 0
    for trial in 0..<400 {
      let values = normals(60, seed: UInt64(100 + trial), mean: 0)
      let zeros = [Double](repeating: 0, count: 60)
      let found = try #require(
        PairedBootstrap(
          zeros, values, resamples: 400, streams: RandomStreams(seed: UInt64(trial))))
      if found.pValue < 0.1 { rejections += 1 }
    }
    // 40 of 400 are expected, with a standard deviation of 6.
    #expect((16...64).contains(rejections), "\(rejections)")
  }

  @Test func `sees nothing between equals`() throws {
    let values = normals(50, seed: 4, mean: 0)
    let found = try #require(PairedBootstrap(values, values, resamples: 100, streams: streams))
    #expect(found.pValue == 1 && found.interval == 0...0 && found.meanDifference == 0)
  }

  @Test func `has the same bits for any number of threads, others for another seed`() throws {
    let (a, b) = (normals(300, seed: 5, mean: 0), normals(300, seed: 6, mean: 0.1))
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = PairedBootstrap(a, b, resamples: 500, streams: streams)
    Parallel.threadCount = 3
    #expect(PairedBootstrap(a, b, resamples: 500, streams: streams) == one)
    #expect(PairedBootstrap(a, b, resamples: 500, streams: RandomStreams(seed: 6)) != one)
  }

  @Test func `widens with its confidence`() throws {
    let (a, b) = (normals(300, seed: 5, mean: 0), normals(300, seed: 6, mean: 0.1))
    let intervals = try [0.5, 0.9, 0.99].map {
      try #require(PairedBootstrap(a, b, resamples: 500, confidence: $0, streams: streams)).interval
    }
    #expect(intervals[1].lowerBound < intervals[0].lowerBound)
    #expect(intervals[1].upperBound > intervals[0].upperBound)
    #expect(intervals[2].lowerBound < intervals[1].lowerBound)
  }

  @Test func `has no answer for one pair, or for numbers that are none`() {
    #expect(PairedBootstrap([1], [2], streams: streams) == nil)
    #expect(PairedBootstrap([], [], streams: streams) == nil)
    #expect(PairedBootstrap([1, .nan], [2, 3], streams: streams) == nil)
    #expect(PairedBootstrap([1, 1], [2, .infinity], streams: streams) == nil)
  }
}
