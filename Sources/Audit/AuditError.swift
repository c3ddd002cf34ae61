/// Why an audit cannot be done as it was asked for.
public enum AuditError: Error, Equatable, Sendable {
  /// A larger sample of anchors than there are items.
  case tooManyAnchors(count: Int, items: Int)
}

extension AuditError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooManyAnchors(let count, let items):
      "\(count) anchors were asked for, but there are \(items) items; choose --anchors up to "
        + "\(items), or leave it out to take all"
    }
  }
}
