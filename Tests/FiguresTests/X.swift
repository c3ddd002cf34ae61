import Figures
import Foundation
import Testing

struct G: RandomNumberGenerator {
  var s: UInt64
  mutating func next() -> UInt64 {
    s &+= 0x9E37_79B9_7F4A_7C15
    var z = s
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func u() -> Double { Double(next() >> 11) / 9007199254740992 }
  mutating func n() -> Double { (-2 * log(1 - u())).squareRoot() * cos(2 * .pi * u()) }
}

func map(_ n: Int, shift: Double, seed: UInt64) -> Figure6.Map {
  var g = G(s: seed)
  var cx: [Double] = [], cy: [Double] = [], w: [Double] = []
  for _ in 0..<14 { let a = g.u() * 6.28, r = g.u().squareRoot() * 1.2; cx.append(r*cos(a)); cy.append(r*sin(a)); w.append(0.08 + 0.15*g.u()) }
  func cloud(_ s: Double) -> Figure6.Cloud {
    var x: [Double] = [], y: [Double] = []
    for _ in 0..<n { let c = Int(g.next() % 14); let q = g.u() < 0.3 ? 0.7 : 1.0
      let jump = (c % 3 == 0 ? s : s * 0.3)
      x.append(cx[c] + jump + w[c]*g.n()*q); y.append(cy[c] - 0.6*jump + w[c]*g.n()) }
    return .init(x: x, y: y)
  }
  return .init(first: cloud(0), second: cloud(shift), overlap: shift > 0.3 ? 0.4821 : 0.8123, slicedWasserstein: shift > 0.3 ? 0.1342 : 0.01237)
}

@Test func drawAll() throws {
  let out = FigureDrawer(directory: URL(fileURLWithPath: "/tmp/fig/out"), provenance: ["command": "redundancy-report --dataset demo", "seed": "999"])
  func curve(_ name: String, _ m: Double, _ s: Double) -> Figure1.Curve {
    let x = (0..<512).map { m - 4*s + 8*s*Double($0)/511 }
    return .init(name: name, x: x, density: x.map { exp(-($0-m)*($0-m)/(2*s*s))/(s*2.5066) + 0.2*exp(-($0-m-s)*($0-m-s)/(s*s))/s })
  }
  let n = 7050.0
  let ks = [5,10,20,50,100,200]
  let ov = ks.map { k -> Figure1.Overlap in
    let r = Double(k)/(n-1); let m = 0.05 + 0.012*log(Double(k)); return .init(k: k, mean: m, low: m*0.95, high: m*1.05, random: r, lift: m/r) }
  let scores = Figure1.Scores(first: curve("image", 0.62, 0.09), second: curve("text", 0.5, 0.12), overlapCoefficient: 0.587, k: 20)
  _ = try out.draw(Figure1(scores: scores, overlaps: ov, dataset: "Baby", items: 7050, anchors: 7050, seed: 999), named: "figure-1")
  let ov9 = (1...9).map { k -> Figure1.Overlap in
    let r = Double(k)/(n-1); let m = k == 1 ? 0.0 : 0.002 + 0.0012*log(Double(k)); return .init(k: k, mean: m, low: m*0.5-0.0005, high: m*1.5, random: r, lift: m/r) }
  _ = try out.draw(Figure1(scores: nil, overlaps: ov9, dataset: "a_very_long^name/with/path/to/image_feat.npy+text_feat.npy", items: 18357, anchors: 2000, seed: 999), named: "figure-1-lists")
  _ = try out.draw(Figure1(scores: scores, overlaps: [], dataset: "demo", items: 600, anchors: 600, seed: 999), named: "figure-1-scores")

  var g = G(s: 4)
  func spec(_ n: Int, _ k: Int, _ floor: Double) -> ([Double],[Double],[Int]) {
    let b = (1...n).map { 3.0*pow(Double($0), -1.1)*exp(-Double($0)/Double(n)*floor)*(1+0.05*g.u()) }.sorted(by: >)
    let a = b.enumerated().map { (v: $1*($0 < k ? 0.01 : 1), d: $0 < k) }.sorted { $0.v > $1.v }
    return (b, a.map(\.v), a.enumerated().filter { $1.d }.map { $0.offset+1 })
  }
  for (name, n, k, f) in [("figure-5", 64, 8, 1.0), ("figure-5-384", 384, 20, 14.0), ("figure-5-small", 12, 2, 0.1), ("figure-5-4096", 600, 8, 30.0)] {
    let (b,a,d) = spec(n,k,f)
    _ = try out.draw(Figure5(before: b, after: a, damped: d, rank: k, strength: 0.9, noiseEdge: name == "figure-5-small" ? nil : 0.05, dataset: "Baby", items: 7050, seed: 999), named: name)
  }
  let flat = (0..<64).map { 1.0 - 0.004*Double($0) }
  _ = try out.draw(Figure5(before: flat, after: flat, damped: [], rank: 4, strength: 0, noiseEdge: 0.9, dataset: "flat", items: 100, seed: 1), named: "figure-5-flat")
  for (name, n) in [("figure-6-small", 300), ("figure-6", 4000), ("figure-6-baby", 7050), ("figure-6-sports", 18357)] {
    let c = ContinuousClock().now
    let d = try out.draw(Figure6(before: map(n, shift: 0.1, seed: 3), after: map(n, shift: 0.8, seed: 3), firstModality: "image", secondModality: "text", dataset: "Baby", items: n, perplexity: 30, seed: 999), named: name)
    let s = [d.png, d.vector, d.table].map { (try? Data(contentsOf: $0).count) ?? 0 }
    print(name, s, ContinuousClock().now - c)
  }
}
