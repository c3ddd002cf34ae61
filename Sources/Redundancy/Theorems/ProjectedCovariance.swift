import LinearAlgebra

/// The covariance of projected features, recomputed from the features in double precision.
struct ProjectedCovariance {
  /// cov(V·Q_v, T·Q_t), p × q.
  let matrix: Matrix<Double>
  /// Column means of V·Q_v and of T·Q_t.
  let firstMean: [Double]
  let secondMean: [Double]

  /// Rows that are projected before they are multiplied: memory stays at this many rows.
  private static let chunkSize = 2_048

  /// Projects the uncentred features and centres the result, as the paper's words say.
  ///
  /// - Complexity: 2·n·p·q + 4·n·(p + q)·k operations; (p + q)·2048 + p·q numbers of memory.
  init(_ evidence: TheoremEvidence, rank: Int, strength: Double) {
    let context = evidence.context
    var first = ProjectedModality(
      context.first, basis: context.subspace.first.leadingColumns(rank), strength: strength,
      mean: evidence.covariance.firstMean, chunkSize: Self.chunkSize)
    var second = ProjectedModality(
      context.second, basis: context.subspace.second.leadingColumns(rank), strength: strength,
      mean: evidence.covariance.secondMean, chunkSize: Self.chunkSize)
    var products = Matrix<Double>(
      rowCount: context.first.columnCount, columnCount: context.second.columnCount)
    let chunks = BlockGrid(count: evidence.itemCount, size: Self.chunkSize)
    for chunk in 0..<chunks.blockCount {
      let rows = chunks.range(chunk)
      first.load(rows)
      second.load(rows)
      Self.addProduct(first, second, rows: rows.count, to: &products)
    }
    let count = Double(evidence.itemCount)
    // The sums were taken about a shift near the means; what is left of the means comes off here.
    let firstOffset = first.sums.map { $0 / count }
    let secondOffset = second.sums.map { $0 / count }
    for r in firstOffset.indices {
      for c in secondOffset.indices {
        products[r, c] = products[r, c] / count - firstOffset[r] * secondOffset[c]
      }
    }
    matrix = products
    firstMean = zip(first.shift, firstOffset).map { $0 + $1 }
    secondMean = zip(second.shift, secondOffset).map { $0 + $1 }
  }

  /// (V·Q_v)ᵀ(T·Q_t)/n without centring.
  var uncentered: Matrix<Double> {
    var result = matrix
    for r in 0..<result.rowCount {
      for c in 0..<result.columnCount { result[r, c] += firstMean[r] * secondMean[c] }
    }
    return result
  }

  /// Adds XᵀY of the loaded rows, in parallel over tiles of the result.
  private static func addProduct(
    _ x: ProjectedModality, _ y: ProjectedModality, rows: Int, to products: inout Matrix<Double>
  ) {
    let tileRows = BlockGrid(count: products.rowCount, size: 256)
    let tileColumns = BlockGrid(count: products.columnCount, size: 512)
    let width = products.columnCount
    let (firstWidth, secondWidth) = (products.rowCount, products.columnCount)
    guard !products.elements.isEmpty else { return }
    products.elements.withUnsafeMutableBufferPointer { target in
      let out = SharedBuffer(target)
      x.rows.withUnsafeBufferPointer { x in
        y.rows.withUnsafeBufferPointer { y in
          nonisolated(unsafe) let x = x
          nonisolated(unsafe) let y = y
          Parallel.forEach(tileRows.blockCount * tileColumns.blockCount) { tile in
            let r = tileRows.range(tile / tileColumns.blockCount)
            let c = tileColumns.range(tile % tileColumns.blockCount)
            guard let xBase = x.baseAddress, let yBase = y.baseAddress else { return }
            DenseKernels.gemm(
              .init(
                base: xBase + r.lowerBound, stride: firstWidth, transposition: .transposed),
              .init(base: yBase + c.lowerBound, stride: secondWidth),
              .init(
                base: out.base + r.lowerBound * width + c.lowerBound, stride: width,
                rows: r.count, columns: c.count, inner: rows, accumulates: true))
          }
        }
      }
    }
  }
}

/// One modality, read by chunks: projected uncentred, then shifted towards zero.
private struct ProjectedModality {
  let features: Matrix<Float>
  let basis: Matrix<Double>
  let strength: Double
  /// μ·Q, close to the means of the projected features.
  let shift: [Double]
  /// The loaded rows, and Σ(x·Q − shift) over all rows loaded so far.
  var rows: [Double]
  var sums: [Double]

  init(
    _ features: Matrix<Float>, basis: Matrix<Double>, strength: Double, mean: [Double],
    chunkSize: Int
  ) {
    self.features = features
    self.basis = basis
    self.strength = strength
    let row = Matrix(rowCount: 1, columnCount: mean.count, elements: mean)
    shift = Self.project(row, basis, strength).elements
    rows = [Double](
      repeating: 0, count: min(chunkSize, features.rowCount) * features.columnCount)
    sums = [Double](repeating: 0, count: features.columnCount)
  }

  /// x − λ(x·B)·Bᵀ.
  static func project(
    _ x: Matrix<Double>, _ basis: Matrix<Double>, _ strength: Double
  ) -> Matrix<Double> {
    var result = x
    result.subtract(
      serialProduct(serialProduct(x, basis), basis, .transposed), times: strength)
    return result
  }

  mutating func load(_ range: Range<Int>) {
    let width = features.columnCount
    let blocks = BlockGrid(count: range.count, size: 32)
    let zeros = [Double](repeating: 0, count: width)
    let (features, basis, strength, shift) = (features, basis, strength, shift)
    let partials = rows.withUnsafeMutableBufferPointer { target in
      let out = SharedBuffer(target)
      return Parallel.map(blocks.blockCount) { block in
        let part = blocks.range(block)
        let projected = Self.project(
          centeredRows(
            features, (range.lowerBound + part.lowerBound)..<(range.lowerBound + part.upperBound),
            center: zeros), basis, strength)
        var sums = zeros
        let start = out.base + part.lowerBound * width
        projected.elements.withUnsafeBufferPointer { source in
          shift.withUnsafeBufferPointer { shift in
            sums.withUnsafeMutableBufferPointer { sums in
              for row in 0..<part.count {
                let offset = row * width
                for column in 0..<width {
                  let shifted = source[offset + column] - shift[column]
                  start[offset + column] = shifted
                  sums[column] += shifted
                }
              }
            }
          }
        }
        return sums
      }
    }
    for partial in partials {
      for column in sums.indices { sums[column] += partial[column] }
    }
  }
}
