internal import CAutodiff
import Foundation
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
  /// - Complexity: 6·n·m·d operations and n·m exponentials, a third of those operations where no
  ///   gradient is asked for; memory for a block of the n × m similarities.
  /// - Reference: [OLV18].
  public func infoNCE(
    anchors: Tensor, positives: Tensor, candidates: Tensor, temperature: Double,
    excludesOwn: Bool = false, floor: Double = 0
  ) -> Tensor {
    precondition(
      anchors.columnCount == candidates.columnCount,
      "rows are \(anchors.columnCount) wide, candidates \(candidates.columnCount)")
    precondition(temperature > 0, "temperature \(temperature) is not positive")
    let own = scaled(rowDots(anchors, positives), by: 1 / temperature)
    return meanLogShare(
      of: own, anchors, candidates, scale: Float(1 / temperature), excludesOwn: excludesOwn,
      floor: floor)
  }

  /// −mean_r ln( exp(oᵣ)/Σᵣ + ε ) for Σᵣ = Σ_c exp(s·⟨aᵣ, c⟩).
  ///
  /// But for the factor that comes from upstream its gradient is known as soon as Σᵣ is, when the
  /// exponentials of a block of rows are still in cache, so that they are computed once:
  ///
  ///     wᵣ = x/(x + ε)/n for x = exp(oᵣ)/Σᵣ,  ∂oᵣ = −wᵣ
  ///     ∂aᵣ = (s·wᵣ/Σᵣ)·Σ_c e_rc·c,  ∂c = Σ_r e_rc·(s·wᵣ/Σᵣ)·aᵣ,  e_rc = exp(s·⟨aᵣ, c⟩)
  private func meanLogShare(
    of own: Tensor, _ a: Tensor, _ candidates: Tensor, scale: Float, excludesOwn: Bool,
    floor: Double
  ) -> Tensor {
    let n = a.rowCount
    let y = make(1, 1, from: own, a, candidates)
    let block = SimilarityRows(a, candidates, scale: scale, excludesOwn: excludesOwn)
    let tile = scratch(block.capacity)
    let (peaks, sums) = (scratch(block.size), scratch(block.size))
    let (factors, pulled) = (scratch(block.size), scratch(block.size * a.columnCount))
    let weights = scratch(n)
    func room(for x: Tensor) -> UnsafeMutablePointer<Float>? {
      y.needsGradient && x.needsGradient ? scratch(x.count) : nil
    }
    let (ofA, ofCandidates) = (room(for: a), room(for: candidates))

    var total = 0.0
    block.forEach { rows in
      block.fill(tile, rows, peaks: peaks, sums: sums)
      for (place, row) in rows.enumerated() {
        let sum = Double(sums[place])
        let loss = Double(peaks[place]) + log(sum) - Double(own.value[row])
        let share = floor > 0 ? exp(-loss) : 1
        total += floor > 0 ? -log(share + floor) : loss
        let weight = share / (share + floor) / Double(n)
        weights[row] = Float(weight)
        factors[place] = Float(Double(scale) * weight / sum)
      }
      block.addGradients(
        tile, rows, factors: factors, pulled: pulled, ofA: ofA, ofCandidates: ofCandidates)
    }
    y.value[0] = Float(total / Double(n))

    record(y) { gradient in
      let upstream = gradient[0]
      if own.needsGradient {
        write(weights, scaledBy: -upstream, count: n, to: own.gradientToWrite())
      }
      for (x, part) in [(a, ofA), (candidates, ofCandidates)] {
        guard let part else { continue }
        write(part, scaledBy: upstream, count: x.count, to: x.gradientToWrite())
      }
    }
    return y
  }
}

/// The exponentials of some rows' inner products with all candidates. The grid follows shapes
/// alone.
private struct SimilarityRows {
  private let a: Tensor
  private let candidates: Tensor
  private let scale: Float
  private let excludesOwn: Bool
  private let grid: BlockGrid
  private let strips: BlockGrid

  init(_ a: Tensor, _ candidates: Tensor, scale: Float, excludesOwn: Bool) {
    self.a = a
    self.candidates = candidates
    self.scale = scale
    self.excludesOwn = excludesOwn
    // As many rows as the last level of cache holds, so that each product packs its factors seldom.
    let count = (1 << 22) / max(candidates.rowCount, 1) / 64 * 64
    grid = BlockGrid(count: a.rowCount, size: min(max(count, 64), 1024))
    strips = BlockGrid(count: candidates.rowCount, size: 1024)
  }

  /// Rows of the largest block.
  var size: Int { min(grid.size, grid.count) }

  /// Elements of the largest block.
  var capacity: Int { size * candidates.rowCount }

  /// The blocks, one after another: each of them is worked on by all threads.
  func forEach(_ body: (_ rows: Range<Int>) -> Void) {
    for block in 0..<grid.blockCount { body(grid.range(block)) }
  }

  /// exp(s·⟨aᵣ, c⟩ − peakᵣ), 0 where a candidate is left out, and their sums, which like the peaks
  /// are those of the block alone.
  func fill(
    _ tile: UnsafeMutablePointer<Float>, _ rows: Range<Int>, peaks: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Float>
  ) {
    let (width, count) = (a.columnCount, candidates.rowCount)
    nonisolated(unsafe) let (tile, peaks, sums) = (tile, peaks, sums)
    nonisolated(unsafe) let (ofA, ofCandidates) = (a.value, candidates.value)
    Parallel.forEach(strips.blockCount) { strip in
      let columns = strips.range(strip)
      DenseKernels.gemm(
        .init(base: ofA + rows.lowerBound * width, stride: width),
        .init(
          base: ofCandidates + columns.lowerBound * width, stride: width,
          transposition: .transposed),
        .init(
          base: tile + columns.lowerBound, stride: count, rows: rows.count, columns: columns.count,
          inner: width))
      guard excludesOwn else { return }
      for own in rows.clamped(to: columns) {
        tile[(own - rows.lowerBound) * count + own] = -.infinity
      }
    }
    forEachBlock(rows.count, size: 16) { block in
      let (first, start) = (block.lowerBound, block.lowerBound * count)
      ad_exponentials(
        tile + start, block.count, count, scale, tile + start, peaks + first, sums + first)
    }
  }

  /// Writes diag(f)·E·C, for the factors f of the block's rows and its exponentials E, to the
  /// gradient of the rows, and adds Eᵀ·diag(f)·A to that of the candidates, which starts with the
  /// first block.
  ///
  /// - Parameter pulled: Room for diag(f)·A.
  func addGradients(
    _ tile: UnsafePointer<Float>, _ rows: Range<Int>, factors: UnsafePointer<Float>,
    pulled: UnsafeMutablePointer<Float>, ofA: UnsafeMutablePointer<Float>?,
    ofCandidates: UnsafeMutablePointer<Float>?
  ) {
    let (width, count) = (a.columnCount, candidates.rowCount)
    nonisolated(unsafe) let (tile, factors, pulled) = (tile, factors, pulled)
    nonisolated(unsafe) let (ofA, ofCandidates) = (ofA, ofCandidates)
    nonisolated(unsafe) let (rowValues, candidateValues) = (a.value, candidates.value)
    write(
      rowValues + rows.lowerBound * width, rowCount: rows.count, width: width,
      scaledByRows: factors, to: (pulled, false))
    let parts = BlockGrid(count: ofA == nil ? 0 : rows.count, size: 256)
    // The products of both kinds are independent of each other.
    Parallel.forEach(parts.blockCount + (ofCandidates == nil ? 0 : strips.blockCount)) { task in
      if let ofA, task < parts.blockCount {
        let part = parts.range(task)
        let target = ofA + (rows.lowerBound + part.lowerBound) * width
        DenseKernels.gemm(
          .init(base: tile + part.lowerBound * count, stride: count),
          .init(base: candidateValues, stride: width),
          .init(base: target, stride: width, rows: part.count, columns: width, inner: count))
        for row in part {
          let start = (row - part.lowerBound) * width
          for i in start..<start + width { target[i] *= factors[row] }
        }
      } else if let ofCandidates {
        let columns = strips.range(task - parts.blockCount)
        DenseKernels.gemm(
          .init(base: tile + columns.lowerBound, stride: count, transposition: .transposed),
          .init(base: pulled, stride: width),
          .init(
            base: ofCandidates + columns.lowerBound * width, stride: width, rows: columns.count,
            columns: width, inner: rows.count, accumulates: rows.lowerBound > 0))
      }
    }
  }
}
