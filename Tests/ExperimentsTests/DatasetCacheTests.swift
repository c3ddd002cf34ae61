import Datasets
import Experiments
import Synchronization
import Testing
import Training

@Suite("Cache of data sets")
struct DatasetCacheTests {
  func configuration(_ dataset: String, seed: UInt64) throws -> RunConfiguration {
    try ConfigurationReader().read(model: "mf-bpr", dataset: dataset, seed: seed).runs[0]
  }

  @Test func `a folder is read once, and generated data once for each seed in a row`() throws {
    let loads = Mutex<[String]>([])
    let cache = DatasetCache { configuration in
      loads.withLock { $0.append("\(configuration.dataset) \(configuration.seed)") }
      return DemoWorld.make(seed: configuration.seed)
    }
    for (name, seed) in [("shop", 1), ("shop", 2), ("demo", 1), ("demo", 1), ("demo", 2)] {
      _ = try cache.dataset(of: configuration(name, seed: UInt64(seed)))
    }
    #expect(loads.withLock { $0 } == ["shop 1", "demo 1", "demo 2"])
  }
}
