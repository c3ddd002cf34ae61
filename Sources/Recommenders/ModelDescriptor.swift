import Autodiff
import Datasets
import Statistics

/// What a model is built from.
public struct ModelInput: Sendable {
  public let userCount: Int
  public let itemCount: Int
  /// User of each training interaction.
  public let trainingUsers: [Int32]
  /// Item of each training interaction.
  public let trainingItems: [Int32]
  /// The items' modalities; the visual one first.
  public let modalities: [Modality]

  public init(
    userCount: Int, itemCount: Int, trainingUsers: [Int32], trainingItems: [Int32],
    modalities: [Modality]
  ) {
    self.userCount = userCount
    self.itemCount = itemCount
    self.trainingUsers = trainingUsers
    self.trainingItems = trainingItems
    self.modalities = modalities
  }
}

extension ModelInput {
  /// The modalities that come as features.
  var availableFeatures: [FeatureMatrix] {
    modalities.compactMap {
      if case .features(let features) = $0 { features } else { nil }
    }
  }

  /// The features of every modality, of which a model needs `count` or more.
  ///
  /// - Throws: ``ModelError``.
  func features(for model: ModelDescriptor, atLeast count: Int) throws(ModelError)
    -> [FeatureMatrix]
  {
    for case .neighbors(let lists) in modalities {
      throw .needsFeatures(model: model.title, modality: lists.modality)
    }
    guard modalities.count >= count else {
      throw .needsModalities(
        model: model.title, count: count, available: modalities.map(\.name))
    }
    return availableFeatures
  }
}

/// How the batches of a model are drawn.
public enum TripleSampling: Sendable, Equatable {
  /// Every training interaction once an epoch, with one negative that occurs in training.
  case interactions
  /// Batches of different users, each with one of the own items and one of all the others; an
  /// epoch has ⌊E/B⌋ + 1 of them, for E interactions and B triples in a batch.
  case distinctUsers
}

/// A model as the catalog lists it: all that a trainer knows of it.
public struct ModelDescriptor: Sendable {
  /// What it is called on the command line, such as `lightgcn`.
  public let name: String
  /// What it is called in print, such as `LightGCN`.
  public let title: String
  /// The key of its paper.
  public let reference: String
  /// Its keys, beyond those of the protocol; a key of the protocol here changes its default.
  public let hyperParameters: [HyperParameter]
  /// Whether it has modality embeddings that a projection may act on.
  public let takesProjection: Bool
  /// The projection it has unless told otherwise.
  public let defaultProjection: ProjectionOptions?
  /// How its optimizer works.
  public let optimizer: Adam.Options
  /// How its batches are drawn.
  public let sampling: TripleSampling
  /// Builds it. Throws ``ModelError`` when the data set lacks what it needs.
  public let make:
    @Sendable (ModelInput, HyperParameters, ProjectionOptions?, RandomStreams) throws
      -> any Recommender

  public init(
    name: String, title: String, reference: String, hyperParameters: [HyperParameter],
    takesProjection: Bool, defaultProjection: ProjectionOptions? = nil,
    optimizer: Adam.Options = Adam.Options(), sampling: TripleSampling = .interactions,
    make: @escaping @Sendable (
      ModelInput, HyperParameters, ProjectionOptions?, RandomStreams
    ) throws -> any Recommender
  ) {
    self.name = name
    self.title = title
    self.reference = reference
    self.hyperParameters = hyperParameters
    self.takesProjection = takesProjection
    self.defaultProjection = defaultProjection
    self.optimizer = optimizer
    self.sampling = sampling
    self.make = make
  }
}

