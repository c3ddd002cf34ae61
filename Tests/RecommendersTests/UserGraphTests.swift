import Autodiff
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

/// Links of a user graph by definition: for each user the others with common items, strongest
/// first, and how many items these are.
func plainUserLinks(
  users: Int, _ edges: [(Int32, Int32)], limit: Int
) -> [[(user: Int, count: Int)]] {
  let items = (0..<users).map { user in Set(edges.filter { $0.0 == Int32(user) }.map(\.1)) }
  return (0..<users).map { user in
    let links = (0..<users).filter { $0 != user }.map {
      (user: $0, count: items[user].intersection(items[$0]).count)
    }
    return Array(
      links.filter { $0.count > 0 }.sorted { (-$0.count, $0.user) < (-$1.count, $1.user) }
        .prefix(limit))
  }
}

/// S by definition, with the urn's draws from `generator`.
func plainUserWeights(
  _ links: [[(user: Int, count: Int)]], fanOut: Int, using generator: inout SeededGenerator
) -> Plain {
  var result = Plain.zeros(links.count, links.count)
  for (user, links) in links.enumerated() where !links.isEmpty {
    var urn = Array(links.prefix(fanOut))
    while urn.count < fanOut { urn.append(urn[generator.index(below: urn.count)]) }
    let sum = urn.reduce(0) { $0 + exp(Double($1.count)) }
    for link in urn { result.rows[user][link.user] += exp(Double(link.count)) / sum }
  }
  return result
}

@Suite("User graph")
struct UserGraphTests {
  private static let users = 60
  private static let edges: [(Int32, Int32)] = {
    var generator = SeededGenerator(seed: 4)
    // The last user shares nothing with anyone.
    return (0..<400).map { _ in
      (Int32(generator.index(below: 59)), Int32(generator.index(below: 40)))
    } + [(59, 40)]
  }()

  private static func graph(limit: Int) -> UserGraph {
    UserGraph(
      UserItemGraph(
        ModelInput(
          edges, users: users, items: 41, image: randomMatrix(41, 2, seed: 1),
          text: randomMatrix(41, 2, seed: 2)), degreeOffset: 0), limit: limit)
  }

  private static func links(_ graph: UserGraph, of user: Int) -> [(user: Int, count: Int)] {
    (graph.starts[user]..<graph.starts[user + 1]).map {
      (Int(graph.neighbors[$0]), Int(graph.counts[$0]))
    }
  }

  @Test(arguments: [5, 200])
  func `links are the shared training items, strongest first`(limit: Int) {
    let graph = Self.graph(limit: limit)
    let expected = plainUserLinks(users: Self.users, Self.edges, limit: limit)
    let degrees = (0..<Self.users).map { user in
      Set(Self.edges.filter { $0.0 == Int32(user) }.map(\.1)).count
    }
    for user in 0..<Self.users {
      let links = Self.links(graph, of: user)
      #expect(links.map(\.user) == expected[user].map(\.user))
      #expect(links.map(\.count) == expected[user].map(\.count))
      #expect(links.count <= limit && !links.contains { $0.user == user })
      #expect(links.allSatisfy { $0.count >= 1 && $0.count <= min(degrees[user], degrees[$0.user]) })
    }
    #expect(Self.links(graph, of: 59).isEmpty)
  }

  @Test func `links are mutual as long as none is cut off`() {
    let graph = Self.graph(limit: 200)
    for user in 0..<Self.users {
      for (other, count) in Self.links(graph, of: user) {
        #expect(Self.links(graph, of: other).contains { $0 == (user, count) })
      }
    }
  }

  @Test func `an epoch's weights are the urn's`() {
    let graph = Self.graph(limit: 200)
    let links = plainUserLinks(users: Self.users, Self.edges, limit: 200)
    #expect(links.contains { $0.count >= 40 } && links.contains { (1..<40).contains($0.count) })
    var (first, second) = (SeededGenerator(seed: 9), SeededGenerator(seed: 9))
    let found = Plain(graph.sampled(fanOut: 40, using: &first).matrix.dense)
    let expected = plainUserWeights(links, fanOut: 40, using: &second)
    #expect((found - expected).maximumMagnitude < 1e-6)
    #expect(first == second)
  }

  @Test func `rows sum to one, or to zero without links; full ones are the same in all epochs`() {
    let graph = Self.graph(limit: 200)
    var generator = SeededGenerator(seed: 9)
    let epochs = (0..<3).map { _ in
      Plain(graph.sampled(fanOut: 40, using: &generator).matrix.dense)
    }
    for user in 0..<Self.users {
      let count = Self.links(graph, of: user).count
      for epoch in epochs {
        let sum = epoch.rows[user].reduce(0, +)
        #expect(count == 0 ? sum == 0 : abs(sum - 1) < 1e-6)
        // Every link has a share.
        #expect(epoch.rows[user].filter { $0 > 0 }.count == min(count, 40))
      }
      if count >= 40 {
        #expect(epochs[0].rows[user] == epochs[1].rows[user])
        #expect(epochs[0].rows[user] == epochs[2].rows[user])
      }
    }
    #expect(epochs[0] != epochs[1])
  }

  @Test func `counts in the hundreds do not overflow`() {
    let pairs = (0..<800).flatMap { item in (0..<3).map { (Int32($0), Int32(item)) } }
    let input = ModelInput(
      pairs, users: 3, items: 800, image: randomMatrix(800, 1, seed: 1),
      text: randomMatrix(800, 1, seed: 2))
    let graph = UserGraph(UserItemGraph(input, degreeOffset: 0), limit: 40)
    #expect(graph.counts.allSatisfy { $0 == 800 })
    var generator = SeededGenerator(seed: 1)
    let weights = graph.sampled(fanOut: 40, using: &generator).matrix
    #expect(weights.values.allSatisfy { $0 > 0 && $0 < 1 })
  }
}
