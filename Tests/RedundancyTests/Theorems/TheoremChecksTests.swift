import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Theorem checks")
struct TheoremChecksTests {
  let ids = [
    "theorem-1", "proposition-2", "corollary-3", "theorem-4", "theorem-5", "theorem-6",
    "corollary-7", "theorem-8", "equation-2", "equation-4", "equation-12", "equation-13",
  ]

  func fullContext() throws -> TheoremContext {
    let world = TheoremWorlds.sharedLatent(items: 700, widths: (20, 12))
    var context = try TheoremWorlds.context(
      world, classes: (0..<700).map { $0 % 5 },
      choices: TheoremWorlds.choices(users: 150, items: 700, classes: 5, loyalty: 0.5))
    context.subspaceClasses = (0..<700).map { $0 % 3 }
    return context
  }

  @Test func `cover every statement in the paper's order`() throws {
    let verdicts = try TheoremChecks.all(fullContext())
    #expect(verdicts.map(\.id) == ids)
    for verdict in verdicts {
      #expect(!verdict.title.isEmpty && !verdict.statement.isEmpty && !verdict.measure.isEmpty)
      #expect(verdict.explanation.hasSuffix("."))
      #expect(!verdict.explanation.contains("nan"))
      for check in verdict.checks where check.verdict == .holds {
        #expect(check.measured != nil, "\(verdict.id): \(check.name)")
      }
    }
  }

  @Test func `have the same bits for any number of threads`() throws {
    let context = try fullContext()
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try TheoremChecks.all(context)
    for count in [2, 4] {
      Parallel.threadCount = count
      #expect(try TheoremChecks.all(context) == one)
    }
  }

  @Test func `keep the exact theorems exact with fewer items than columns`() throws {
    let world = TheoremWorlds.sharedLatent(items: 30, widths: (50, 40))
    let classes = (0..<30).map { $0 % 2 }
    let verdicts = try TheoremChecks.all(TheoremWorlds.context(world, classes: classes))
    for id in ["theorem-5", "theorem-8", "equation-13"] {
      #expect(verdicts.first { $0.id == id }?.verdict == .holds, "\(id)")
    }
    for verdict in verdicts where verdict.id == "theorem-6" {
      #expect(verdict.verdict != .fails)
    }
  }

  @Test func `change with the seed where they draw`() throws {
    var context = try fullContext()
    let one = try TheoremChecks.all(context)
    context.streams = RandomStreams(seed: 1)
    let other = try TheoremChecks.all(context)
    #expect(one[9].measured != other[9].measured)
    #expect(one[7] == other[7])
  }

  @Test func `survive a round trip through JSON with plain verdicts`() throws {
    let verdicts = try TheoremChecks.all(fullContext())
    let data = try JSONEncoder().encode(verdicts)
    #expect(try JSONDecoder().decode([TheoremVerdict].self, from: data) == verdicts)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"verdict\":\"not applicable\""))
    #expect(text.contains("\"comparison\":\"≤\""))
  }
}
