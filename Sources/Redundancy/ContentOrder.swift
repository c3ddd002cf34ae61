import LinearAlgebra
import Statistics

/// The rows of a cloud in a random order that depends on what the rows hold and not on where they
/// stand, so that samples and folds taken from it do not change when rows are shuffled.
///
/// A row comes by a seeded hash of its elements. Equal rows are numbered, and each number has a
/// place of its own: a sample takes its share of a repeated row.
///
/// - Complexity: O(n·d + n log n), in parallel over blocks of rows.
package func contentOrder(
  _ cloud: Matrix<Float>, purpose: String, streams: RandomStreams
) -> [Int] {
  var generator = streams.generator(for: purpose)
  let start = generator.next()
  let grid = BlockGrid(count: cloud.rowCount, size: 256)
  let hashes = Parallel.map(grid.blockCount) { block in
    grid.range(block).map { row in
      cloud.row(row).reduce(start) { hash, element in
        // Both zeros are one value.
        (hash ^ UInt64((element + 0).bitPattern)) &* 0x0000_0100_0000_01B3
      }
    }
  }.flatMap(\.self)
  var occurrences: [UInt64: Int] = [:]
  let keys = hashes.map { hash in
    occurrences[hash, default: 0] += 1
    var generator = RandomStreams(seed: hash).generator(
      for: "occurrence", item: occurrences[hash, default: 0])
    return generator.next()
  }
  return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
}
