internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// The contrastive loss of anchors aᵣ with positives pᵣ among candidates c, 1 × 1:
  ///
  ///     −mean_r ln( exp(⟨aᵣ, pᵣ⟩/τ) / Σ_c exp(⟨aᵣ, c⟩/τ) + ε )
  ///
  /// The positives count in the denominator if they are among the candidates. With `excludesOwn`
  /// candidate r is not counted for anchor r: with candidates [A; P], A stacked above P, every
  /// anchor has all anchors but itself, and all positives, against it. Rows are taken as they are;
  /// for cosines, normalise them first. Times the number of anchors it is the sum over them.
  ///
  /// - Shapes: `anchors` and `positives` are n × d, `candidates` m × d.
  /// - Complexity: 2·n·m·d operations, 6·n·m·d backwards; memory for a tile of the n × m
  ///   similarities.
  /// - Reference: [OLV18].
  public func infoNCE(
    anchors: Tensor, positives: Tensor, candidates: Tensor, temperature: Double,
    excludesOwn: Bool = false, floor: Double = 0
  ) -> Tensor {
    let logSums = logSumExpProducts(
      anchors, candidates, temperature: temperature, excludesOwn: excludesOwn)
    let own = scaled(rowDots(anchors, positives), by: 1 / temperature)
    let losses = difference(logSums, own)
    guard floor > 0 else { return mean(losses) }
    let ratios = exponential(scaled(losses, by: -1))
    return scaled(mean(logarithm(adding(constant: floor, to: ratios))), by: -1)
  }

  /// ln Σ_c exp(⟨aᵣ, c⟩/τ) of every row r of a, n × 1; the products are never all there at once.
  ///
  /// - Shapes: a is n × d, `candidates` m × d.
  /// - Parameter excludesOwn: Leave candidate r out for row r.
  /// - Complexity: 2·n·m·d operations, 6·n·m·d backwards; memory for a tile.
  public func logSumExpProducts(
    _ a: Tensor, _ candidates: Tensor, temperature: Double, excludesOwn: Bool = false
  ) -> Tensor {
    precondition(
      a.columnCount == candidates.columnCount,
      "rows are \(a.columnCount) wide, candidates \(candidates.columnCount)")
    precondition(temperature > 0, "temperature \(temperature) is not positive")
    let scale = Float(1 / temperature)
    let grid = SimilarityTiles(a, candidates, excludesOwn: excludesOwn)
    let y = make(a.rowCount, 1, from: a, candidates)
    nonisolated(unsafe) let (target, sums) = (y.value, scratch(a.rowCount))
    nonisolated(unsafe) let tile = scratch(grid.capacity)
    forEachBlock(a.rowCount) { startLogSums($0, peaks: target, sums: sums) }
    grid.forEach { rows, columns in
      grid.fill(tile, rows, columns)
      forEachBlock(rows.count, size: 64) { block in
        let first = rows.lowerBound + block.lowerBound
        ad_add_exponentials(
          tile + block.lowerBound * columns.count, block.count, columns.count, scale,
          target + first, sums + first)
      }
    }
    forEachBlock(a.rowCount) { finishLogSums($0, peaks: target, sums: sums) }

    record(y) { [self] gradient in
      nonisolated(unsafe) let (weights, tile) = (scratch(a.rowCount), scratch(grid.capacity))
      for row in 0..<a.rowCount { weights[row] = scale * gradient[row] }
      let ofA = a.needsGradient ? a.gradientToAddTo() : nil
      let ofCandidates = candidates.needsGradient ? candidates.gradientToAddTo() : nil
      grid.forEach { rows, columns in
        grid.fill(tile, rows, columns)
        forEachBlock(rows.count, size: 64) { block in
          let first = rows.lowerBound + block.lowerBound
          ad_shares(
            tile + block.lowerBound * columns.count, block.count, columns.count, scale,
            target + first, weights + first)
        }
        grid.addGradients(tile, rows, columns, ofA: ofA, ofCandidates: ofCandidates)
      }
    }
    return y
  }
}

/// The inner products of rows with candidates, a tile at a time. The grid follows shapes alone.
private struct SimilarityTiles {
  private let a: Tensor
  private let candidates: Tensor
  private let excludesOwn: Bool
  private let rows: BlockGrid
  private let columns: BlockGrid

  init(_ a: Tensor, _ candidates: Tensor, excludesOwn: Bool) {
    self.a = a
    self.candidates = candidates
    self.excludesOwn = excludesOwn
    rows = BlockGrid(count: a.rowCount, size: 1024)
    columns = BlockGrid(count: candidates.rowCount, size: 2048)
  }

  /// Elements of the largest tile.
  var capacity: Int { min(rows.size, rows.count) * min(columns.size, columns.count) }

  /// The tiles, one after another: each of them is worked on by all threads.
  func forEach(_ body: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void) {
    for row in 0..<rows.blockCount {
      for column in 0..<columns.blockCount { body(rows.range(row), columns.range(column)) }
    }
  }

  /// The products of a tile, −∞ where a candidate is left out.
  func fill(_ tile: UnsafeMutablePointer<Float>, _ rows: Range<Int>, _ columns: Range<Int>) {
    let width = a.columnCount
    DenseKernels.product(
      .init(base: a.value + rows.lowerBound * width, stride: width),
      .init(
        base: candidates.value + columns.lowerBound * width, stride: width,
        transposition: .transposed),
      .init(
        base: tile, stride: columns.count, rows: rows.count, columns: columns.count, inner: width))
    guard excludesOwn else { return }
    for own in rows.clamped(to: columns) {
      tile[(own - rows.lowerBound) * columns.count + own - columns.lowerBound] = -.infinity
    }
  }

  /// Adds P·C to the gradient of the rows and Pᵀ·A to that of the candidates for a tile P.
  func addGradients(
    _ tile: UnsafePointer<Float>, _ rows: Range<Int>, _ columns: Range<Int>,
    ofA: UnsafeMutablePointer<Float>?, ofCandidates: UnsafeMutablePointer<Float>?
  ) {
    let width = a.columnCount
    let (row, column) = (rows.lowerBound * width, columns.lowerBound * width)
    if let ofA {
      DenseKernels.product(
        .init(base: tile, stride: columns.count),
        .init(base: candidates.value + column, stride: width),
        .init(
          base: ofA + row, stride: width, rows: rows.count, columns: width, inner: columns.count,
          accumulates: true))
    }
    if let ofCandidates {
      DenseKernels.product(
        .init(base: tile, stride: columns.count, transposition: .transposed),
        .init(base: a.value + row, stride: width),
        .init(
          base: ofCandidates + column, stride: width, rows: columns.count, columns: width,
          inner: rows.count, accumulates: true))
    }
  }
}
