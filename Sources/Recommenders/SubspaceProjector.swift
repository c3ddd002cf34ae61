import Autodiff
import LinearAlgebra

public final class SubspaceProjector {
  init() {}
}
