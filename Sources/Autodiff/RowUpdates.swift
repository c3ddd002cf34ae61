internal import CAutodiff
import LinearAlgebra

/// Adam on a table of which a step's gradient touches few rows: the others' steps are put off until
/// somebody reads the row.
///
/// A row without a gradient moves by what its own moments say. Several such steps are made at once
/// in registers, to the same bits as one after another.
///
/// - Complexity: passes over memory for the rows of a gradient, not for the table.
final class RowUpdates {
  /// m and v.
  let moments: (first: Tensor, second: Tensor)
  private let values: UnsafeMutablePointer<Float>
  private let rowCount: Int
  private let width: Int
  /// The steps since the whole table was up to date, and how many of them each row has had.
  private var steps: [ad_adam] = []
  private var stepsDone: [Int32]

  /// - Parameter tensor: Holds this object, and is held by whoever calls it.
  init(_ tensor: Tensor, _ moments: (first: Tensor, second: Tensor)) {
    self.moments = moments
    values = tensor.value
    rowCount = tensor.rowCount
    width = tensor.columnCount
    stepsDone = [Int32](repeating: 0, count: rowCount)
  }

  /// Whether no row lags behind.
  var isSettled: Bool { steps.isEmpty }

  /// A step of the table whose gradient has the `rows` of `gradient` and zeros elsewhere.
  ///
  /// - Precondition: the rows are distinct.
  func step(_ settings: ad_adam, rows: [Int32], _ gradient: UnsafePointer<Float>) {
    steps.append(settings)
    advance(rows, gradient)
  }

  /// Brings `rows`, which are distinct, up to date and copies them to `target`.
  func copy(_ rows: [Int32], to target: UnsafeMutablePointer<Float>) {
    advance(rows, nil, copy: target)
  }

  /// Brings every row up to date.
  func settle() {
    guard !isSettled else { return }
    advance(nil, nil)
    steps.removeAll(keepingCapacity: true)
    stepsDone.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
  }

  /// Makes the steps that the rows lack; all rows where the list is nil.
  private func advance(
    _ rows: [Int32]?, _ gradient: UnsafePointer<Float>?, copy: UnsafeMutablePointer<Float>? = nil
  ) {
    let (width, stepCount, count) = (width, steps.count, rows?.count ?? rowCount)
    nonisolated(unsafe) let (values, first, second, gradient, copy) = (
      values, moments.first.value, moments.second.value, gradient, copy
    )
    steps.withUnsafeBufferPointer { steps in
      stepsDone.withUnsafeMutableBufferPointer { stepsDone in
        nonisolated(unsafe) let (steps, stepsDone) = (steps.baseAddress, stepsDone.baseAddress)
        @Sendable func advance(_ rows: UnsafePointer<Int32>?, _ block: Range<Int>) {
          ad_adam_rows(
            steps, stepCount, stepsDone, rows, block.lowerBound, block.upperBound, width, values,
            gradient, first, second, copy)
        }
        forEachBlock(count, size: max(1, (1 << 13) / max(width, 1))) { block in
          if let rows {
            rows.withUnsafeBufferPointer { advance($0.baseAddress, block) }
          } else {
            advance(nil, block)
          }
        }
      }
    }
  }
}
