import Recommenders
import Testing
import Training

@Suite("Plan of a sweep")
struct SweepPlanTests {
  func plan(
    _ overrides: [String], model: String = "clear", withBaseline: Bool = false
  ) throws -> SweepPlan {
    let grid = try ConfigurationReader().read(model: model, dataset: "demo", overrides: overrides)
    return SweepPlan(grid, withBaseline: withBaseline)
  }

  @Test func `names its runs after what varies and the seed`() throws {
    let plan = try plan([
      "clear.rank=[2]", "reg_weight=[1e-05, 0.1]", "fuse=[sum]", "topk=[[5, 20]]", "seed=[3]",
    ])
    #expect(plan.axes == ["clear.rank", "reg_weight", "fuse", "topk"])
    #expect(plan.titles == ["rank", "reg_weight", "fuse", "topk"])
    #expect(
      plan.points.map(\.name) == [
        "rank=2,reg_weight=1e-05,fuse=sum,topk=5+20,seed=3",
        "rank=2,reg_weight=0.1,fuse=sum,topk=5+20,seed=3",
      ])
  }

  @Test func `begins with one training for each seed that projects nothing`() throws {
    let plan = try plan(
      ["clear.strength=[0.5, 0.9]", "clear.rank=[2, 4]", "seed=[1, 2]"], withBaseline: true)
    #expect(plan.points.count == 2 + 2 * 2 * 2)
    #expect(plan.points[0].name == "strength=0.0,seed=1")
    #expect(plan.points[1].name == "strength=0.0,seed=2")
    for point in plan.points.prefix(2) {
      #expect(point.configuration.projection == nil && point.values == [.number(0), nil])
    }
    #expect(plan.points.dropFirst(2).allSatisfy { $0.configuration.projection != nil })
    #expect(Set(plan.points.map(\.name)).count == plan.points.count)
  }

  @Test func `of one configuration has one point`() throws {
    let plan = try plan(["reg_weight=0.1"], model: "mf-bpr")
    #expect(plan.axes.isEmpty && plan.points.map(\.name) == ["seed=999"])
  }
}
