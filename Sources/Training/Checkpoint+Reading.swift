import Autodiff
import Datasets
import LinearAlgebra
import Recommenders
import Redundancy

extension Checkpoint {
  /// Reads the header alone, which is quick whatever the size of the file.
  ///
  /// - Throws: ``CheckpointError``, ``DatasetError``.
  public static func header(at path: String) throws -> CheckpointHeader {
    try CheckpointHeader(SafetensorsFile.metadata(at: path), path: path)
  }

  /// Reads the file.
  ///
  /// - Throws: ``CheckpointError`` when it is no checkpoint or a damaged one, ``DatasetError`` when
  ///   it is no tensor file or cannot be read.
  public static func read(from path: String) throws -> Checkpoint {
    let archive = try SafetensorsArchive(path: path)
    let header = try CheckpointHeader(archive.metadata, path: path)
    var checkpoint = Checkpoint(header: header, parameters: [:])
    for name in archive.names(under: "parameter/") {
      checkpoint.parameters[name] = .matrix(try archive.table("parameter/\(name)"))
    }
    for name in archive.names(under: "buffer/") {
      checkpoint.buffers[name] = .matrix(try archive.table("buffer/\(name)"))
    }
    if header.stepCount != nil {
      // A parameter that has had no gradient has no moments.
      for (name, table) in checkpoint.parameters where archive.has("adam.first/\(name)") {
        let shape = table.matrix.shape
        checkpoint.moments[name] = Moments(
          first: .matrix(try archive.table("adam.first/\(name)", shape: shape)),
          second: .matrix(try archive.table("adam.second/\(name)", shape: shape)))
      }
    }
    var itemCount: Int?
    for name in header.modalities {
      let modality = try archive.modality(name, rank: header.projection?.rank, items: itemCount)
      itemCount = modality.before.rowCount
      checkpoint.modalities[name] = modality
    }
    if header.projection != nil, let name = header.modalities.first,
      checkpoint.modalities.values.allSatisfy({ $0.projection == nil })
    {
      throw CheckpointError.missingTensor(path: path, tensor: "projection/\(name)")
    }
    return checkpoint
  }

  /// Throws unless the checkpoint is of this model on this data set.
  ///
  /// - Parameters:
  ///   - digest: The digest of the data set's inputs as they are now.
  ///   - path: The file, for the message.
  public func requireOrigin(
    model: String, dataset: String, digest: String, path: String
  ) throws(CheckpointError) {
    guard header.model == model else {
      throw .otherModel(path: path, found: header.model, expected: model)
    }
    guard header.dataset == dataset else {
      throw .otherDataset(path: path, found: header.dataset, expected: dataset)
    }
    guard header.digest == digest else {
      throw .otherContents(path: path, dataset: dataset, found: header.digest, expected: digest)
    }
  }

  /// Gives `model` the checkpoint's parameters, buffers and projection.
  ///
  /// Nothing is changed unless all names and shapes agree.
  ///
  /// - Parameter path: The file, for the message.
  /// - Throws: ``CheckpointError/missingTensor(path:tensor:)``,
  ///   ``CheckpointError/surplusTensor(path:tensor:)``,
  ///   ``CheckpointError/wrongShape(path:tensor:found:expected:)``,
  ///   ``CheckpointError/metadata(path:key:found:expected:)``.
  public func restore(_ model: any Recommender, path: String) throws {
    let parameters = try pairs(
      model.allParameters.map { ($0.name, $0.tensor) }, with: self.parameters,
      under: "parameter/", path: path)
    let buffers = try pairs(
      model.buffers.map { ($0.name, $0.tensor) }, with: self.buffers, under: "buffer/", path: path)
    let projection = try projection(for: model, path: path)
    for (tensor, matrix) in parameters + buffers { tensor.assign(matrix) }
    if let (projection, means) = projection {
      model.projector?.restore(projection, means: means)
    }
  }

  /// Each of a model's tables with the checkpoint's.
  private func pairs(
    _ tables: [(name: String, tensor: Tensor)], with found: [String: CheckpointTable],
    under prefix: String, path: String
  ) throws(CheckpointError) -> [(tensor: Tensor, matrix: Matrix<Float>)] {
    var pairs: [(tensor: Tensor, matrix: Matrix<Float>)] = []
    for (name, tensor) in tables {
      guard let matrix = found[name]?.matrix else {
        throw .missingTensor(path: path, tensor: prefix + name)
      }
      let expected = [tensor.rowCount, tensor.columnCount]
      guard matrix.shape == expected else {
        throw .wrongShape(
          path: path, tensor: prefix + name, found: matrix.shape, expected: expected)
      }
      pairs.append((tensor, matrix))
    }
    let known = Set(tables.map(\.name))
    if let surplus = found.keys.filter({ !known.contains($0) }).min() {
      throw .surplusTensor(path: path, tensor: prefix + surplus)
    }
    return pairs
  }

  /// The projection in force, for the widths of the model's modality embeddings, and the means
  /// that belong to it.
  private func projection(
    for model: any Recommender, path: String
  ) throws -> (NullSpaceProjection, means: [Matrix<Float>]?)? {
    let embeddings = model.modalityEmbeddings()
    guard header.modalities == embeddings.map(\.name) else {
      throw CheckpointError.metadata(
        path: path, key: "modalities", found: header.modalities.joined(separator: ","),
        expected: embeddings.map(\.name).joined(separator: ",").debugDescription)
    }
    guard let projection = header.projection, model.projector != nil else { return nil }
    let width = embeddings.map(\.before.columnCount).min() ?? 0
    guard projection.rank <= width else {
      throw CheckpointError.metadata(
        path: path, key: "rank", found: String(projection.rank),
        expected: "a whole number from 1 to \(width)")
    }
    let bases = try embeddings.map { embedding in
      let tensor = "basis/\(embedding.name)"
      guard let basis = modalities[embedding.name]?.projection?.basis else {
        throw CheckpointError.missingTensor(path: path, tensor: tensor)
      }
      let expected = [embedding.before.columnCount, projection.rank]
      guard basis.shape == expected else {
        throw CheckpointError.wrongShape(
          path: path, tensor: tensor, found: basis.shape, expected: expected)
      }
      return Matrix<Double>(basis)
    }
    let means = embeddings.compactMap { modalities[$0.name]?.projection?.mean }
    return (
      try NullSpaceProjection(bases: bases, strength: projection.strength),
      means.count == bases.count ? means : nil
    )
  }
}

extension SafetensorsArchive {
  fileprivate func has(_ name: String) -> Bool { shape(of: name) != nil }

  /// What follows `prefix` in the names that start with it, sorted.
  fileprivate func names(under prefix: String) -> [String] {
    names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }

  /// The values of a tensor, all finite; a nil in `shape` takes any size.
  fileprivate func table(_ name: String, shape: [Int?] = [nil, nil]) throws -> Matrix<Float> {
    guard let found = self.shape(of: name) else {
      throw CheckpointError.missingTensor(path: path, tensor: name)
    }
    let agrees =
      found.count == shape.count && zip(found, shape).allSatisfy { $1 == nil || $0 == $1 }
    guard agrees else {
      throw CheckpointError.wrongShape(
        path: path, tensor: name, found: found,
        expected: zip(shape, found + [1, 1]).map { $0 ?? $1 })
    }
    let matrix = try matrix(name)
    if let index = matrix.elements.firstIndex(where: { !$0.isFinite }) {
      throw CheckpointError.nonFinite(
        path: path, tensor: name, row: index / matrix.columnCount,
        column: index % matrix.columnCount)
    }
    return matrix
  }

  fileprivate func modality(
    _ name: String, rank: Int?, items: Int?
  ) throws -> Checkpoint.Modality {
    let before = try table("features.before/\(name)", shape: [items, nil])
    let width = before.columnCount
    let after = try table("features.after/\(name)", shape: before.shape)
    var projection: Checkpoint.Projection?
    // A projection may act on one modality alone.
    if let rank, shape(of: "projection/\(name)") != nil {
      projection = Checkpoint.Projection(
        matrix: try table("projection/\(name)", shape: [width, width]),
        basis: try table("basis/\(name)", shape: [width, rank]),
        mean: has("mean/\(name)") ? try table("mean/\(name)", shape: [1, width]) : nil)
    }
    return Checkpoint.Modality(before: before, after: after, projection: projection)
  }
}

extension Matrix {
  fileprivate var shape: [Int] { [rowCount, columnCount] }
}
