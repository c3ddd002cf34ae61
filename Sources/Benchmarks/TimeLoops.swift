import ArgumentParser
import Autodiff
import Foundation
import LinearAlgebra
import NeighborEmbedding
import Statistics

/// `benchmarks loops`: the rates of the hot loops, after the ceilings of the machine.
///
/// Bytes are those that a loop asks for: what comes out of a cache can beat the ceiling of memory.
struct TimeLoops: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "loops")

  @Option(help: "Threads.")
  var threads = 2

  @Flag(help: "Small shapes.")
  var quick = false

  func run() throws {
    Parallel.threadCount = threads
    for loop in [copy, sgemm, product, sparseProduct, adam, sort, mergeCandidates, affinitySearch] {
      try loop().write()
    }
    try interpolation().write()
  }

  /// Ceiling of bandwidth: a copy of arrays that no cache holds, bytes read and written.
  private func copy() -> Loop {
    let source = LoopBuffer(count: quick ? 1 << 24 : 1 << 26)
    let target = LoopBuffer(count: source.count)
    let blocks = BlockGrid(count: source.count, size: 1 << 20)
    return Loop(
      "copy", "\(source.count >> 18) MB", .bandwidth, work: 8 * Double(source.count)
    ) {
      Parallel.forEach(blocks.blockCount) { block in
        let range = blocks.range(block)
        (target.base + range.lowerBound).update(
          from: source.base + range.lowerBound, count: range.count)
      }
    }
  }

  /// Ceiling of arithmetic: OpenBLAS's product of square matrices.
  private func sgemm() -> Loop {
    denseProduct("sgemm", by: DenseKernels.sgemm)
  }

  /// The product that our programs take, in tiles of 16-bit floats where the processor has them.
  private func product() -> Loop {
    denseProduct("dense product", by: DenseKernels.gemm)
  }

  private func denseProduct(
    _ name: String,
    by kernel: @escaping @Sendable (
      DenseKernels.Operand<Float>, DenseKernels.Operand<Float>, DenseKernels.Target<Float>
    ) -> Void
  ) -> Loop {
    let order = quick ? 1024 : 2048
    let (a, b, c) = (
      LoopBuffer(count: order * order), LoopBuffer(count: order * order),
      LoopBuffer(count: order * order)
    )
    return Loop(name, "\(order)³", .arithmetic, work: 2 * Double(order * order * order)) {
      DenseKernels.product(
        .init(base: a.base, stride: order), .init(base: b.base, stride: order),
        .init(base: c.base, stride: order, rows: order, columns: order, inner: order), by: kernel)
    }
  }

  /// A layer of graph convolution on a random graph of the size of Baby: a row of 64 numbers is
  /// read for each entry and one is written for each node.
  private func sparseProduct() -> Loop {
    let (nodes, edges, width) = (26_495, 118_551, 64)
    var generator = SeededGenerator(seed: 1)
    let ends = (0..<2 * edges).map { _ in Int32(generator.index(below: nodes)) }
    let starts = Array(ends[edges...] + ends[..<edges])
    let graph = SparseMatrix(
      rowCount: nodes, columnCount: nodes, rows: starts, columns: ends,
      values: [Float](repeating: 1, count: ends.count))
    let (x, y) = (LoopBuffer(count: nodes * width), LoopBuffer(count: nodes * width))
    let bytes = graph.entryCount * (4 * width + 8) + 4 * nodes * width
    return Loop(
      "SpMM", "\(nodes) nodes, \(graph.entryCount) entries, \(width) wide", .bandwidth,
      work: Double(bytes)
    ) {
      SparseKernels.multiply(graph, x.base, width: width, product: y.base)
    }
  }

  /// A step of Adam: parameter, gradient and both moments read, all but the gradient written.
  private func adam() -> Loop {
    let (rows, width) = (quick ? 26_495 : 200_000, 64)
    let parameter = Parameter(
      "table", Matrix(rowCount: rows, columnCount: width, repeating: 0.5))
    let optimizer = Adam([parameter], learningRate: 1e-3)
    return Loop(
      "Adam", "\(rows) × \(width)", .bandwidth, work: 7 * 4 * Double(rows * width)
    ) {
      // The zeros of the first run stay: a gradient is needed, not its values.
      _ = parameter.tensor.gradientToWrite()
      optimizer.step()
    }
  }

  /// Sorting the projections of 18,357 items: three passes of the radix sort, each of which reads
  /// and writes every value, and one that counts digits.
  private func sort() -> Loop {
    let (values, directions) = (18_357, 64)
    let source = LoopBuffer(count: values)
    let (lists, scratch) = (
      LoopBuffer(count: values * directions), LoopBuffer(count: values * directions)
    )
    return Loop(
      "sort", "\(directions) lists of \(values)", .bandwidth,
      work: 28 * Double(values * directions)
    ) {
      Parallel.forEach(directions) { direction in
        let start = direction * values
        let list = UnsafeMutableBufferPointer(start: lists.base + start, count: values)
        list.baseAddress?.update(from: source.base, count: values)
        Sorting.sort(list, scratch: .init(start: scratch.base + start, count: values))
      }
    }
  }

  /// Offering tiles of scores to the running best 100 of each row; the scores are read once.
  private func mergeCandidates() -> Loop {
    let (rows, columns, tiles, teams) = (512, 2048, 8, 4)
    let scores = LoopBuffer(count: rows * columns * tiles)
    let scales = LoopBuffer(count: columns)
    scales.base.update(repeating: 1, count: columns)
    return Loop(
      "top-K merge", "\(teams) × \(rows) rows of \(columns * tiles), K = 100", .bandwidth,
      work: 4 * Double(rows * columns * tiles * teams)
    ) {
      Parallel.forEach(teams) { _ in
        let buffers = CandidateBuffers(rowCount: rows, kept: 100)
        for tile in 0..<tiles {
          buffers.collect(
            .init(
              products: scores.base + tile * rows * columns, rowCount: rows, columnCount: columns,
              rowStart: 0, columnStart: tile * columns, rowScales: scales.base,
              columnScales: scales.base),
            isSymmetric: false)
        }
      }
    }
  }

  /// The exact 90 nearest neighbours of every point, by distances from a product of all pairs.
  private func affinitySearch() -> Loop {
    let (points, width) = (quick ? 2_000 : 14_100, 64)
    var generator = SeededGenerator(seed: 2)
    let tiles = DistanceTiles(
      Matrix(
        rowCount: points, columnCount: width,
        elements: generator.normals(points * width).map { Float($0) }))
    return Loop(
      "affinity search", "\(points) × \(width), 90 neighbours", .arithmetic,
      work: 2 * Double(points * points * width)
    ) {
      _ = ExactNeighbors(of: tiles, count: 90)
    }
  }

  /// The repulsion of a step of t-SNE: spreading charges, one real and one complex transform of
  /// the whole grid by the usual count of operations (half of it zeros, which are skipped), and
  /// gathering forces.
  private func interpolation() throws -> Loop {
    let (points, span) = (36_714, 60.0)
    var generator = SeededGenerator(seed: 3)
    let map = Matrix(
      rowCount: points, columnCount: 2,
      elements: (0..<2 * points).map { _ in span * generator.uniform() })
    // As little attraction as there can be.
    let plane = DistanceTiles(Matrix<Float>(map))
    let affinities = SparseAffinities(
      symmetrizing: [Double](repeating: 1, count: points),
      of: ExactNeighbors(of: plane, count: 1))
    let descent = GradientDescent(start: map, affinities: affinities, method: .interpolated)
    let nodes = InterpolationGrid(span: span, kernels: .whole, after: nil).transformSize
    let cells = Double(nodes * nodes)
    return Loop(
      "FFT interpolation", "\(points) points, \(nodes)² grid", .arithmetic,
      work: 7.5 * cells * log2(cells) + 2 * 32 * Double(points)
    ) {
      _ = descent.advance(exaggeration: 0, momentum: 0, learningRate: 0)
    }
  }
}
