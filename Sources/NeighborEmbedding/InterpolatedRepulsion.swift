internal import CNeighborEmbedding
import LinearAlgebra

/// The repulsive sums by polynomial interpolation on a regular grid.
///
/// Each point leaves a charge of 1 on the 4 × 4 nodes around it, by cubic B-splines. A convolution
/// turns charges into the two components of the force at the nodes, and the same weights bring it
/// back to the points. As in FIt-SNE the convolution runs through Fourier transforms; three things
/// make it cheaper here. The kernels are those of the force itself, (x, y)/(1 + r²)², whose spectra
/// are imaginary: one real transform in, one complex transform out (x force + i·y force). Z needs
/// no transform back: by Parseval's identity it is Σ |charge|²·potential over the spectrum. And the
/// kernels' spectra make up for what the splines smooth away, so that fewer nodes do. A map that is
/// wide enough for its points to lie apart gets a coarser grid, completed by ``NearField``.
///
/// - Complexity: O(n + m² log m) for m nodes a side, in parallel over blocks.
/// - Reference: [LRHSK19]; [HE88] for the near field and the sharpened kernels.
final class InterpolatedRepulsion: Repulsion {
  /// Charges are spread by this many private grids, which meet in order.
  private static let layers = 4

  /// Pairs of the near field that take as long as one node of the grid.
  private static let pairsPerNode = 100
  /// The grid of a map narrower than this is small anyway.
  private static let narrowestSmoothed = 10.0

  /// A map narrower than this sees its kernels as straight lines.
  private static let widestLinear = 1e-3

  private let count: Int
  private var grid: InterpolationGrid?
  private var fourier: FourierTables?
  private let kernels = EmbeddingBuffer(count: 0)
  private let charges = EmbeddingBuffer(count: 0)
  private let spectrum = EmbeddingBuffer(count: 0)
  private let forceX = EmbeddingBuffer(count: 0)
  private let forceY = EmbeddingBuffer(count: 0)
  private let field = EmbeddingBuffer(count: 0)

  init(count: Int) { self.count = count }

  func evaluate(map: EmbeddingBuffer, bounds: MapBounds, forces: EmbeddingBuffer) -> Double {
    if bounds.span < Self.widestLinear { return evaluateLinear(map: map, forces: forces) }
    let nearField = nearField(map, bounds)
    let grid = InterpolationGrid(
      span: bounds.span, kernels: nearField == nil ? .whole : .smoothed, after: grid)
    let fourier = tables(for: grid)
    self.grid = grid
    let nodes = grid.nodes
    let placed = ne_grid(
      origin_x: Float(bounds.minimumX - 1.5 * grid.spacing),
      origin_y: Float(bounds.minimumY - 1.5 * grid.spacing),
      inverse_spacing: Float(1 / grid.spacing), nodes: nodes)

    spread(map, placed)
    let normalizer = convolve(nodes: nodes, fourier)
    let points = BlockGrid(count: count, size: 1024)
    Parallel.forEach(points.blockCount) { [field] block in
      let range = points.range(block)
      ne_gather(placed, map.base, range.lowerBound, range.upperBound, field.base, forces.base)
    }
    // Both sums have each point meet itself.
    return normalizer + (nearField?.add(to: forces) ?? 0) - Double(count)
  }

  /// The sums over a map so small that the kernels are straight lines.
  ///
  ///     Σ_j (y_i − y_j)/(1 + r²)² = n·(y_i − ȳ),   Z = n(n − 1) − 2n·Σ|y_i − ȳ|²
  ///
  /// up to shares of r², here below 1e-6. Exaggeration can shrink a map by many orders of magnitude
  /// with most points far closer than the widest: on a grid their forces would be lost in the
  /// rounding of the others', and the map could not unfold again.
  private func evaluateLinear(map: EmbeddingBuffer, forces: EmbeddingBuffer) -> Double {
    let n = Double(count)
    var (sumX, sumY) = (0.0, 0.0)
    for i in 0..<count {
      sumX += Double(map.base[2 * i])
      sumY += Double(map.base[2 * i + 1])
    }
    let (meanX, meanY) = (sumX / n, sumY / n)
    var scatter = 0.0
    for i in 0..<count {
      let x = Double(map.base[2 * i]) - meanX
      let y = Double(map.base[2 * i + 1]) - meanY
      forces.base[2 * i] = Float(n * x)
      forces.base[2 * i + 1] = Float(n * y)
      scatter += x * x + y * y
    }
    return n * (n - 1) - 2 * n * scatter
  }

  /// The near field if a coarse grid with it costs less than a fine grid without.
  private func nearField(_ map: EmbeddingBuffer, _ bounds: MapBounds) -> NearField? {
    let span = bounds.span
    guard span > Self.narrowestSmoothed else { return nil }
    let coarse = InterpolationGrid(span: span, kernels: .smoothed, after: nil)
    let fine = InterpolationGrid(span: span, kernels: .whole, after: nil)
    let saved = (fine.nodes * fine.nodes - coarse.nodes * coarse.nodes) * Self.pairsPerNode
    // A fine grid of the most nodes is not fine enough for a map wider than this.
    let isTooWide = fine.spacing > InterpolationGrid.wholeSpacing
    // Pairs on average: decides against a dense map before anything is sorted.
    let pairs = Double(count) * Double(count) * min(1, coarse.reach * coarse.reach / (span * span))
    guard isTooWide || pairs < Double(saved) else { return nil }
    let nearField = NearField(map: map, count: count, bounds: bounds, reach: coarse.reach)
    return isTooWide || nearField.pairCount < saved ? nearField : nil
  }

  private func spread(_ map: EmbeddingBuffer, _ grid: ne_grid) {
    let layerSize = grid.nodes * grid.nodes
    let points = BlockGrid(count: count, size: max(1, (count + Self.layers - 1) / Self.layers))
    charges.reserve(Self.layers * layerSize)
    Parallel.forEach(Self.layers) { [charges] layer in
      let target = charges.base + layer * layerSize
      target.update(repeating: 0, count: layerSize)
      guard layer < points.blockCount else { return }
      let range = points.range(layer)
      ne_spread(grid, map.base, range.lowerBound, range.upperBound, target)
    }
  }

  private func convolve(nodes: Int, _ fourier: FourierTables) -> Double {
    let columns = fourier.size / 2 + 1
    for buffer in [spectrum, forceX, forceY] { buffer.reserve(2 * columns * nodes) }
    field.reserve(2 * nodes * nodes)
    let rowBlocks = BlockGrid(count: nodes, size: Int(NE_ROWS))
    let columnBlocks = BlockGrid(count: columns, size: 8)
    let layers = Self.layers
    Parallel.forEach(rowBlocks.blockCount) { [charges, spectrum] block in
      let range = rowBlocks.range(block)
      fourier.withScratch { plan, scratch in
        ne_charge_rows(
          plan, charges.base, layers, nodes, range.lowerBound, range.upperBound, spectrum.base,
          scratch)
      }
    }
    let shares = Parallel.map(columnBlocks.blockCount) {
      [kernels, spectrum, forceX, forceY] block in
      let range = columnBlocks.range(block)
      return fourier.withScratch { plan, scratch in
        ne_convolve_columns(
          plan, kernels.base, nodes, range.lowerBound, range.upperBound, spectrum.base,
          forceX.base, forceY.base, scratch)
      }
    }
    Parallel.forEach(rowBlocks.blockCount) { [forceX, forceY, field] block in
      let range = rowBlocks.range(block)
      fourier.withScratch { plan, scratch in
        ne_field_rows(
          plan, forceX.base, forceY.base, nodes, range.lowerBound, range.upperBound, field.base,
          scratch)
      }
    }
    return shares.reduce(0, +)
  }

  /// The transforms' tables, with the kernels' spectra in place for this grid.
  private func tables(for grid: InterpolationGrid) -> FourierTables {
    let size = grid.transformSize
    if let fourier, let previous = self.grid, previous.hasSameKernels(as: grid) {
      return fourier
    }
    let tables = fourier?.size == size ? fourier ?? FourierTables(size) : FourierTables(size)
    fourier = tables
    let half = size / 2 + 1
    spectrum.reserve(3 * half * half)
    kernels.reserve(3 * half * size)
    let blocks = BlockGrid(count: half, size: 8)
    let spacing = Float(grid.spacing)
    let reach = Float(grid.reach)
    Parallel.forEach(blocks.blockCount) { [spectrum] block in
      let range = blocks.range(block)
      tables.withScratch { plan, scratch in
        ne_kernel_rows(
          plan, spacing, reach, range.lowerBound, range.upperBound, spectrum.base, scratch)
      }
    }
    Parallel.forEach(blocks.blockCount) { [spectrum, kernels] block in
      let range = blocks.range(block)
      tables.withScratch { plan, scratch in
        ne_kernel_columns(
          plan, spectrum.base, range.lowerBound, range.upperBound, kernels.base, scratch)
      }
    }
    return tables
  }
}

/// The tables of one transform size. They are only read after the beginning, hence sendable.
private final class FourierTables: @unchecked Sendable {
  let size: Int
  private let plan: OpaquePointer

  init(_ size: Int) {
    guard let plan = ne_fourier_create(size) else {
      preconditionFailure("no memory for Fourier transforms of \(size) points")
    }
    self.size = size
    self.plan = plan
  }

  func withScratch<Result>(
    _ body: (OpaquePointer, UnsafeMutablePointer<Float>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: ne_fourier_scratch(size)) { scratch in
      guard let base = scratch.baseAddress else {
        preconditionFailure("no scratch memory for transforms of \(size) points")
      }
      return body(plan, base)
    }
  }

  deinit { ne_fourier_destroy(plan) }
}
