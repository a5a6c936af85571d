// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let kit = Target.Dependency.product(name: "GatewayKit", package: "gateway")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let http = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

// The same for a module of yours, but that the gateway comes by its URL and a version.
let package = Package(
    name: "webhook-gateway",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "gateway", path: "../.."),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        .executableTarget(
            name: "webhook-gateway", dependencies: ["Webhook", .product(name: "GatewayMain", package: "gateway")], swiftSettings: strict),
        .target(
            name: "Webhook",
            dependencies: [kit, .product(name: "AsyncHTTPClient", package: "async-http-client"), collections, crypto, http, logging, nio],
            swiftSettings: strict),
        .testTarget(
            name: "WebhookTests",
            dependencies: [
                "Webhook", kit, .product(name: "GatewayTestKit", package: "gateway"), crypto, http, logging, nio,
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: strict),
    ]
)
