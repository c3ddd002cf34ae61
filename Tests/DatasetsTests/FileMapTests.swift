import Datasets
import Foundation
import Testing

@Suite("File maps")
struct FileMapTests {
  /// Pages of this process that are in memory.
  private func residentPages() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return try #require(Int(fields[2]))
  }

  @Test(arguments: [0..<100, 4095..<4097, 5000..<300_000, 0..<300_000])
  func `have the same bytes after they were released`(part: Range<Int>) throws {
    let work = try Workdir()
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    let map = try FileMap(path: work.write(bytes, to: "x"))
    map.withBytes { mapped in
      #expect(mapped.elementsEqual(bytes))
      map.release(UnsafeRawBufferPointer(rebasing: mapped[part]))
      #expect(mapped.elementsEqual(bytes))
    }
  }

  @Test func `take no memory once they are released`() throws {
    let work = try Workdir()
    let count = 64 << 20
    let map = try FileMap(path: work.write([UInt8](repeating: 3, count: count), to: "x"))
    try map.withBytes { mapped in
      #expect(mapped.reduce(0) { $0 &+ Int($1) } == 3 * count)
      let before = try residentPages()
      map.release(mapped)
      // Other tests run beside this one: half of the pages is far beyond what they move.
      #expect(try before - residentPages() > count / 4096 / 2)
    }
  }
}
