import Foundation
import Fuzzing
import GatewayKit
import NIOCore

/// JSON objects of requests: each member's bytes read as its value, and what is read strictly too is JSON for Foundation.
@main enum JSONObjectTarget {
    static func main() {
        runFuzzer { data, size in
            JSONObjectTarget.check(input(data, size))
            return 0
        }
    }

    static func check(_ bytes: [UInt8]) {
        guard let object = JSONObject(json: ByteBuffer(bytes: bytes)) else { return }
        let isStrict = JSONValue(json: bytes) != nil
        require(
            !isStrict || (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any],
            "Foundation does not take it for an object")
        var writer = JSONWriter()
        for member in object.members {
            let text = Array(member.json.readableBytesView)
            let strict = JSONValue(json: text)
            require(!isStrict || strict != nil, "a member's bytes are no value")
            if let strict { require(strict == member.value, "a member's bytes read as another value") }
            writer.member(member.name, json: member.json)
        }
        guard let again = JSONObject(json: writer.finish()) else { return require(false, "what was written again is no object") }
        require(again.members.map(\.name) == object.members.map(\.name), "the names have changed")
        require(again.members.map(\.value) == object.members.map(\.value), "the values have changed")
    }
}
