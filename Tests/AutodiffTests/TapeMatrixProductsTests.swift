import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeMatrixProductsTests {
  private let a = randomMatrix(17, 9, seed: 1)

  @Test(arguments: [1, 5, 70])
  func `products of every orientation have gradients for both factors`(width: Int) {
    checkOperation([a, randomMatrix(9, width, seed: 2)], tolerance: 5e-5) {
      $0.product($1[0], $1[1])
    } plain: { product($0[0], $0[1]) }
    checkOperation([a, randomMatrix(width, 9, seed: 3)], tolerance: 5e-5) {
      $0.product($1[0], transposed: $1[1])
    } plain: { product($0[0], .none, $0[1], .transposed) }
    checkOperation([a, randomMatrix(17, width, seed: 4)], tolerance: 5e-5) {
      $0.product(transposed: $1[0], $1[1])
    } plain: { product($0[0], .transposed, $0[1], .none) }
  }

  @Test func `a matrix times its own transpose collects both gradients`() {
    checkOperation([a], tolerance: 5e-5) {
      $0.product($1[0], transposed: $1[0])
    } plain: { product($0[0], .none, $0[0], .transposed) }
    checkOperation([a], tolerance: 5e-5) {
      $0.product(transposed: $1[0], $1[0])
    } plain: { product($0[0], .transposed, $0[0], .none) }
  }

  @Test(arguments: [(1, 6), (33, 64), (70, 5)])
  func `the transpose hands its gradient back transposed`(rows: Int, columns: Int) {
    checkOperation([randomMatrix(rows, columns, seed: 5)]) {
      // The input is used twice, so that the pullback also has to add.
      $0.sum($0.transposed($1[0]), $0.transposed($1[0]))
    } plain: { $0[0].transposed() + $0[0].transposed() }
  }
}
