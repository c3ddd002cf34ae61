import Testing

@testable import Recommenders
