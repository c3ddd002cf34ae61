import LinearAlgebra
import Recommenders
import Redundancy
import Testing

/// Checks that the projections of strength 0.9 found by a model are those of the two leading
/// directions that these features share; a modality without a projection is left out.
func checkProjections(
  _ found: [String: Plain], of image: Plain, _ text: Plain,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(!found.isEmpty, sourceLocation: sourceLocation)
  let bases = try plainSharedBases(image, text, rank: 2)
  for (name, basis) in zip(["image", "text"], bases) {
    guard let projection = found[name] else { continue }
    #expect(
      (plainProjection(basis, strength: 0.9) - projection).maximumMagnitude < 1e-5,
      "projection of \(name)", sourceLocation: sourceLocation)
  }
}

/// Checks that a model with the plug-in at strength 0 trains to the bits of the one without, and
/// at 0.9 to others.
func checkStrengthZeroIsBaseline(
  _ triples: Triples = TinyWorld.triples, sourceLocation: SourceLocation = #_sourceLocation,
  _ model: (ProjectionOptions?) throws -> any Recommender
) throws {
  func trained(_ strength: Double?) throws -> (parameters: [Matrix<Float>], scores: Matrix<Float>) {
    let model = try model(strength.map { ProjectionOptions(rank: 2, strength: $0) })
    return (try model.train(triples, steps: 5), model.scores)
  }
  let baseline = try trained(nil)
  #expect(try trained(0) == baseline, sourceLocation: sourceLocation)
  #expect(try trained(0.9) != baseline, sourceLocation: sourceLocation)
}
