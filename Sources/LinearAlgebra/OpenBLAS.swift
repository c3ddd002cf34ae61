internal import COpenBLAS
import Foundation

/// What the OpenBLAS library under this package says of itself, and how it is kept deterministic.
public enum OpenBLAS {
  /// One BLAS thread: its own threading changes bits with the thread count, so ``Parallel`` cuts
  /// the work instead. Evaluated once, before the first product.
  static let isSingleThreaded: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  /// Version, options and the kernel set in use, for example
  /// `OpenBLAS 0.3.21 DYNAMIC_ARCH SkylakeX MAX_THREADS=64, core SkylakeX`, with `, AMX tiles` where
  /// ``DenseKernels`` multiply single precision in those instead.
  public static var configuration: String {
    _ = isSingleThreaded
    let config = String(cString: openblas_get_config())
    return "\(config), core \(coreName)\(SplitTiles.areAvailable ? ", AMX tiles" : "")"
  }

  /// The kernel set that was chosen for this processor. It decides the last bits of a result.
  public static var coreName: String { String(cString: openblas_get_corename()) }

  /// The kernel set worth asking for through `OPENBLAS_CORETYPE` before the library loads, or nil
  /// when its own choice is right.
  ///
  /// OpenBLAS takes AVX2 kernels on AMD processors that have AVX-512; the AVX-512 ones are 1.7
  /// times as fast there.
  public static var preferredCoreType: String? {
    guard
      let cpu = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let flags = cpu.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
    else { return nil }
    let needed = ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"]
    let present = Set(flags.split(whereSeparator: \.isWhitespace).map(String.init))
    guard cpu.contains("AuthenticAMD"), needed.allSatisfy(present.contains) else { return nil }
    return "SkylakeX"
  }
}
