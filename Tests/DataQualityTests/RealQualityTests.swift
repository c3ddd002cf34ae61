import DataQuality
import Datasets
import LinearAlgebra
import Neighbors
import Testing

@Suite("Quality of real data")
struct RealQualityTests {
  @Test(
    .enabled(if: RealData.exists("baby") && RealData.exists("sports"), "needs baby and sports"),
    arguments: [("baby", 63, 13, 13), ("sports", 180, 14, 14)])
  func `recovers the imputed items of the published lists`(
    name: String, images: Int, texts: Int, both: Int
  ) throws {
    let dataset = try DatasetFolder.load(name, in: RealData.search)
    let report = QualityReport(dataset)
    let (image, text) = (report.modalities[0], report.modalities[1])
    #expect(image.name == "image" && image.sharedVectors.map(\.items.count) == [images])
    #expect(text.duplicates.largest[0].count == texts)
    // Without an image all ten cosines are 1.
    let lists = dataset.neighborLists[0]
    let known = (0..<lists.items).filter { item in
      lists.cosines[item * 10..<(item + 1) * 10].allSatisfy { $0 >= 1 - 1e-6 }
    }
    #expect(known.count == images)
    #expect(Set(known).isSubset(of: report.suspiciousItems))
    // The items without text have no image either.
    #expect(report.suspiciousItems == known)
    #expect(report.pairs[0].equalInBoth.count >= both)
    #expect(report.issue(.sharedVector)?.severity == .serious)
    #expect(report.issue(.equalInBoth)?.severity == .serious)
    #expect(report.issue(.hub)?.modalities == (name == "baby" ? ["image"] : nil))
    let counts = try [image, text].map { try #require($0.hubness).largestCount }
    #expect(counts[0] > 5 * counts[1])
  }

  @Test(.enabled(if: RealData.exists("tiktok"), "needs tiktok"))
  func `of tiktok are ordinary duplicates`() throws {
    let dataset = try DatasetFolder.load("tiktok", in: RealData.search)
    let report = try QualityWorlds.report(dataset)
    #expect(report.modalities.map(\.duplicates.repeated) == [3, 55])
    #expect(report.missingAny.count == 0)
    #expect(report.modalities.compactMap(\.features?.dtype) == ["float16", "float16"])
    // Every image pair sounds the same too: videos that are listed twice.
    #expect(report.pairs[0].equalInBoth.first == [766, 1893, 2002, 2381, 3649, 5059])
    #expect(report.issue(.equalInBoth)?.severity == .note && report.suspiciousItems.isEmpty)
  }

  @Test(
    .enabled(
      if: ["mfeat", "wikipedia", "leaves100", "msrc_v1"].allSatisfy(RealData.exists),
      "needs the multi-view sets"),
    arguments: ["mfeat", "wikipedia", "leaves100", "msrc_v1"])
  func `of multi-view sets has no suspicious item`(name: String) throws {
    let dataset = try DatasetFolder.load(name, in: RealData.search)
    let report = try QualityWorlds.report(dataset)
    #expect(report.suspiciousItems.isEmpty)
    #expect(report.missingAny.count == 0)
  }
}
