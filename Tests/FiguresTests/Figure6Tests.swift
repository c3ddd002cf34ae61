import Figures
import Foundation
import Testing

extension ProcessSuites {
  @Suite("Figure 6")
  struct Figure6Tests {
    @Test func `writes every point to six digits, modalities mixed`() throws {
      let bench = try Workbench()
      let figure = Samples.figure6()
      let drawn = try bench.drawer().draw(figure, named: "figure-6")
      let rows = try cells(drawn.table).filter { $0[1] == "points" }
      #expect(rows.count == 800)
      for (name, map) in [("before", figure.before), ("after", figure.after)] {
        for (modality, cloud) in [("image", map.first), ("text", map.second)] {
          let found = rows.filter { $0[0] == name && $0[2] == modality }
          let x = found.compactMap { Double($0[3]) }.sorted()
          let y = found.compactMap { Double($0[4]) }.sorted()
          for (value, expected) in zip(x + y, cloud.x.sorted() + cloud.y.sorted()) {
            #expect(abs(value - expected) <= 5e-6 * abs(expected))
          }
          #expect(x.count == 200)
        }
      }
      // A fair coin tossed 100 times falls outside this less than once in 10,000 runs.
      #expect((30...70).contains(rows.prefix(100).filter { $0[2] == "image" }.count))
    }

    @Test func `has marginals that are densities of the points`() throws {
      let rows = try Samples.figure6().table().blocks.prefix(4)
      for (position, block) in rows.enumerated() {
        let values = block.compactMap { row -> (Double, Double)? in
          guard case .number(let x) = row[3], case .number(let y) = row[4] else { return nil }
          return position < 2 ? (x, y) : (y, x)
        }
        #expect(values.count == 100)
        let width = (values[99].0 - values[0].0) / 99
        #expect(abs(values.reduce(0) { $0 + $1.1 * width } - 1) < 1e-4)
        #expect(values[0].1 == 0 && values[99].1 == 0)
      }
    }

    @Test func `tells modalities of one name apart`() throws {
      let figure = Samples.figure6(firstModality: "text", secondModality: "text")
      #expect(figure.firstModality == "text (1)" && figure.secondModality == "text (2)")
    }

    @Test func `draws maps of one point and of enormous ones`() throws {
      let bench = try Workbench()
      for scale in [0, 1e-300, 1e300, 1e308] {
        let cloud = Figure6.Cloud(x: [-scale, scale], y: [0, scale])
        let map = Figure6.Map(first: cloud, second: cloud, overlap: 1, slicedWasserstein: 0)
        let figure = Figure6(
          before: map, after: map, firstModality: "a", secondModality: "b", dataset: "sample",
          items: 2, perplexity: 1, seed: 1)
        do { _ = try bench.drawer().draw(figure, named: "figure-6") } catch {
          // The frame around them would be infinite; a clear error is enough.
          #expect(scale == 1e308 && "\(error)".contains("not a finite number"))
        }
      }
    }

    @Test func `keeps the vector twin of many points below three megabytes`() throws {
      let bench = try Workbench()
      let drawn = try bench.drawer().draw(Samples.figure6(count: 24_000), named: "figure-6")
      let picture = try PNGFile.inspect(drawn.png)
      #expect(picture.width == 1980 && picture.markedShare > 0.02)
      #expect(try Data(contentsOf: drawn.vector).count < 3_000_000)
    }

    @Test func `refuses clouds without points, of two lengths or not finite`() throws {
      for (x, y) in [([], []), ([1.0, 2], [1.0]), ([1, .nan], [1, 1])] {
        let cloud = Figure6.Cloud(x: x, y: y)
        let map = Figure6.Map(first: cloud, second: cloud, overlap: 1, slicedWasserstein: 0)
        let figure = Figure6(
          before: map, after: map, firstModality: "a", secondModality: "b", dataset: "sample",
          items: 2, perplexity: 1, seed: 1)
        #expect(throws: FigureError.self) { try figure.table() }
        if x.count == 2, y.count == 2 {
          #expect(throws: FigureError.nonFinite(column: "x of a before", row: 2)) {
            try figure.table()
          }
        }
      }
    }
  }
}
