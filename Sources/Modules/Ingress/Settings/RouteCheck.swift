import GatewayKit

/// Whether the parts of a route fit together; each finding stands where the part does.
struct RouteCheck {
    let route: IngressRoute
    let node: ConfigurationNode

    func run(_ decoder: inout SettingsDecoder) {
        checkNames(&decoder)
        checkGroups(&decoder)
        each("topics", &decoder) { index, node, decoder in
            guard index < route.keys.topics.count else { return }
            for name in route.keys.topics[index].names where !route.topicNames.contains(name) {
                decoder.report(.invalidValue, "<\(name)> \(problem(name))", at: node, help: help(name))
            }
        }
    }

    /// One name is one thing: generated, a parameter or a field.
    private func checkNames(_ decoder: inout SettingsDecoder) {
        var owners = [IngressRoute.senderName: "stands for the sender"]
        for member in route.keys.generate.members { owners[member.name] = "is generated" }
        for name in route.parameters {
            if let owner = owners[name] {
                let place = node["path"] ?? node
                decoder.within("path") {
                    $0.report(.invalidValue, "<\(name)> \(owner)", at: place, help: "give the parameter another name")
                }
            }
            owners[name] = "is a parameter of the path"
        }
        let nodes = node["fields"]?.elements ?? []
        for (index, field) in route.fields.enumerated() {
            let name = field.name.text
            if let owner = owners[name] {
                let place = nodes.indices.contains(index) ? nodes[index]["name"] ?? nodes[index] : node
                decoder.within("fields[\(index)]") {
                    $0.report(.invalidValue, "'\(name)' \(owner)", at: place, help: "drop the field, or give it another name")
                }
            }
            owners[name] = "is a field already"
        }
    }

    private func checkGroups(_ decoder: inout SettingsDecoder) {
        let known = route.fields.map(\.name.text)
        each("at_most_one", &decoder) { index, node, decoder in
            guard index < route.exclusive.count else { return }
            let group = route.exclusive[index]
            if Set(group).count < 2 { decoder.report(.invalidValue, "needs at least two fields", at: node) }
            for (name, node) in zip(group, node.elements) where !known.contains(name) {
                let near = NameSuggestion.nearest(to: name, in: known)
                decoder.report(
                    .invalidValue, "'\(name)' is no field of the route", at: node,
                    help: near.map { "did you mean '\($0)'?" } ?? "there are: \(known.joined(separator: ", "))")
            }
            if route.fields.count(where: { $0.isRequired && group.contains($0.name.text) }) > 1 {
                decoder.report(.invalidValue, "has two fields that are required, so that no body will do", at: node)
            }
        }
    }

    /// Why a name in a topic is never filled.
    private func problem(_ name: String) -> String {
        if let field = route.fields.first(where: { $0.name.text == name }) {
            return "is of type \(field.type.rawValue), and only a string or an integer is a segment"
        }
        switch route.keys.generate.members.first(where: { $0.name == name })?.kind {
        case .time: return "is a time, which is no segment"
        case .sender: return "is never filled: with authentication: none nobody knows the sender"
        case .id, nil: break
        }
        if name == IngressRoute.senderName { return "is never filled: with authentication: none nobody knows the sender" }
        return "is never filled: it is neither generated, nor a parameter, nor a field"
    }

    private func help(_ name: String) -> String {
        if let near = NameSuggestion.nearest(to: name, in: route.topicNames), near != name { return "did you mean '<\(near)>'?" }
        return route.topicNames.isEmpty ? "add it to fields" : "there are: \(route.topicNames.map { "<\($0)>" }.joined(separator: ", "))"
    }

    private func each(
        _ key: String, _ decoder: inout SettingsDecoder, _ body: (Int, ConfigurationNode, inout SettingsDecoder) -> Void
    ) {
        for (index, node) in (node[key]?.elements ?? []).enumerated() {
            decoder.within("\(key)[\(index)]") { body(index, node, &$0) }
        }
    }
}
