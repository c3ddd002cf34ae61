import LinearAlgebra

/// The final lists: candidates in double-precision order, copies of a row put back.
func settledLists(
  _ cosines: Cosines, anchors: [Int], isSample: Bool, count: Int, kept: Int,
  candidates: CandidateBuffers
) -> NeighborLists {
  guard !anchors.isEmpty else {
    return NeighborLists(anchors: [], width: count, indices: [], scores: [])
  }
  var indices = [Int32](repeating: 0, count: anchors.count * count)
  var scores = [Float](repeating: 0, count: anchors.count * count)
  let grid = BlockGrid(count: anchors.count, size: 64)
  indices.withUnsafeMutableBufferPointer { indices in
    scores.withUnsafeMutableBufferPointer { scores in
      let output = ListOutput(
        count: count, indices: SharedBuffer(indices), scores: SharedBuffer(scores))
      let isComplete = kept >= cosines.duplicates.distinctCount
      let open = Parallel.map(grid.blockCount) { block in
        grid.range(block).filter { position in
          let anchor = anchors[position]
          let row = isSample ? position : Int(cosines.duplicates.representatives[anchor])
          let best = candidates.best(ofRow: row)
          guard
            let ranking = settledRanking(
              best, isComplete: isComplete, cosines, anchor: anchor, count: count)
          else { return true }
          output.write(ranking, position: position, anchor: anchor, cosines.duplicates)
          return false
        }
      }.flatMap { $0 }
      rankFully(open, anchors: anchors, cosines, output)
    }
  }
  return NeighborLists(anchors: anchors, width: count, indices: indices, scores: scores)
}

/// A content and its cosine with the anchor.
private struct Ranked {
  let score: Double
  let content: Int

  static func precedes(_ a: Ranked, _ b: Ranked) -> Bool {
    a.score != b.score ? a.score > b.score : a.content < b.content
  }
}

/// The candidates in exact order, or nil when the place where the list ends cannot be settled
/// among them.
private func settledRanking(
  _ best: [CandidateBuffers.Candidate], isComplete: Bool, _ cosines: Cosines, anchor: Int,
  count: Int
) -> [Ranked]? {
  var ranking: [Ranked] = []
  ranking.reserveCapacity(best.count)
  // The anchor's own content stands in the ranking too, and is no neighbour unless it has copies.
  let needed = count + 1
  var start = 0
  return cosines.features.elements.withUnsafeBufferPointer { elements in
    guard let elements = elements.baseAddress else { return nil }
    while start < best.count, ranking.count < needed {
      var end = start + 1
      while end < best.count, cosines.isOpen(best[end - 1].score, best[end].score) { end += 1 }
      // Most scores stand alone; only a run needs the features.
      if end == start + 1, end < best.count || isComplete {
        ranking.append(Ranked(score: Double(best[start].score), content: best[start].index))
        start = end
        continue
      }
      let run = best[start..<end]
      let isExact = run.allSatisfy { cosines.isExact($0.score, anchor: anchor) }
      // Beyond the last candidate a run may go on with contents that were not kept.
      if end == best.count, !isComplete, !isExact { return nil }
      if isExact {
        ranking += run.map { Ranked(score: Double($0.score), content: $0.index) }
      } else {
        ranking +=
          run.map {
            Ranked(score: cosines.cosine(anchor, $0.index, elements), content: $0.index)
          }.sorted(by: Ranked.precedes)
      }
      start = end
    }
    return ranking
  }
}

/// Ranks every content in double precision for the anchors at `positions`.
private func rankFully(
  _ positions: [Int], anchors: [Int], _ cosines: Cosines, _ output: ListOutput
) {
  let representatives = cosines.duplicates.representatives
  let contents = representatives.indices.filter { Int(representatives[$0]) == $0 }
  // Several anchors share each pass over the features, which memory bounds otherwise.
  let grid = BlockGrid(count: positions.count, size: 16)
  Parallel.forEach(grid.blockCount) { block in
    let group = positions[grid.range(block)]
    var rankings = group.map { _ in [Ranked]() }
    for index in rankings.indices { rankings[index].reserveCapacity(contents.count) }
    cosines.features.elements.withUnsafeBufferPointer { elements in
      guard let elements = elements.baseAddress else { return }
      for content in contents {
        for (index, position) in group.enumerated() {
          let score = cosines.cosine(anchors[position], content, elements)
          rankings[index].append(Ranked(score: score, content: content))
        }
      }
    }
    for (index, position) in group.enumerated() {
      let ranking = rankings[index].sorted(by: Ranked.precedes)
      output.write(
        ranking, position: position, anchor: anchors[position], cosines.duplicates)
    }
  }
}

private struct ListOutput: Sendable {
  let count: Int
  let indices: SharedBuffer<Int32>
  let scores: SharedBuffer<Float>

  /// Replaces contents by their items until the list is full; equal scores meet by lower index.
  func write(_ ranking: [Ranked], position: Int, anchor: Int, _ duplicates: DuplicateRows) {
    var written = 0
    var start = 0
    let target = position * count
    while start < ranking.count, written < count {
      let score = ranking[start].score
      var end = start + 1
      while end < ranking.count, ranking[end].score == score { end += 1 }
      if end == start + 1, let item = duplicates.onlyMember(of: ranking[start].content) {
        if item != anchor {
          put(item, score, at: target + written)
          written += 1
        }
        start = end
        continue
      }
      var items: [Int32] = []
      for entry in ranking[start..<end] {
        let content = Int32(entry.content)
        // One more than fits: the anchor may be among them.
        if let members = duplicates.members[content] {
          items += members.prefix(count + 1)
        } else {
          items.append(content)
        }
      }
      items.removeAll { Int($0) == anchor }
      items.sort()
      for item in items.prefix(count - written) {
        put(Int(item), score, at: target + written)
        written += 1
      }
      start = end
    }
  }

  private func put(_ item: Int, _ score: Double, at index: Int) {
    indices.base[index] = Int32(item)
    // Rounding can carry a cosine past 1.
    scores.base[index] = Float(min(max(score, -1), 1))
  }
}
