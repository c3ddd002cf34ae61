/// What is wrong with neighbour lists. Rows and columns count from 0.
public enum NeighborProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// Ids and cosines differ in shape.
  case shapesDiffer(ids: [Int], cosines: [Int])
  /// Lists of one neighbour, which is the item itself.
  case tooNarrow(width: Int)
  /// An id that is no item.
  case idOutOfRange(row: Int, column: Int, id: Int, items: Int)
  /// The same neighbour twice in a list.
  case repeated(row: Int, id: Int)
  /// A cosine that is not in −1...1.
  case badCosine(row: Int, column: Int)
  /// A list that is not in order of decreasing cosine.
  case unsorted(row: Int, column: Int)

  public var description: String {
    switch self {
    case .shapesDiffer(let ids, let cosines):
      "holds \(ids[0]) x \(ids[1]) neighbour ids, its file of cosines \(cosines[0]) x "
        + "\(cosines[1]); both need one row per item and one column per neighbour"
    case .tooNarrow(let width):
      "lists \(width) neighbour per item; two or more are needed, the first being the item itself"
    case .idOutOfRange(let row, let column, let id, let items):
      "row \(row), column \(column) names neighbour \(id), but there are \(items) items; "
        + "ids count from 0"
    case .repeated(let row, let id):
      "row \(row) lists neighbour \(id) twice; list each neighbour once"
    case .badCosine(let row, let column):
      "row \(row), column \(column) has a cosine outside -1...1; compute it from normalised rows"
    case .unsorted(let row, let column):
      "row \(row) has a larger cosine at column \(column) than before it; "
        + "list neighbours by decreasing cosine"
    }
  }
}

/// Nearest neighbours by cosine that someone else has computed, without the features behind them.
public struct PrecomputedNeighbors: Sendable, Equatable {
  /// The modality's name, such as `image`.
  public let modality: String
  /// Number of items; row i is the list of item i.
  public let items: Int
  /// Neighbours per item.
  public let width: Int
  /// Neighbour ids, `width` per item, in the order of the file: decreasing cosine, usually the item
  /// itself first.
  public let indices: [Int32]
  /// Cosine of each neighbour.
  public let cosines: [Float]
  /// The file of ids.
  public let path: String

  /// Takes over lists that are known to be valid.
  ///
  /// - Precondition: `items * width` ids and cosines.
  public init(
    modality: String, items: Int, width: Int, indices: [Int32], cosines: [Float], path: String
  ) {
    precondition(
      indices.count == items * width && cosines.count == indices.count,
      "\(items) lists of \(width) need \(items * width) entries")
    self.modality = modality
    self.items = items
    self.width = width
    self.indices = indices
    self.cosines = cosines
    self.path = path
  }

  /// Reads and checks a file of ids and its file of cosines.
  ///
  /// - Throws: ``DatasetError/neighbors(path:_:)``, ``DatasetError/array(path:_:)``,
  ///   ``DatasetError/fileNotFound(path:)``, ``DatasetError/unreadable(path:reason:)``.
  /// - Complexity: O(items · width²).
  public static func read(
    modality: String, idsAt idsPath: String, cosinesAt cosinesPath: String
  ) throws -> PrecomputedNeighbors {
    let ids = try NPYFile.readInt32Matrix(at: idsPath)
    let cosines = try NPYFile.readMatrix(at: cosinesPath).matrix
    guard ids.rowCount == cosines.rowCount, ids.columnCount == cosines.columnCount else {
      throw DatasetError.neighbors(
        path: idsPath,
        .shapesDiffer(
          ids: [ids.rowCount, ids.columnCount],
          cosines: [cosines.rowCount, cosines.columnCount]))
    }
    guard ids.columnCount >= 2 else {
      throw DatasetError.neighbors(path: idsPath, .tooNarrow(width: ids.columnCount))
    }
    let lists = PrecomputedNeighbors(
      modality: modality, items: ids.rowCount, width: ids.columnCount, indices: ids.values,
      cosines: cosines.elements, path: idsPath)
    if let (problem, isAboutCosines) = lists.firstProblem() {
      throw DatasetError.neighbors(path: isAboutCosines ? cosinesPath : idsPath, problem)
    }
    return lists
  }

  private func firstProblem() -> (NeighborProblem, isAboutCosines: Bool)? {
    // Cosines recovered from other quantities carry single-precision error.
    let slack: Float = 1e-6
    for row in 0..<items {
      let start = row * width
      for column in 0..<width {
        let id = indices[start + column]
        let cosine = cosines[start + column]
        guard id >= 0, id < items else {
          return (.idOutOfRange(row: row, column: column, id: Int(id), items: items), false)
        }
        guard abs(cosine) <= 1 + slack else {
          return (.badCosine(row: row, column: column), true)
        }
        if column > 0, cosine > cosines[start + column - 1] + slack {
          return (.unsorted(row: row, column: column), true)
        }
        if indices[start..<start + column].contains(id) {
          return (.repeated(row: row, id: Int(id)), false)
        }
      }
    }
    return nil
  }

  /// The lists without the item itself, one neighbour shorter, equal cosines by lower id.
  ///
  /// A list that does not name its own item (more neighbours tie at the top than it can hold)
  /// loses its last entry.
  ///
  /// - Precondition: the lists hold at least two neighbours.
  public func removingSelf() -> PrecomputedNeighbors {
    precondition(width >= 2, "lists of \(width) have nothing left without the item itself")
    var ids: [Int32] = []
    var scores: [Float] = []
    ids.reserveCapacity(items * (width - 1))
    scores.reserveCapacity(items * (width - 1))
    for row in 0..<items {
      let others = (row * width..<(row + 1) * width).filter { indices[$0] != Int32(row) }
      let ordered = others.sorted {
        cosines[$0] != cosines[$1] ? cosines[$0] > cosines[$1] : indices[$0] < indices[$1]
      }
      for place in ordered.prefix(width - 1) {
        ids.append(indices[place])
        scores.append(cosines[place])
      }
    }
    return PrecomputedNeighbors(
      modality: modality, items: items, width: width - 1, indices: ids, cosines: scores,
      path: path)
  }
}
