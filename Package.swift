// swift-tools-version: 6.2
import PackageDescription

/// Held in every target but the user's plugins: what a reviewer would otherwise have to look for.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .treatWarning("ExplicitSendable", as: .error),
]

let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")

/// The built-in modules: one folder, one target and one test target each.
let modules: [(name: String, libraries: [Target.Dependency])] = [
    ("IPCap", []), ("Origin", []), ("JWT", [jwtKit, crypto, grdb]), ("SizeLimit", []), ("RateLimit", []),
    ("Authorization", []), ("SlowConsumer", []), ("Memory", []), ("Accounts", [crypto, cryptoExtras, grdb]), ("Ingress", [crypto]),
    ("Playground", [crypto]), ("Redis", [nioPosix, nioTLS, collections]),
]
let moduleTargets: [Target.Dependency] = modules.map { .target(name: $0.name + "Module") }

func source(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "gateway",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "gateway", targets: ["gateway"]),
        .library(name: "GatewayKit", targets: ["GatewayKit"]),
        .library(name: "GatewayMain", targets: ["GatewayMain"]),
        .library(name: "GatewayTestKit", targets: ["GatewayTestKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CTimex"),
        source("GatewayKit", [nio, logging]),
        source("GatewayConfiguration", ["GatewayKit", "CYAML"]),
        source("GatewayHTTP", ["GatewayKit", nio]),
        source("GatewayServer", ["GatewayKit", "GatewayHTTP", nio, nioPosix, nioTLS, logging, crypto, collections]),
        source("GatewayAdmin", ["GatewayKit", "GatewayHTTP", "GatewayServer", nio, nioPosix, logging, crypto, coreMetrics]),
        source(
            "GatewayMain",
            [
                "GatewayKit", "GatewayConfiguration", "GatewayServer", "GatewayHTTP", "GatewayAdmin", "CTimex", nio, nioPosix, nioHTTP,
                nioWebSocket, nioTLS, logging, arguments,
                jwtKit, crypto, coreMetrics,
            ]
                + moduleTargets),
        .executableTarget(name: "gateway", dependencies: ["GatewayMain", "GatewayPlugins"], swiftSettings: strict),
        source(
            "GatewayTestKit",
            [
                "GatewayKit", "GatewayConfiguration", "GatewayServer", .target(name: "MemoryModule"), nio, nioEmbedded, nioPosix, nioTLS,
                logging,
            ]),
        .target(name: "CMeasuring", path: "Tests/Benchmarks/CMeasuring"),
        .executableTarget(
            name: "Benchmarks",
            // The modules that a message meets, and not all: the first release build takes long enough.
            dependencies: ["CMeasuring", "GatewayKit", "GatewayServer", "GatewayTestKit"]
                + ["SizeLimit", "RateLimit", "Authorization", "SlowConsumer", "Memory"].map { .target(name: $0 + "Module") },
            path: "Tests/Benchmarks",
            exclude: ["CMeasuring", "run"], swiftSettings: strict),
        .executableTarget(name: "RegistryTool", swiftSettings: strict),
        .plugin(name: "RegistryPlugin", capability: .buildTool(), dependencies: ["RegistryTool"], path: "Sources/RegistryPlugin"),
        // The user's modules. Never listed here one by one: SwiftPM caches the manifest, and a new folder would be left out.
        .target(name: "GatewayPlugins", dependencies: ["GatewayKit", nio, logging, metrics], path: "Plugins", plugins: ["RegistryPlugin"]),
    ]
        + modules.map { source($0.name + "Module", path: "Sources/Modules/\($0.name)", ["GatewayKit", nio, logging] + $0.libraries) }
        + modules.map {
            tests(
                $0.name + "Tests",
                ["GatewayKit", "GatewayTestKit", .target(name: $0.name + "Module"), nio, nioEmbedded, logging]
                    + ($0.name == "Redis" ? [] : [nioPosix]) + $0.libraries)
        }
        + [
            tests("GatewayKitTests", ["GatewayKit", "GatewayTestKit", nio]),
            tests("GatewayTestKitTests", ["GatewayKit", "GatewayTestKit", nio, nioPosix, logging]),
            tests("GatewayConfigurationTests", ["GatewayKit", "GatewayConfiguration", "GatewayTestKit", nio], exclude: ["Cases"]),
            tests("GatewayHTTPTests", ["GatewayKit", "GatewayHTTP", "GatewayTestKit", nio]),
            tests("GatewayAdminTests", ["GatewayKit", "GatewayHTTP", "GatewayServer", "GatewayAdmin", "GatewayTestKit", nio, coreMetrics]),
            tests("GatewayServerTests", ["GatewayKit", "GatewayServer", "GatewayTestKit", nio, nioEmbedded, nioPosix, logging]),
            tests(
                "GatewayMainTests",
                ["GatewayKit", "GatewayMain", "GatewayTestKit", "GatewayConfiguration", "GatewayServer", nio, nioPosix, logging]),
            // The modules of docs/plugins.md and README.md; apart from PluginTests, so that a plugin can have the name of one.
            tests("GuideTests", ["GatewayKit", "GatewayTestKit", nio, logging]),
            tests("PluginTests", ["GatewayKit", "GatewayTestKit", "GatewayPlugins", "RegistryTool", nio]),
            tests(
                "SpecTests",
                [
                    "GatewayKit", "GatewayMain", "GatewayServer", "GatewayHTTP", "GatewayTestKit", "GatewayConfiguration", "GatewayPlugins",
                    nio, nioPosix,
                    jwtKit, logging,
                ],
                exclude: ["promises.txt", "Samples"]),
        ]
)
