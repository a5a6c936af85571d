/// Answers operators, on the admin listener and its Unix socket.
///
/// A module of any list of the pipeline can do that beside its own work. Who asks has shown the admin token already, or came by the Unix
/// socket; see ``HTTPRoute`` for how a request comes and what may be thrown.
public protocol AdminModule: Module {
    /// What the module answers; asked once, after ``Module/init(settings:context:)``.
    ///
    /// The paths begin with `/admin/v1/` and ``ModuleContext/instance``, so that a type can stand twice; anything else is an error of the start
    /// or reload. ``ModuleContext/adminPath(_:)`` makes them.
    var adminRoutes: [HTTPRoute] { get }
}
