import LinearAlgebra

/// Nearest neighbours among points of the plane, through a grid of cells.
///
/// - Complexity: O(n) to build; a query looks at the cells around its point, O(n) at worst.
struct PlaneNeighbors: Sendable {
  private let map: Matrix<Double>
  private let originX: Double
  private let originY: Double
  private let cellSize: Double
  private let side: Int
  private let starts: [Int]
  private let members: [Int32]

  init(_ map: Matrix<Double>) {
    self.map = map
    var bounds = MapBounds()
    for i in 0..<map.rowCount { bounds.include(x: map[i, 0], y: map[i, 1]) }
    originX = bounds.minimumX
    originY = bounds.minimumY
    side = max(1, Int((Double(map.rowCount) / 2).squareRoot()))
    let size = bounds.span / Double(side)
    cellSize = size > 0 ? size : 1
    var cells = [Int](repeating: 0, count: map.rowCount)
    var starts = [Int](repeating: 0, count: side * side + 1)
    for i in 0..<map.rowCount {
      let column = PlaneNeighbors.cell(map[i, 0] - originX, cellSize, side)
      let row = PlaneNeighbors.cell(map[i, 1] - originY, cellSize, side)
      cells[i] = row * side + column
      starts[cells[i] + 1] += 1
    }
    for cell in 0..<side * side { starts[cell + 1] += starts[cell] }
    var next = starts
    var members = [Int32](repeating: 0, count: map.rowCount)
    for (i, cell) in cells.enumerated() {
      members[next[cell]] = Int32(i)
      next[cell] += 1
    }
    self.starts = starts
    self.members = members
  }

  private static func cell(_ offset: Double, _ size: Double, _ side: Int) -> Int {
    min(max(Int(offset / size), 0), side - 1)
  }

  /// The `count` points nearest to `point`, itself excluded, by distance and index.
  func nearest(to point: Int, count: Int) -> [Int] {
    let x = map.elements[2 * point]
    let y = map.elements[2 * point + 1]
    let column = PlaneNeighbors.cell(x - originX, cellSize, side)
    let row = PlaneNeighbors.cell(y - originY, cellSize, side)
    var found = [(square: Double, index: Int)]()
    for ring in 0..<side {
      // Points outside the rings so far are at least this far away.
      let reach = Double(ring - 1) * cellSize
      if found.count == count, ring > 0, reach > 0, found[count - 1].square < reach * reach {
        break
      }
      visit(ring: ring, row: row, column: column) { other in
        guard other != point else { return }
        let dx = map.elements[2 * other] - x
        let dy = map.elements[2 * other + 1] - y
        insert((dx * dx + dy * dy, other), into: &found, limit: count)
      }
    }
    return found.map(\.index)
  }

  /// Visits the points in the cells at this distance around a cell.
  private func visit(ring: Int, row: Int, column: Int, _ body: (Int) -> Void) {
    for r in max(row - ring, 0)...min(row + ring, side - 1) {
      let isEdge = abs(r - row) == ring
      let step = isEdge || ring == 0 ? 1 : 2 * ring
      for c in stride(from: column - ring, through: column + ring, by: step)
      where c >= 0 && c < side {
        for member in starts[r * side + c]..<starts[r * side + c + 1] {
          body(Int(members[member]))
        }
      }
    }
  }

  private func insert(
    _ entry: (square: Double, index: Int), into found: inout [(square: Double, index: Int)],
    limit: Int
  ) {
    if found.count == limit {
      guard entry < found[limit - 1] else { return }
      found.removeLast()
    }
    var place = found.count
    while place > 0, entry < found[place - 1] { place -= 1 }
    found.insert(entry, at: place)
  }
}
