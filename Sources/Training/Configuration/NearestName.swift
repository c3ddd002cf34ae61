/// Finds what somebody who misspelt a name meant.
package enum NearestName {
  /// The name at the smallest Levenshtein distance from `text`, upper and lower case alike; the
  /// first of several. Nil if there are no names.
  ///
  /// - Complexity: O(length of text × total length of names), the text cut after 64 letters.
  package static func nearest(to text: String, among names: [String]) -> String? {
    let text = Array(text.lowercased().prefix(64))
    return names.map { ($0, distance(text, Array($0.lowercased()))) }.min { $0.1 < $1.1 }?.0
  }

  /// Number of insertions, deletions and replacements of one letter that turn `a` into `b`.
  package static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
