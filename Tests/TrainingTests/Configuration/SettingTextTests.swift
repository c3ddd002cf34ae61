import Recommenders
import Testing

import Training

@Suite("Values as text")
struct SettingTextTests {
  static let words: [(String, SettingValue)] = [
    ("", .none), ("~", .none), ("null", .none), ("None", .none), ("none", .text("none")),
    ("True", .flag(true)), ("yes", .flag(true)), ("on", .flag(true)), ("FALSE", .flag(false)),
    ("off", .flag(false)), ("y", .text("y")),
    ("0", .integer(0)), ("-7", .integer(-7)), ("+7", .integer(7)), ("1_000", .integer(1000)),
    ("9223372036854775807", .integer(.max)),
    ("9223372036854775808", .text("9223372036854775808")),
    ("012", .text("012")), ("0x10", .text("0x10")), ("1:30", .text("1:30")),
    ("1e-04", .number(1e-4)), ("1e-4", .number(1e-4)), ("1E3", .number(1000)),
    ("1e+16", .number(1e16)), ("0.5", .number(0.5)), (".5", .number(0.5)), ("5.", .number(5)),
    ("5.e1", .number(50)), ("-1.5e-3", .number(-0.0015)), ("1_0.5", .number(10.5)),
    ("1e", .text("1e")), ("e5", .text("e5")), (".", .text(".")), ("._", .text("._")),
    (".inf", .text(".inf")), ("nan", .text("nan")), ("1e999", .text("1e999")),
    ("1.2.3", .text("1.2.3")), ("add", .text("add")),
  ]

  @Test(arguments: words)
  func `plain words are read`(text: String, value: SettingValue) {
    #expect(SettingValue(plain: text) == value)
  }

  @Test(arguments: words.map(\.1) + [
    .list([]), .list([.integer(1), .list([.text("a, b]"), .none]), .flag(false)]),
    .text("Recall@20"), .text("a-b_c.d"), .text("5"), .text("null"), .number(5),
  ])
  func `what is written is read back`(value: SettingValue) throws {
    let settings = try ConfigurationText.override("key=\(value.yaml)")
    #expect(settings.map(\.value) == [value])
  }
}
