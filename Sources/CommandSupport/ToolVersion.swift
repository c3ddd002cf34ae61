/// The version of the tools, as what they write carries it.
package enum ToolVersion {
  package static let current = "0.1.0"
}
