import Statistics
import Testing

@Suite struct GroupJackknifeTests {
  @Test func `groups of one give the standard error of a mean`() throws {
    var generator = RandomStreams(seed: 1).generator(for: "jackknife")
    let values = generator.normals(30)
    let all = values.reduce(0, +)
    let jackknife = try #require(
      GroupJackknife(estimate: all / 30, leaveOneOut: values.map { (all - $0) / 29 }))
    #expect(abs(jackknife.standardError - standardError(values)!) < 1e-12)
    #expect(abs(jackknife.upper - jackknife.lower - 3.92 * jackknife.standardError) < 1e-12)
    #expect(jackknife.groups == 30)
  }

  @Test func `has no value for one group or undefined statistics`() {
    #expect(GroupJackknife(estimate: 1, leaveOneOut: [1]) == nil)
    #expect(GroupJackknife(estimate: 1, leaveOneOut: [1, .nan]) == nil)
    #expect(GroupJackknife(estimate: .nan, leaveOneOut: [1, 2]) == nil)
  }

  @Test func `groups are nearly equal and drawn at random`() {
    let groups = GroupJackknife.groups(itemCount: 103, count: 20, streams: RandomStreams(seed: 2))
    let sizes = Dictionary(grouping: groups) { $0 }.mapValues(\.count)
    #expect(sizes.count == 20)
    #expect(sizes.values.allSatisfy { (5...6).contains($0) })
    #expect(groups != (0..<103).map { $0 % 20 })
  }
}
