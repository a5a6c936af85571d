// swift-tools-version: 6.2
import PackageDescription

/// Fuzz targets: a folder with an executable and a corpus each.
let names = [
    "FrameCodec", "RequestHead", "ClientMessage", "TopicPatterns", "YAMLReader", "RequestBody", "JSONObject", "RESPReader", "RedisEnvelope",
]

/// What is looked for: wrong memory accesses, with the coverage that leads libFuzzer; the libraries below stay as they are.
let sanitizers = ["-sanitize=fuzzer,address"]
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(sanitizers + ["-enable-testing"]),
]
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

// The gateway's own sources, through the link `Sources`, and of the server only its parsers: they need neither sockets nor TLS, and what is
// not built need not be waited for.
let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .systemLibrary(name: "CYAML", path: "Sources/CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(
            name: "GatewayKit", dependencies: [nio, .product(name: "Logging", package: "swift-log")], path: "Sources/GatewayKit",
            swiftSettings: settings),
        .target(
            name: "GatewayConfiguration", dependencies: ["GatewayKit", "CYAML"], path: "Sources/GatewayConfiguration",
            swiftSettings: settings),
        .target(
            name: "GatewayServer", dependencies: ["GatewayKit", nio], path: "Sources/GatewayServer",
            exclude: ["Messages/ServerFrame.swift"],
            sources: [
                "Frames", "Messages", "Handshake/FramingFields.swift", "Handshake/HTTPRefusal+Handshake.swift",
                "Handshake/HTTPSyntax.swift", "Handshake/HeadResult.swift", "Handshake/RequestHead.swift",
                "Handshake/RequestHeadParser.swift",
                "Handshake/RequestHeadReader.swift", "HTTP/RequestBody.swift",
            ],
            swiftSettings: settings),
        .target(
            name: "RedisModule", dependencies: ["GatewayKit", nio], path: "Sources/Modules/Redis", sources: ["Envelope.swift", "RESP"],
            swiftSettings: settings),
        .target(name: "CLibFuzzer", path: "CLibFuzzer"),
        .target(name: "Fuzzing", dependencies: ["CLibFuzzer"], path: "Fuzzing"),
    ]
        + names.map { name in
            .executableTarget(
                name: name, dependencies: ["Fuzzing", "GatewayKit", "GatewayConfiguration", "GatewayServer", "RedisModule", nio],
                path: name,
                exclude: ["Corpus"], swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
                linkerSettings: [.unsafeFlags(sanitizers + ["-use-ld=lld"])])
        }
)
