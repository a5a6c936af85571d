/// The gateway.yaml that `gateway init` writes: what people change first, and nothing that has a good default.
enum StarterConfiguration {
    /// The file.
    ///
    /// - Parameter schema: The path of the JSON Schema as an editor finds it from the file; nil where there is none.
    /// - Returns: The text.
    static func text(schema: String?) -> String {
        let first = schema.map { "# yaml-language-server: $schema=\($0)\n#\n" } ?? ""
        return first + body
    }

    private static let body = """
        # A gateway. What does not stand here has its default: gateway explain prints all of it, each value with its origin.
        #
        #   gateway check                     tells whether this is right
        #   gateway run --profile dev         serves on this machine, and needs nothing
        #   gateway env --profile prod        lists the variables that prod needs: JWT_SECRET and APP_ORIGIN
        #   gateway modules                   lists what the pipeline can name
        #   gateway schema                    prints JSON Schema, by which an editor completes this file
        version: 1

        server:
          host: 0.0.0.0                   # WEBSOCKET_HOST
          port: 3000                      # WEBSOCKET_PORT
          tls: null                       # or {certificate: FILE, key: FILE}, as PEM
          trusted_proxies: []             # a proxy whose X-Forwarded-For is believed: [10.0.0.7]

        admin:
          socket: data/gateway.sock       # for the command line; health and metrics are on 127.0.0.1:3001

        # Which modules a connection and its messages meet, in this order.
        pipeline:
          accept: [ip_cap]
          handshake: [origin]
          auth: [jwt]
          route: [size_limit, rate_limit, authorization]
          deliver: [slow_consumer]
          pubsub: memory                  # redis: many gateways are one           PUBSUB_ADAPTER

        modules:
          ip_cap: {max_connections: 100}  # of one address                         WEBSOCKET_MAX_CONNECTIONS_PER_IP
          rate_limit: {rate: 50/s, burst: 100}
          jwt: {secret_file: data/jwt.secret, create_secret: true}    # the first start makes it
          origin: {allow: ["http://localhost:3000"]}                  # the sites whose pages may connect
          authorization:
            # Who may do what, from top to bottom; what no rule allows is refused. <userId> is the user of the token.
            rules:
              - {allow: [subscribe, publish], topics: ["messages.channel.*"]}
              - {allow: [subscribe], topics: ["messages.user.<userId>", "notifications.user.<userId>"]}
              - {allow: [subscribe, publish], topics: ["**"], when: {roles: admin}}

        # What differs where: --profile NAME or GATEWAY_PROFILE.
        profiles:
          # This machine: nobody else reaches it, every user may do everything.
          dev:
            server: {host: 127.0.0.1}
            pipeline:
              http: [playground]          # a page to try it with
            modules:
              origin: {allow: ["*"]}
              authorization:
                rules:
                  - {allow: [subscribe, publish], topics: ["**"]}

          # The world: what is only doubtful elsewhere is an error, logs are JSON.
          prod:
            strict: true
            log: {format: json}
            modules:
              jwt:
                secret_file: null
                create_secret: null
                secret: "${JWT_SECRET:?give at least 32 random bytes, such as the output of openssl rand -hex 32}"
              origin:
                allow: ["${APP_ORIGIN:?give the site whose pages may connect, such as https://app.example.com}"]

        """
}
