// swift-tools-version: 6.1
import PackageDescription

/// The notebooks, in reading order; each is a program of its own.
let notebooks = [
  "01_retrieval_overlap", "02_covariance_spectrum", "03_joint_maps", "04_theorems",
  "05_audit_a_data_set", "06_published_baselines", "07_figure_3", "08_table_2", "09_table_3",
  "10_table_4", "11_figure_4", "12_audits_of_real_data",
]

/// A Swift module and its tests, which may also use `testing` (modules above it, for worlds) and
/// read reference values from a folder `Fixtures`.
func module(
  _ name: String, _ dependencies: [String], products: [Target.Dependency] = [],
  testing: [String] = [], hasFixtures: Bool = false, exclude: [String] = []
) -> [Target] {
  let all = dependencies.map { Target.Dependency(stringLiteral: $0) } + products
  let extra = testing.map { Target.Dependency(stringLiteral: $0) }
  return [
    .target(name: name, dependencies: all, exclude: exclude),
    .testTarget(
      name: "\(name)Tests", dependencies: all + extra + [.target(name: name)],
      exclude: hasFixtures ? ["Fixtures"] : []),
  ]
}

let package = Package(
  name: "clear-redundancy",
  products: [
    .library(
      name: "Redundancy",
      targets: [
        "LinearAlgebra", "Statistics", "Neighbors", "Datasets", "Information", "Redundancy",
        "DataQuality", "Calibration", "ProjectionCost", "NeighborEmbedding",
      ])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C libraries: one Swift module imports each, no C type leaves it.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CVectorKernels"),
    .target(
      name: "CGnuplot",
      linkerSettings: ["boost_iostreams", "boost_filesystem", "boost_system"].map {
        .linkedLibrary($0)
      }),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
    .target(name: "CAutodiff"),
    .target(name: "CNeighborEmbedding", linkerSettings: [.linkedLibrary("kissfft-float")]),
  ]
    // The house, from the ground up.
    + module("LinearAlgebra", ["COpenBLAS", "CVectorKernels"], testing: ["Statistics"])
    + module("Statistics", ["LinearAlgebra"], hasFixtures: true)
    + module("Neighbors", ["LinearAlgebra"], testing: ["Statistics"])
    + module("Datasets", ["LinearAlgebra", "Statistics", "COpenSSL"], hasFixtures: true)
    + module("Information", ["LinearAlgebra", "Statistics"], hasFixtures: true)
    + module(
      "Redundancy", ["LinearAlgebra", "Statistics", "Neighbors", "Datasets", "Information"],
      hasFixtures: true)
    + module("DataQuality", ["LinearAlgebra", "Statistics", "Neighbors", "Datasets"])
    + module(
      "Calibration", ["LinearAlgebra", "Statistics", "Neighbors", "Datasets", "Redundancy"])
    + module(
      "ProjectionCost", ["LinearAlgebra", "Statistics", "Neighbors", "Datasets", "Redundancy"],
      hasFixtures: true)
    + module(
      "NeighborEmbedding", ["LinearAlgebra", "Statistics", "CNeighborEmbedding"],
      hasFixtures: true)
    + module("Autodiff", ["LinearAlgebra", "CAutodiff"], testing: ["Statistics"])
    + module(
      "Recommenders",
      ["LinearAlgebra", "Statistics", "Neighbors", "Datasets", "Redundancy", "Autodiff"])
    + module(
      "Training",
      [
        "LinearAlgebra", "Statistics", "Neighbors", "Datasets", "Redundancy", "Autodiff",
        "Recommenders",
      ],
      products: [.product(name: "Yams", package: "Yams")])
    + module("Figures", ["CGnuplot", "CPNG"])
    + module(
      "Experiments",
      ["CommandSupport", "Datasets", "Figures", "Recommenders", "Statistics", "Training"])
    + module(
      "Audit",
      [
        "LinearAlgebra", "Statistics", "Neighbors", "Datasets", "Information", "Redundancy",
        "DataQuality", "Calibration", "ProjectionCost", "NeighborEmbedding", "Training",
      ],
      products: [.product(name: "Yams", package: "Yams")])
    + module(
      "CommandSupport", ["LinearAlgebra"],
      products: [.product(name: "ArgumentParser", package: "swift-argument-parser")])
    + module(
      "Reporting",
      [
        "Audit", "Calibration", "DataQuality", "Datasets", "Figures", "Information",
        "LinearAlgebra", "ProjectionCost", "Redundancy", "Statistics",
      ],
      exclude: ["Schema"])
    // Programs.
    + [
      .executableTarget(
        name: "redundancy-report",
        dependencies: [
          "Audit", "CommandSupport", "Datasets", "Figures", "Information", "LinearAlgebra",
          "NeighborEmbedding", "Neighbors", "Redundancy", "Reporting",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Sources/RedundancyReportCommand"),
      .testTarget(
        name: "RedundancyReportCommandTests",
        dependencies: [
          "redundancy-report", "CommandTestSupport", "Datasets", "LinearAlgebra", "Redundancy",
        ]),
      .executableTarget(
        name: "clear-trainer",
        dependencies: [
          "Autodiff", "CommandSupport", "Datasets", "Experiments", "Figures", "LinearAlgebra",
          "Neighbors", "Recommenders", "Redundancy", "Statistics", "Training",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Sources/ClearTrainerCommand"),
      .testTarget(
        name: "ClearTrainerCommandTests",
        dependencies: [
          "clear-trainer", "CommandSupport", "CommandTestSupport", "Datasets", "Experiments",
          "LinearAlgebra", "Recommenders", "Training",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),
      .executableTarget(
        name: "benchmarks",
        dependencies: [
          "Autodiff", "CommandSupport", "Datasets", "LinearAlgebra", "NeighborEmbedding",
          "Neighbors", "Redundancy", "Statistics",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Sources/Benchmarks"),
    ]
    // What the tests of both commands share.
    + [.target(name: "CommandTestSupport", path: "Tests/CommandTestSupport")]
    + module(
      "NotebookSupport",
      ["Datasets", "Experiments", "Figures", "Recommenders", "Reporting", "Training"],
      products: [.product(name: "ArgumentParser", package: "swift-argument-parser")],
      testing: ["01_retrieval_overlap", "CommandTestSupport"])
    + notebooks.map { name in
      .executableTarget(
        name: name,
        dependencies: [
          "Audit", "Calibration", "Datasets", "Experiments", "Figures", "LinearAlgebra",
          "NeighborEmbedding",
          "Neighbors", "NotebookSupport", "Redundancy", "Statistics", "Training",
        ],
        path: "notebooks-as-scripts",
        exclude: notebooks.filter { $0 != name }.map { "\($0).swift" },
        sources: ["\(name).swift"])
    },
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11,
  cxxLanguageStandard: .cxx17
)
