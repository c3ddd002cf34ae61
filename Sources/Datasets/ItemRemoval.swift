import LinearAlgebra

extension FeatureDataset {
  /// Without `items`, which leave every modality, the classes and the interactions; the others are
  /// numbered anew in their old order.
  ///
  /// Features are what they would be had the items never been there. Neighbour lists are not: a
  /// list that named a removed item cannot know who came next, so all lists of that modality are
  /// cut to the shortest that is left, which a note tells. Two entries, the item itself and a
  /// neighbour, are the least.
  ///
  /// - Parameters:
  ///   - items: Any of `0..<itemCount`; this data set comes back as it is when there are none.
  ///   - reason: What the note says of them, `with a row of zeros`.
  /// - Throws: ``FeatureProblem/listsTooShort(modality:items:row:left:)`` inside
  ///   ``DatasetError/features(_:)``.
  /// - Precondition: `items` are items of this data set.
  /// - Complexity: O(n·d), one copy of the features.
  public func removing(
    items: Set<Int>, because reason: String
  ) throws(DatasetError) -> FeatureDataset {
    guard let first = items.min(), let last = items.max() else { return self }
    precondition(
      first >= 0 && last < itemCount, "items \(first)...\(last) of \(itemCount) cannot leave")
    var result = try keeping((0..<itemCount).filter { !items.contains($0) })
    result.notes.insert(
      "dropped \(items.count) of \(itemCount) items \(reason) (first: item \(first))",
      at: notes.count)
    return result
  }

  /// The items at `kept` (ascending) alone, which become items 0, 1, …, as
  /// ``removing(items:because:)`` of all others without its note.
  package func keeping(_ kept: [Int]) throws(DatasetError) -> FeatureDataset {
    var result = self
    for (place, modality) in modalities.enumerated() {
      switch modality {
      case .features(var features):
        features.matrix = features.matrix.rows(kept)
        result.modalities[place] = .features(features)
      case .neighbors(let lists):
        let shortened = try lists.keepingItems(kept, source: modality.source)
        result.modalities[place] = .neighbors(shortened)
        if shortened.width < lists.width {
          result.notes.append(
            "cut the neighbour lists of \(lists.modality) from \(lists.width) to "
              + "\(shortened.width) entries, the shortest being that long without those items")
        }
      }
    }
    result.itemCount = kept.count
    result.classes = classes?.keepingItems(kept)
    result.interactions = interactions?.keepingItems(kept)
    return result
  }
}

extension PrecomputedNeighbors {
  /// The lists of the items at `kept` (ascending), which become items 0, 1, …, with those items
  /// only, each as long as the shortest.
  fileprivate func keepingItems(
    _ kept: [Int], source: String
  ) throws(DatasetError) -> PrecomputedNeighbors {
    var newIDs = [Int32](repeating: -1, count: items)
    for (new, old) in kept.enumerated() { newIDs[old] = Int32(new) }
    let places = kept.map { row in
      (row * width..<(row + 1) * width).filter { newIDs[Int(indices[$0])] >= 0 }
    }
    var shortest = width
    for (row, left) in zip(kept, places) where left.count < shortest {
      shortest = left.count
      guard shortest >= 2 else {
        throw .features(
          .listsTooShort(
            modality: source, items: items - kept.count, row: row, left: left.count))
      }
    }
    let chosen = places.flatMap { $0.prefix(shortest) }
    return PrecomputedNeighbors(
      modality: modality, items: kept.count, width: shortest,
      indices: chosen.map { newIDs[Int(indices[$0])] }, cosines: chosen.map { cosines[$0] },
      path: path)
  }
}
