import GatewayKit
import Testing

struct FieldRefusalTests {
    @Test func `what is wrong with a field is said in one way`() {
        let missing = HTTPRefusal.missing("email")
        #expect(missing.status == 400 && missing.reason == .missingField)
        #expect(missing.message == "'email' is missing" && missing.field == "email" && missing.issue == "required")
        let invalid = HTTPRefusal.invalid("email", "must be a string")
        #expect(invalid.status == 400 && invalid.reason == .invalidField)
        #expect(invalid.message == "'email' must be a string" && invalid.field == "email" && invalid.issue == "must be a string")
    }
}
