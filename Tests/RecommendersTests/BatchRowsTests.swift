import Recommenders
import Statistics
import Testing

@Suite struct BatchRowsTests {
  @Test(arguments: [1, 7, 100])
  func `names every user and item once and finds the triples again`(count: Int) {
    let rows = BatchRows(userCount: 130, itemCount: 300)
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<3 {
      func draw(_ bound: Int) -> [Int32] {
        (0..<count).map { _ in Int32(generator.index(below: bound)) }
      }
      let batch = Batch(
        users: draw(130)[...], positives: draw(300)[...], negatives: draw(300)[...], epoch: 2,
        step: 5, fullCount: 200)
      let own = rows(batch)
      #expect(own.users == Set(batch.users).sorted())
      #expect(own.items == Set(batch.positives + batch.negatives).sorted())
      #expect(own.batch.users.map { own.users[Int($0)] } == Array(batch.users))
      #expect(own.batch.positives.map { own.items[Int($0)] } == Array(batch.positives))
      #expect(own.batch.negatives.map { own.items[Int($0)] } == Array(batch.negatives))
      #expect((own.batch.epoch, own.batch.step, own.batch.fullCount) == (2, 5, 200))
      #expect(rows.nodes(own) == own.users + own.items.map { 130 + $0 })
      #expect(rows.nodes(own, allItems: true) == own.users + Array(130..<430))
      let (distinct, places) = rows.items(batch.positives)
      #expect(places.map { distinct[Int($0)] } == Array(batch.positives))
    }
  }
}
