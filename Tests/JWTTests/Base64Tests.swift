import Testing

@testable import JWTModule

struct Base64Tests {
    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{7f}~~??>>"])
    func `what was encoded is decoded`(_ text: String) {
        for alphabet in [Base64.Alphabet.url, .standard] {
            #expect(Base64.decode(Array(Base64.encode(Array(text.utf8), alphabet).utf8)[...], alphabet) == Array(text.utf8))
        }
    }

    @Test func `the examples of RFC 4648 come out`() {
        #expect(Base64.encode(Array("foob".utf8), .standard) == "Zm9vYg==")
        #expect(Base64.encode(Array("foob".utf8), .url) == "Zm9vYg")
        #expect(Base64.encode([0xFB, 0xFF], .url) == "-_8")
        #expect(Base64.encode([0xFB, 0xFF], .standard) == "+/8=")
    }

    @Test(arguments: ["A", "AAAAA", "AB", "AAB", "A=", "AA==", "A A", "+/8", "AA\n", "é"])
    func `a text with another spelling is refused`(_ text: String) {
        #expect(Base64.decode(Array(text.utf8)[...], .url) == nil)
    }
}
