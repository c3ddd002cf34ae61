internal import CVectorKernels

/// Radix sorting of single-precision numbers.
package enum Sorting {
  /// Sorts `values` in ascending order, −0 before +0.
  ///
  /// - Precondition: there is room for as many in `scratch`; no value is NaN.
  /// - Complexity: O(n): three passes over 11-bit digits.
  package static func sort(
    _ values: UnsafeMutableBufferPointer<Float>, scratch: UnsafeMutableBufferPointer<Float>
  ) {
    guard let base = values.baseAddress, let spare = scratch.baseAddress else { return }
    precondition(
      scratch.count >= values.count && values.count <= Int(UInt32.max),
      "\(values.count) values with scratch for \(scratch.count)")
    vk_sort_floats(base, spare, values.count)
  }
}
