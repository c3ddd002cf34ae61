import LinearAlgebra

/// The final lists: candidates of one screening after the other in double-precision order, copies
/// of a row put back, and what no screening settles from all cosines in double precision.
func neighborLists(
  _ cosines: Cosines, count: Int, anchors: [Int]?, scored: Int, screenings: [Screening],
  progress: (@Sendable (Double) -> Void)?
) -> NeighborLists {
  let all = anchors ?? Array(0..<cosines.features.rowCount)
  guard !all.isEmpty else {
    return NeighborLists(anchors: [], width: count, indices: [], scores: [])
  }
  var indices = [Int32](repeating: 0, count: all.count * count)
  var scores = [Float](repeating: 0, count: all.count * count)
  indices.withUnsafeMutableBufferPointer { indices in
    scores.withUnsafeMutableBufferPointer { scores in
      let output = ListOutput(
        count: count, indices: SharedBuffer(indices), scores: SharedBuffer(scores))
      let usable = screenings.filter { $0 != .split || cosines.isCoarse }
      var open = Array(all.indices)
      for (step, screening) in usable.enumerated() {
        // Few anchors cost less without another screening.
        if step > 0, open.count <= 32 { break }
        open = settle(
          open, of: all, isSample: anchors != nil || step > 0, cosines, screening, scored: scored,
          output, progress: step == 0 ? progress : nil)
      }
      rankFully(open, anchors: all, cosines, output)
    }
  }
  return NeighborLists(anchors: all, width: count, indices: indices, scores: scores)
}

/// Writes the lists of the anchors at `positions` and returns the positions of those which the
/// screening leaves open.
private func settle(
  _ positions: [Int], of anchors: [Int], isSample: Bool, _ cosines: Cosines,
  _ screening: Screening, scored: Int, _ output: ListOutput, progress: (@Sendable (Double) -> Void)?
) -> [Int] {
  // One survivor more for the anchor itself, and some to tell whether the last place is settled.
  let kept = output.count + 1 + 16 + output.count / 8
  let candidates = screenedCandidates(
    cosines, screening, anchors: isSample ? positions.map { anchors[$0] } : nil, kept: kept,
    progress: progress)
  let isComplete = kept >= cosines.duplicates.distinctCount
  // The anchor's own content stands in the ranking too.
  let rescored = screening == .split && scored > 0 ? scored + 1 : 0
  let grid = BlockGrid(count: positions.count, size: 64)
  return Parallel.map(grid.blockCount) { block in
    grid.range(block).compactMap { index in
      let position = positions[index]
      let anchor = anchors[position]
      let row = isSample ? index : Int(cosines.duplicates.representatives[anchor])
      guard
        let ranking = settledRanking(
          candidates.best(ofRow: row), isComplete: isComplete, cosines,
          resolution: cosines.resolution(screening), anchor: anchor, count: output.count,
          rescored: rescored)
      else { return position }
      output.write(ranking, position: position, anchor: anchor, cosines.duplicates)
      return nil
    }
  }.flatMap { $0 }
}

/// A content and its cosine with the anchor.
private struct Ranked {
  let score: Double
  let content: Int

  static func precedes(_ a: Ranked, _ b: Ranked) -> Bool {
    a.score != b.score ? a.score > b.score : a.content < b.content
  }
}

/// The candidates in exact order, the first `rescored` with scores in double precision, or nil when
/// the place where the list ends cannot be settled among them.
private func settledRanking(
  _ best: [CandidateBuffers.Candidate], isComplete: Bool, _ cosines: Cosines, resolution: Double,
  anchor: Int, count: Int, rescored: Int
) -> [Ranked]? {
  /// Whether the screening leaves open which of two adjacent scores is the larger.
  func isOpen(_ higher: Float, _ lower: Float) -> Bool {
    let scale = cosines.isNonnegative ? Double(higher) : 1
    return Double(higher) - Double(lower) <= resolution * scale
  }
  var ranking: [Ranked] = []
  ranking.reserveCapacity(best.count)
  // The anchor's own content stands in the ranking too, and is no neighbour unless it has copies.
  let needed = count + 1
  var start = 0
  return cosines.features.elements.withUnsafeBufferPointer { elements in
    guard let elements = elements.baseAddress else { return nil }
    while start < best.count, ranking.count < needed {
      var end = start + 1
      while end < best.count, isOpen(best[end - 1].score, best[end].score) { end += 1 }
      // Most scores stand alone; only a run needs the features.
      if end == start + 1, end < best.count || isComplete {
        let (score, content) = (best[start].score, best[start].index)
        ranking.append(
          Ranked(
            score: ranking.count < rescored && !cosines.isExact(score, anchor: anchor)
              ? cosines.cosine(anchor, content, elements) : Double(score),
            content: content))
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
