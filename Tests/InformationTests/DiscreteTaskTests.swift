import Information
import Testing

@Suite struct DiscreteTaskTests {
  @Test func `numbers classes by size and leaves out items without one`() {
    let task = DiscreteTask(labels: [7, 7, 2, -1, 2, 2, 40], name: "genre")
    #expect(task.symbols == [1, 1, 0, -1, 0, 0, 2])
    #expect(task.count == 3)
    #expect(task.name == "genre")
  }

  @Test func `pools the smallest of many classes and says so`() {
    let labels = (0..<20).flatMap { label in Array(repeating: label, count: 30 - label) }
    let task = DiscreteTask(labels: labels, name: "category")
    #expect(task.count == 16)
    #expect(Set(task.symbols) == Set(0..<16))
    #expect(task.symbols.count { $0 == 15 } == (15..<20).reduce(0) { $0 + 30 - $1 })
    #expect(task.name == "category: the 15 largest of 20 classes, and the others as one")
    let sixteen = DiscreteTask(labels: Array(0..<16), name: "category")
    #expect(sixteen.count == 16 && Set(sixteen.symbols) == Set(0..<16))
  }

  @Test func `puts items into thirds by their interactions, equal numbers together`() {
    #expect(
      DiscreteTask(popularityThirdsOf: [9, 1, 5, 2, 8, 4]).symbols == [2, 0, 1, 0, 2, 1])
    #expect(DiscreteTask(popularityThirdsOf: [3, 3, 3, 3]).symbols == [0, 0, 0, 0])
    let ties = DiscreteTask(popularityThirdsOf: [1, 1, 1, 1, 1, 9])
    #expect(ties.symbols == [0, 0, 0, 0, 0, 2])
    #expect(DiscreteTask(popularityThirdsOf: []).symbols.isEmpty)
    #expect(ties.count == 3)
  }
}
