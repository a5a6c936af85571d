/// In the making.
public enum GatewayHTTP: Sendable {}
