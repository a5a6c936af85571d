/// In the making.
public enum GatewayAdmin: Sendable {}
