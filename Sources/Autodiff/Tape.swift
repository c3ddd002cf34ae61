/// Records whole-matrix operations and runs their pullbacks in reverse.
///
///     let tape = Tape()
///     for batch in batches {
///       tape.begin()
///       let loss = model.loss(of: batch, on: tape)
///       tape.backward(from: loss)
///       optimizer.step()
///     }
///
/// The k-th tensor of a step lies where the k-th tensor of the step before lay, so steps of equal
/// shapes allocate no buffers. Work within an operation is cut into a grid that depends on shapes
/// alone: results have the same bits for any number of threads.
public final class Tape {
  private var tensors: [Tensor] = []
  private var used = 0
  private var pullbacks: [() -> Void] = []
  private let isRecording: Bool

  /// - Parameter isRecording: False for a tape that only evaluates, without gradients.
  public init(isRecording: Bool = true) { self.isRecording = isRecording }

  /// Forgets the last step; its tensors are no longer valid.
  public func begin() {
    used = 0
    pullbacks.removeAll(keepingCapacity: true)
  }

  /// Adds ∂loss/∂x to the gradient of every tensor x that `loss` depends on.
  ///
  /// - Precondition: `loss` is 1 × 1 and was made in this step, which had no backward pass yet.
  /// - Complexity: about twice that of the operations recorded.
  public func backward(from loss: Tensor) {
    precondition(
      loss.count == 1, "the loss is 1 x 1, this is \(loss.rowCount) x \(loss.columnCount)")
    // Pullbacks hold the tape: kept, they would keep it and its buffers alive for good.
    defer { pullbacks.removeAll(keepingCapacity: true) }
    guard loss.needsGradient else { return }
    loss.gradientToAddTo()[0] = 1
    for pullback in pullbacks.reversed() { pullback() }
  }

  /// A tensor of this step with unspecified elements, which depends on `inputs`.
  func make(_ rowCount: Int, _ columnCount: Int, from inputs: Tensor...) -> Tensor {
    make(rowCount, columnCount, from: inputs)
  }

  /// A tensor of this step with unspecified elements, which depends on `inputs`.
  func make(_ rowCount: Int, _ columnCount: Int, from inputs: [Tensor]) -> Tensor {
    let needsGradient = isRecording && inputs.contains { $0.needsGradient }
    let tensor = next()
    tensor.reshape(rowCount: rowCount, columnCount: columnCount, needsGradient: needsGradient)
    return tensor
  }

  /// Memory for this step that no gradient flows into.
  func scratch(_ count: Int) -> UnsafeMutablePointer<Float> {
    let tensor = next()
    tensor.reshape(rowCount: 1, columnCount: count, needsGradient: false)
    return tensor.value
  }

  /// Memory for this step that sums are taken in.
  func doubleScratch(_ count: Int) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(scratch(2 * count)).bindMemory(to: Double.self, capacity: count)
  }

  /// The `rows` of `x`, in its memory.
  public func rows(_ rows: Range<Int>, of x: Tensor) -> Tensor {
    let tensor = next()
    tensor.view(rows, of: x)
    return tensor
  }

  /// Runs `pullback` with the gradient of `output` when the backward pass comes by, if one came.
  func record(_ output: Tensor, _ pullback: @escaping (UnsafePointer<Float>) -> Void) {
    guard output.needsGradient else { return }
    pullbacks.append {
      if let gradient = output.gradient { pullback(gradient) }
    }
  }

  /// Runs `pullback` with the gradients of both outputs when the backward pass comes by, if one of
  /// them came; the other is nil.
  func record(
    _ first: Tensor, _ second: Tensor,
    _ pullback: @escaping (UnsafePointer<Float>?, UnsafePointer<Float>?) -> Void
  ) {
    guard first.needsGradient else { return }
    pullbacks.append {
      let gradients = (first.gradient, second.gradient)
      if gradients.0 != nil || gradients.1 != nil { pullback(gradients.0, gradients.1) }
    }
  }

  private func next() -> Tensor {
    if used == tensors.count {
      tensors.append(Tensor(rowCount: 0, columnCount: 0, needsGradient: false))
    }
    used += 1
    return tensors[used - 1]
  }
}
