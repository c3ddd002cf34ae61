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
/// kernels' spectra make up for what the splines smooth away, so that fewer nodes do.
///
/// - Complexity: O(n + m² log m) for m nodes a side, in parallel over blocks.
/// - Reference: [LRHSK19].
final class InterpolatedRepulsion: Repulsion {
  /// Charges are spread by this many private grids, which meet in order.
  private static let layers = 4

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
    let grid = InterpolationGrid(span: bounds.span, after: grid)
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
    // The spectrum's sum has each point meet itself.
    return normalizer - Double(count)
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
    if let fourier, let previous = self.grid, previous.transformSize == size,
      previous.spacing == grid.spacing
    {
      return fourier
    }
    let tables = fourier?.size == size ? fourier ?? FourierTables(size) : FourierTables(size)
    fourier = tables
    let half = size / 2 + 1
    spectrum.reserve(3 * half * half)
    kernels.reserve(3 * half * size)
    let blocks = BlockGrid(count: half, size: 8)
    let spacing = Float(grid.spacing)
    Parallel.forEach(blocks.blockCount) { [spectrum] block in
      let range = blocks.range(block)
      tables.withScratch { plan, scratch in
        ne_kernel_rows(plan, spacing, range.lowerBound, range.upperBound, spectrum.base, scratch)
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
