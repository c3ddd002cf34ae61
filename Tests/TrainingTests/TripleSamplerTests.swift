import LinearAlgebra
import Statistics
import Testing
import Training

@Suite("Triple sampler")
struct TripleSamplerTests {
  let streams = RandomStreams(seed: 999)

  /// Each (user, item) as one number.
  func pairs(_ users: [Int32], _ items: [Int32]) -> [UInt64] {
    zip(users, items).map { UInt64($0) << 32 | UInt64($1) }
  }

  func pairs(_ triples: EpochTriples) -> [UInt64] { pairs(triples.users, triples.positives) }

  @Test func `visits every training row once an epoch, in an order of its own`() throws {
    let data = try TrainingWorlds.random(users: 80, items: 60, degree: 12, seed: 1)
    let expected = pairs(data.trainingUsers, data.trainingItems)
    let sampler = TripleSampler(data, streams: streams)
    let orders = (1...3).map { pairs(sampler.epoch($0)) }
    for order in orders { #expect(order.sorted() == expected.sorted() && order != expected) }
    #expect(Set(orders).count == 3)
  }

  @Test func `never draws a training item of the user, and only items seen in training`() throws {
    let data = try TrainingWorlds.random(users: 50, items: 40, degree: 30, seed: 2)
    let trained = Set(data.distinctItems)
    let sampler = TripleSampler(data, streams: streams)
    for epoch in 1...5 {
      let triples = sampler.epoch(epoch)
      for (user, negative) in zip(triples.users, triples.negatives) {
        #expect(!data.itemsByUser.contains(negative, in: Int(user)) && trained.contains(negative))
      }
    }
  }

  @Test func `draws each of the other items equally often`() throws {
    // One user has the odd items below 20 of 0..<30, without 13 and 17, which nobody has.
    let own: [Int32] = [1, 3, 5, 7, 9, 11, 15, 19]
    let unseen: Set<Int32> = [13, 17]
    var rows: [(Int32, Int32, UInt8)] = own.map { (0, $0, 0) }
    rows += (0..<30).filter { !unseen.contains($0) && $0 != 1 }.map { (1, $0, 0) }
    rows += [(0, 13, 1), (0, 17, 2)]
    let data = try TrainingData(TrainingWorlds.interactions(users: 2, items: 30, rows))
    let sampler = TripleSampler(data, streams: streams)
    var counts = [Int](repeating: 0, count: 30)
    for epoch in 0..<5000 {
      let triples = sampler.epoch(epoch)
      for (user, negative) in zip(triples.users, triples.negatives) where user == 0 {
        counts[Int(negative)] += 1
      }
    }
    let others = data.distinctItems.filter { !own.contains($0) }
    #expect(others.count == 20)
    let expected = Double(5000 * own.count) / 20
    let chiSquare = others.reduce(0.0) {
      $0 + (Double(counts[Int($1)]) - expected) * (Double(counts[Int($1)]) - expected) / expected
    }
    // The 0.1 % quantiles of χ² with 19 degrees of freedom are 5.41 and 43.82.
    #expect((5.41...43.82).contains(chiSquare), "\(chiSquare)")
    #expect(counts.reduce(0, +) == 5000 * own.count)
    #expect(others.reduce(0) { $0 + counts[Int($1)] } == 5000 * own.count)
  }

  @Test func `puts each row at each place equally often`() throws {
    let data = try TrainingWorlds.random(users: 3, items: 10, degree: 4, seed: 3)
    let sampler = TripleSampler(data, streams: streams)
    let count = data.trainingUsers.count
    var tally = Matrix<Double>(rowCount: count, columnCount: count)
    let places = pairs(data.trainingUsers, data.trainingItems)
    for epoch in 0..<4000 {
      for (place, pair) in pairs(sampler.epoch(epoch)).enumerated() {
        tally[try #require(places.firstIndex(of: pair)), place] += 1
      }
    }
    let expected = 4000 / Double(count)
    let chiSquare = tally.elements.reduce(0) {
      $0 + ($1 - expected) * ($1 - expected) / expected
    }
    // Mean (n−1)² and variance 2(n−1)², five standard deviations either way.
    let freedom = Double((count - 1) * (count - 1))
    #expect(abs(chiSquare - freedom) < 5 * (2 * freedom).squareRoot(), "\(chiSquare)")
  }

  @Test func `gives an epoch that depends on seed and number alone`() throws {
    let data = try TrainingWorlds.random(users: 40, items: 50, degree: 9, seed: 4)
    let sampler = TripleSampler(data, streams: streams)
    let fifth = (0...5).map { sampler.epoch($0) }[5]
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    for count in [1, 3] {
      Parallel.threadCount = count
      let again = TripleSampler(data, streams: streams).epoch(5)
      #expect(again.users == fifth.users && again.positives == fifth.positives)
      #expect(again.negatives == fifth.negatives)
    }
    let other = TripleSampler(data, streams: RandomStreams(seed: 1000)).epoch(5)
    #expect(other.users != fifth.users && other.negatives != fifth.negatives)
  }

  @Test func `leaves triples that somebody holds as they are`() throws {
    let data = try TrainingWorlds.random(users: 40, items: 50, degree: 9, seed: 5)
    let sampler = TripleSampler(data, streams: streams)
    let first = sampler.epoch(1)
    let copy = pairs(first)
    let negatives = first.negatives.map { $0 }
    _ = sampler.epoch(2)
    #expect(pairs(first) == copy && first.negatives == negatives)
  }

  @Test(arguments: [1, 7, 90, 100, 1000])
  func `cuts an epoch in batches`(size: Int) throws {
    let data = try TrainingWorlds.random(users: 15, items: 30, degree: 8, seed: 6)
    let triples = TripleSampler(data, streams: streams).epoch(0)
    #expect(triples.count == 90)
    let batches = triples.batches(size: size)
    #expect(batches.count == (90 + size - 1) / size)
    #expect(batches.dropLast().allSatisfy { $0.count == size })
    #expect(batches.flatMap { $0.users } == triples.users)
    #expect(batches.flatMap { $0.positives } == triples.positives)
    #expect(batches.flatMap { $0.negatives } == triples.negatives)
  }

  @Test func `tells every batch its epoch, its number and the size of a whole one`() throws {
    let data = try TrainingWorlds.random(users: 15, items: 30, degree: 8, seed: 6)
    let batches = Array(TripleSampler(data, streams: streams).epoch(7).batches(size: 40))
    #expect(batches.map(\.epoch) == [7, 7, 7] && batches.map(\.step) == [1, 2, 3])
    #expect(batches.map(\.fullCount) == [40, 40, 40] && batches.map(\.count) == [40, 40, 10])
    let seeds = batches.map { streams.seed(for: "noise", $0) }
    #expect(Set(seeds).count == 3 && seeds[1] == streams.seed(for: "noise", batches[1]))
    #expect(seeds[0] != streams.seed(for: "masks", batches[0]))
  }

  @Test func `draws batches of different users, each item of theirs equally often`() throws {
    let data = try TrainingWorlds.random(users: 30, items: 20, degree: 8, seed: 7)
    let sampler = TripleSampler(data, .distinctUsers, batchSize: 25, streams: streams)
    let interactions = data.trainingUsers.count
    var users = [Int](repeating: 0, count: 30)
    var positives: [UInt64: Int] = [:]
    var negatives = Set<Int32>()
    for epoch in 1...400 {
      let triples = sampler.epoch(epoch)
      let batches = triples.batches(size: 25)
      #expect(batches.count == interactions / 25 + 1)
      for batch in batches { #expect(batch.count == 25 && Set(batch.users).count == 25) }
      for pair in pairs(triples) { positives[pair, default: 0] += 1 }
      for user in triples.users { users[Int(user)] += 1 }
      for (user, negative) in zip(triples.users, triples.negatives) {
        #expect(!data.itemsByUser.contains(negative, in: Int(user)))
        negatives.insert(negative)
      }
    }
    // Every interaction is drawn about as often as every other, and every item is a negative.
    let expected = Double(users.reduce(0, +)) / 30
    for user in 0..<30 { #expect(abs(Double(users[user]) - expected) < 0.1 * expected) }
    #expect(Set(positives.keys) == Set(pairs(data.trainingUsers, data.trainingItems)))
    let share = expected / Double(interactions / 30)
    #expect(positives.values.allSatisfy { abs(Double($0) - share) < 0.25 * share })
    #expect(negatives.count == 20)
  }

  @Test func `repeats users where a batch has more than there are`() throws {
    let data = try TrainingWorlds.random(users: 10, items: 20, degree: 8, seed: 8)
    let sampler = TripleSampler(data, .distinctUsers, batchSize: 64, streams: streams)
    let triples = sampler.epoch(1)
    #expect(triples.count == 64 && Set(triples.users).count == 10)
    let again = TripleSampler(data, .distinctUsers, batchSize: 64, streams: streams).epoch(1)
    #expect(pairs(again) == pairs(triples) && again.negatives == triples.negatives)
  }

  @Test func `draws the one item that a user lacks`() throws {
    var rows: [(Int32, Int32, UInt8)] = (0..<20).filter { $0 != 11 }.map { (0, $0, 0) }
    rows += [(1, 11, 0), (1, 3, 1), (1, 4, 2)]
    let data = try TrainingData(TrainingWorlds.interactions(users: 2, items: 20, rows))
    let triples = TripleSampler(data, streams: streams).epoch(0)
    for (user, negative) in zip(triples.users, triples.negatives) where user == 0 {
      #expect(negative == 11)
    }
  }
}
