import LinearAlgebra
import Testing

@Suite("OpenBLAS")
struct OpenBLASTests {
  @Test func `names its version and the kernels it chose`() {
    #expect(OpenBLAS.configuration.hasPrefix("OpenBLAS "))
    #expect(!OpenBLAS.coreName.isEmpty)
    #expect(OpenBLAS.configuration.contains(", core \(OpenBLAS.coreName)"))
    #expect(OpenBLAS.configuration.hasSuffix(", AMX tiles") == SplitTiles.areAvailable)
  }

  @Test func `asks for other kernels on one kind of processor only`() {
    #expect([nil, "SkylakeX"].contains(OpenBLAS.preferredCoreType))
  }
}
