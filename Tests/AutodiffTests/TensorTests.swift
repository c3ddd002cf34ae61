import Autodiff
import LinearAlgebra
import Testing

@Suite struct TensorTests {
  @Test func `holds a copy of its matrix, row after row`() {
    var matrix = Matrix<Float>(rows: [[1, 2, 3], [4, 5, 6]])
    let tensor = Tensor(constant: matrix)
    matrix[0, 0] = 9
    #expect(tensor.rowCount == 2 && tensor.columnCount == 3 && tensor.count == 6)
    #expect(tensor.matrix.elements == [1, 2, 3, 4, 5, 6] && tensor.value[3] == 4)
    #expect(!tensor.needsGradient)
    #expect(Tensor(constant: Matrix(rows: [[7]])).scalar == 7)
  }

  @Test func `takes new elements from a matrix or another tensor`() {
    let tensor = Tensor(constant: Matrix(rowCount: 2, columnCount: 40))
    let (first, second) = (randomMatrix(2, 40, seed: 1), randomMatrix(2, 40, seed: 2))
    tensor.assign(first)
    #expect(tensor.matrix == first)
    tensor.assign(Tensor(constant: second))
    #expect(tensor.matrix == second)
  }

  @Test(arguments: [1, 5])
  func `of features has all their elements, sparse or dense`(sparsity: Int) {
    var matrix = randomMatrix(70, 130, seed: 3)
    for index in matrix.elements.indices where index % sparsity != 0 { matrix.elements[index] = 0 }
    let tensor = Tensor(features: matrix)
    #expect(tensor.matrix == matrix && !tensor.needsGradient)
  }

  @Test func `adds up the gradients that arrive, until they are forgotten`() {
    let tensor = Parameter("x", randomMatrix(2, 3, seed: 4)).tensor
    #expect(tensor.gradient == nil && tensor.gradientMatrix.elements == [0, 0, 0, 0, 0, 0])
    let (base, accumulates) = tensor.gradientToWrite()
    #expect(!accumulates)
    for index in 0..<6 { base[index] = Float(index) }
    #expect(tensor.gradientToWrite().accumulates)
    tensor.gradientToAddTo()[1] += 10
    #expect(tensor.gradientMatrix.elements == [0, 11, 2, 3, 4, 5])
    tensor.clearGradient()
    #expect(tensor.gradient == nil)
    #expect(tensor.gradientToAddTo()[1] == 0)
  }

  @Test func `shares memory and gradient with its rows`() {
    let x = Parameter("x", randomMatrix(5, 2, seed: 5)).tensor
    let view = Tape().rows(1..<3, of: x)
    #expect(view.matrix == x.matrix.rows(1..<3))
    view.gradientToAddTo()[0] = 7
    #expect(x.gradientMatrix.elements == [0, 0, 7, 0, 0, 0, 0, 0, 0, 0])
    view.value[1] = -1
    #expect(x.matrix[1, 1] == -1)
  }
}
