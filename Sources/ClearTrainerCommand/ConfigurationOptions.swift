import ArgumentParser

/// What is trained and how: the layers above the model's own defaults.
package struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Model to train. A configuration file may name it instead.", valueName: "name"))
  package var model: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Configuration files (YAML), as MMRec has them; later ones win.", valueName: "file"))
  package var config: [String] = []

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set a key, over all files; repeatable, the last one wins. A list [a,b] is searched over.",
      valueName: "key=value"))
  package var assignments: [String] = []

  @Option(
    name: .customLong("clear"),
    help: ArgumentHelp(
      "The CLEAR projection: rank=4,strength=0.9,interval=1, or off.", valueName: "options"))
  package var projection: String?

  @Option(help: ArgumentHelp("Seed of every random choice.", valueName: "n"))
  package var seed: UInt64?

  package init() {}

  package func validate() throws {
    for assignment in assignments where Self.split(assignment) == nil {
      throw ValidationError("--set takes key=value; got '\(assignment)'.")
    }
    if seed != nil, assignments.contains(where: { Self.split($0)?.key == "seed" }) {
      throw ValidationError("Give either --seed or --set seed=….")
    }
  }

  private static func split(_ assignment: String) -> (key: String, value: String)? {
    guard let mark = assignment.firstIndex(of: "="), mark > assignment.startIndex else {
      return nil
    }
    return (String(assignment[..<mark]), String(assignment[assignment.index(after: mark)...]))
  }
}
