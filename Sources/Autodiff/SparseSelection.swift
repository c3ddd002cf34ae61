internal import CAutodiff
import LinearAlgebra

/// Some rows of a constant sparse matrix S for one step: what a loss that looks at a batch alone
/// needs of the last hop over a graph.
public struct SparseSelection {
  /// S itself.
  let whole: SparseOperator
  /// Which rows, each once.
  let rows: [Int32]
  /// These rows of S.
  let matrix: SparseKernels.Rows
  /// These columns of Sᵀ.
  let transpose: SparseKernels.Rows
}

extension Tape {
  /// The rows `rows` of S, ascending and each once, for this step.
  ///
  /// - Complexity: O(entries + rows of S).
  public func selection(_ rows: [Int32], of sparse: SparseOperator) -> SparseSelection {
    let (matrix, transpose) = (sparse.matrix, sparse.transpose)
    let places = intScratch(matrix.rowCount)
    places.update(repeating: -1, count: matrix.rowCount)
    for (place, row) in rows.enumerated() {
      precondition(row >= 0 && Int(row) < matrix.rowCount, "row \(row) of \(matrix.rowCount)")
      precondition(places[Int(row)] < 0, "row \(row) is listed twice")
      places[Int(row)] = Int32(place)
    }
    return SparseSelection(
      whole: sparse, rows: rows,
      matrix: SparseKernels.select(
        rows: rows, of: matrix, into: entries(rowCount: rows.count, of: matrix)),
      transpose: SparseKernels.select(
        columnsWithPlaces: places, of: transpose,
        into: entries(rowCount: transpose.rowCount, of: transpose)))
  }

  /// The selected rows of S·x.
  ///
  /// - Shapes: S is m × n, x is n × d; the result has a row for each selected one.
  /// - Complexity: 2·d operations for each entry of the selected rows, each way.
  public func product(_ selection: SparseSelection, _ x: Tensor) -> Tensor {
    precondition(
      selection.whole.matrix.columnCount == x.rowCount,
      "inner dimensions differ: \(selection.whole.matrix.columnCount) and \(x.rowCount)")
    let width = x.columnCount
    let y = make(selection.rows.count, width, from: x)
    SparseKernels.multiply(selection.matrix, x.value, width: width, product: y.value)
    record(y) { gradient in
      let (base, accumulates) = x.gradientToWrite()
      SparseKernels.multiply(
        selection.transpose, gradient, width: width, total: base,
        addend: accumulates ? UnsafePointer(base) : nil)
    }
    return y
  }

  /// The selected rows of x + S·x.
  public func addingProduct(_ selection: SparseSelection, _ x: Tensor) -> Tensor {
    propagated(selection, x, layers: 1, combination: .sum)
  }

  /// The selected rows of x, Sx, …, Sᴸx, summed or averaged: what
  /// ``propagated(_:_:layers:combination:)-(SparseOperator,_,_,_)`` has there.
  ///
  /// Only the last hop, and the first one back, are of selected rows alone: those before them reach
  /// their neighbours.
  ///
  /// - Complexity: 2·(L − 1)·entries·columns operations each way, and for the last hop
  ///   2·columns for each entry of the selected rows.
  public func propagated(
    _ selection: SparseSelection, _ x: Tensor, layers: Int, combination: LayerCombination
  ) -> Tensor {
    precondition(layers >= 0, "\(layers) layers")
    let sparse = selection.whole
    precondition(
      sparse.matrix.rowCount == x.rowCount && sparse.matrix.columnCount == x.rowCount,
      "the graph has \(sparse.matrix.rowCount) nodes, the features \(x.rowCount) rows")
    guard layers > 0 else { return gathered(x, distinct: selection.rows) }
    let (width, count, rows) = (x.columnCount, x.count, selection.rows)
    let scale: Float = combination == .mean ? 1 / Float(layers + 1) : 1
    let y = make(rows.count, width, from: x)
    let buffers = [layers > 1 ? scratch(count) : nil, layers > 2 ? scratch(count) : nil]

    var current = UnsafePointer(x.value)
    addGathered(current, rows, width, to: (y.value, false))
    for layer in 1..<layers {
      guard let next = buffers[(layer - 1) % 2] else { continue }
      SparseKernels.multiply(sparse.matrix, current, width: width, product: next)
      current = UnsafePointer(next)
      addGathered(current, rows, width, to: (y.value, true))
    }
    SparseKernels.multiply(
      selection.matrix, current, width: width, total: y.value, addend: UnsafePointer(y.value),
      scale: scale)

    record(y) { [self] gradient in
      let room = [layers > 1 ? self.scratch(count) : nil, layers > 2 ? self.scratch(count) : nil]
      let (base, accumulates) = x.gradientToWrite()
      // Horner's scheme as for all rows: G + Sᵀ(G + Sᵀ(…)), where G has selected rows alone.
      let result = accumulates ? self.scratch(count) : base
      var sum: UnsafePointer<Float>?
      for layer in 1...layers {
        let isLast = layer == layers
        guard let next = isLast ? result : room[(layer - 1) % 2] else { continue }
        let factor = isLast ? scale : 1
        if let sum {
          SparseKernels.multiply(
            sparse.transpose, sum, width: width, total: next, scale: factor)
        } else {
          SparseKernels.multiply(
            selection.transpose, gradient, width: width, total: next, scale: factor)
        }
        addToRows(gradient, scaledBy: factor, rows, width, of: next)
        sum = UnsafePointer(next)
      }
      if accumulates { write(result, count: count, to: (base, true)) }
    }
    return y
  }

  /// Memory for this step.
  private func entries(rowCount: Int, of matrix: SparseMatrix) -> SparseEntries {
    SparseEntries(
      starts: UnsafeMutableRawPointer(scratch(2 * (rowCount + 1)))
        .bindMemory(to: Int.self, capacity: rowCount + 1),
      columns: intScratch(matrix.entryCount), values: scratch(matrix.entryCount))
  }

  private func intScratch(_ count: Int) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(scratch(count)).bindMemory(to: Int32.self, capacity: count)
  }
}

/// target (+)= the rows of x that are listed.
private func addGathered(
  _ x: UnsafePointer<Float>, _ rows: [Int32], _ width: Int,
  to target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
) {
  nonisolated(unsafe) let (x, target) = (x, target)
  rows.withUnsafeBufferPointer { rows in
    nonisolated(unsafe) let rows = rows
    forEachBlock(rows.count, size: 256) { places in
      ad_add_gathered_rows(
        x, rows.baseAddress! + places.lowerBound, places.count, width,
        target.accumulates ? 1 : 0, target.base + places.lowerBound * width)
    }
  }
}

/// Adds scale·x to the rows of y that are listed.
private func addToRows(
  _ x: UnsafePointer<Float>, scaledBy scale: Float, _ rows: [Int32], _ width: Int,
  of y: UnsafeMutablePointer<Float>
) {
  nonisolated(unsafe) let (x, y) = (x, y)
  rows.withUnsafeBufferPointer { rows in
    nonisolated(unsafe) let rows = rows
    forEachBlock(rows.count, size: 256) { places in
      ad_add_to_rows(
        x + places.lowerBound * width, scale, rows.baseAddress! + places.lowerBound,
        places.count, width, y)
    }
  }
}
