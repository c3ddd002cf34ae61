import Foundation

/// What the files of a data set's folder stand for.
///
/// Three layouts are known. In the MMRec layout a modality is `<modality>_feat` with any suffix
/// that can be read. Where features are not available, `<modality>_knn<K>_idx.npy` and
/// `<modality>_knn<K>_cos.npy` hold its neighbours. In a folder with neither, every array but
/// labels and splits is a view of the items.
struct FolderContents {
  enum Source: Equatable {
    case features(file: String)
    case neighbors(ids: String, cosines: String)
  }

  /// Where each modality comes from.
  private(set) var sources: [String: Source] = [:]
  /// Files that stand for a modality which a preferred file already gives.
  private(set) var ignored: [String] = []

  /// Sorts the names of the files in a folder.
  init(files: [String]) {
    for suffix in FeatureFile.suffixes {
      for file in files.sorted() where file.hasSuffix("_feat.\(suffix)") {
        add(.features(file: file), as: String(file.dropLast("_feat.\(suffix)".count)), file: file)
      }
    }
    // The widest lists first: they answer every question that narrower ones do.
    let lists = files.compactMap { file in Self.neighborList(file).map { (file, $0) } }
      .sorted { ($1.1.width, $0.0) < ($0.1.width, $1.0) }
    for (file, list) in lists where files.contains(list.cosines) {
      add(.neighbors(ids: file, cosines: list.cosines), as: list.modality, file: file)
    }
    guard sources.isEmpty else { return }
    let others: Set = ["labels", "split", "user_graph_dict"]
    for suffix in ["npy", "safetensors"] {
      for file in files.sorted() where file.hasSuffix(".\(suffix)") {
        let name = String(file.dropLast(suffix.count + 1))
        // Half a pair of neighbour lists is no view.
        let isHalf = name.hasSuffix("_cos") || Self.neighborList(file) != nil
        if !others.contains(name), !isHalf, !name.isEmpty {
          add(.features(file: file), as: name, file: file)
        }
      }
    }
  }

  private mutating func add(_ source: Source, as modality: String, file: String) {
    guard !modality.isEmpty else { return }
    if sources[modality] == nil { sources[modality] = source } else { ignored.append(file) }
  }

  /// The parts of a name such as `image_knn10_idx.npy`.
  private static func neighborList(
    _ file: String
  ) -> (modality: String, width: Int, cosines: String)? {
    guard file.hasSuffix("_idx.npy"), let mark = file.range(of: "_knn", options: .backwards),
      let width = Int(file[mark.upperBound...].dropLast("_idx.npy".count))
    else { return nil }
    return (
      String(file[..<mark.lowerBound]), width, file.dropLast("_idx.npy".count) + "_cos.npy"
    )
  }
}
