import Datasets
import LinearAlgebra

/// A pair of matrices as the data set that an audit takes.
func dataset(
  _ first: Matrix<Float>, _ second: Matrix<Float>, classes: [Int]? = nil
) throws -> FeatureDataset {
  try FeatureDataset(
    name: "world",
    modalities: [
      .features(FeatureMatrix(name: "image", generated: first)),
      .features(FeatureMatrix(name: "text", generated: second)),
    ],
    classes: classes.map { ItemClasses(ids: $0, names: nil, description: "planted classes") },
    digests: [:])
}
