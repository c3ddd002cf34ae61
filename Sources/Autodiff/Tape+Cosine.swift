internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// Every row of x times its cosine with the same row of `origin`:
  ///
  ///     y_r = w_r·x_r,  w_r = ⟨x_r, o_r⟩ / (max(‖x_r‖, floor)·max(‖o_r‖, floor))
  ///
  /// The gradient flows through w into both.
  ///
  /// - Shapes: x and `origin` are n × d.
  /// - Complexity: O(n·d), one pass over memory each way.
  public func scaledByCosine(
    _ x: Tensor, to origin: Tensor, floor: Double = 1e-8
  ) -> Tensor {
    let (n, width) = (x.rowCount, x.columnCount)
    precondition(
      origin.rowCount == n && origin.columnCount == width,
      "\(n) x \(width) and \(origin.rowCount) x \(origin.columnCount)")
    let floor = Float(floor)
    let y = make(n, width, from: x, origin)
    nonisolated(unsafe) let cosines = scratch(n * MemoryLayout<ad_cosine>.size / 4)
    nonisolated(unsafe) let (ofX, ofOrigin, target) = (x.value, origin.value, y.value)
    forEachBlock(n, size: 256) { rows in
      let (first, at) = (rows.lowerBound, rows.lowerBound * width)
      withCosines(cosines, first, rows.count) {
        ad_scale_by_cosine(
          ofX + at, ofOrigin + at, rows.count, width, floor, target + at, $0)
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      nonisolated(unsafe) let toX = x.needsGradient ? x.gradientToAddTo() : nil
      nonisolated(unsafe) let toOrigin = origin.needsGradient ? origin.gradientToAddTo() : nil
      forEachBlock(n, size: 256) { rows in
        let (first, at) = (rows.lowerBound, rows.lowerBound * width)
        withCosines(cosines, first, rows.count) {
          ad_scale_by_cosine_back(
            ofX + at, ofOrigin + at, $0, gradient + at, rows.count, width, floor,
            toX.map { $0 + at }, toOrigin.map { $0 + at })
        }
      }
    }
    return y
  }
}

/// The cosines that lie from row `first` on.
private func withCosines(
  _ base: UnsafeMutablePointer<Float>, _ first: Int, _ count: Int,
  _ body: (UnsafeMutablePointer<ad_cosine>) -> Void
) {
  let numbers = MemoryLayout<ad_cosine>.size / 4
  (base + first * numbers).withMemoryRebound(to: ad_cosine.self, capacity: count, body)
}
