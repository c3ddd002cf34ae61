import Statistics
import Testing

@Suite struct RelabelingsTests {
  private let streams = RandomStreams(seed: 5)

  @Test func `every relabeling is a permutation, and each is another one`() {
    let relabelings = Relabelings(itemCount: 40, count: 12, streams: streams)
    let all = relabelings.allPartners()
    for partners in all { #expect(partners.sorted() == Array(0..<40)) }
    #expect(Set(all).count == 12)
    #expect(all[7] == relabelings.partners(7))
  }

  @Test func `within labels an item keeps its label, and groups of one stay`() {
    let labels = [3, 1, 3, 1, 3, 9, 1, 3]
    let relabelings = Relabelings(itemCount: 8, count: 50, within: labels, streams: streams)
    #expect(relabelings.groups == [[0, 2, 4, 7], [1, 3, 6], [5]])
    for partners in relabelings.allPartners() {
      #expect(partners.map { labels[$0] } == labels)
      #expect(partners.sorted() == Array(0..<8))
      #expect(partners[5] == 5)
    }
  }

  @Test func `every arrangement of three items is about as frequent`() {
    let all = Relabelings(itemCount: 3, count: 6000, streams: streams).allPartners()
    let counts = Dictionary(grouping: all) { $0 }.mapValues(\.count)
    #expect(counts.count == 6)
    for count in counts.values { #expect(abs(count - 1000) < 130) }
  }

  @Test func `more relabelings begin with the same ones`() {
    let few = Relabelings(itemCount: 20, count: 3, streams: streams)
    let many = Relabelings(itemCount: 20, count: 9, streams: streams)
    #expect(few.allPartners() == Array(many.allPartners().prefix(3)))
  }
}
