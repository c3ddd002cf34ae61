import Calibration
import Statistics
import Testing

@Suite struct NeighborRelabelingsTests {
  private let streams = RandomStreams(seed: 3)

  @Test func `anchors change places with anchors and others with others`() {
    let anchors = [1, 4, 5, 8]
    let relabelings = neighborRelabelings(
      itemCount: 10, anchors: anchors, count: 30, streams: streams)
    for partners in relabelings.allPartners() {
      #expect(anchors.map { partners[$0] }.sorted() == anchors)
      #expect(partners.sorted() == Array(0..<10))
    }
  }

  @Test func `labels hold within both parts`() {
    let labels = [7, 7, 2, 2, 7, 7, 2, 2, 7, 7]
    let relabelings = neighborRelabelings(
      itemCount: 10, anchors: [0, 1, 2, 3, 4], within: labels, count: 30, streams: streams)
    for partners in relabelings.allPartners() {
      #expect(partners.map { labels[$0] } == labels)
      #expect(partners.prefix(5).allSatisfy { $0 < 5 })
    }
    #expect(Set(relabelings.allPartners()).count > 10)
  }

  @Test func `with all items as anchors they are the ordinary ones`() {
    let labels = [0, 1, 1, 0, 1]
    for labels in [labels, nil] {
      #expect(
        neighborRelabelings(
          itemCount: 5, anchors: [4, 0, 1, 2, 3], within: labels, count: 9, streams: streams)
          == Relabelings(itemCount: 5, count: 9, within: labels, streams: streams))
    }
  }
}
