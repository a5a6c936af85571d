import GatewayHTTP
import GatewayKit

extension HTTPRouter {
    /// What modules answer operators.
    ///
    /// - Parameter modules: All that there are.
    /// - Throws: ``ModuleError`` for a path that is not the module's own, or another one's too.
    init(forOperators modules: [MadeModule]) throws(ModuleError) {
        var routes: [HTTPRoute] = []
        for made in modules {
            guard let module = made.module as? any AdminModule else { continue }
            let instance = made.configured.instance
            let beginning = "/admin/v1/\(instance)"
            for route in module.adminRoutes {
                let path = route.path.description
                guard path == beginning || path.hasPrefix(beginning + "/") else {
                    throw ModuleError("\(instance) answers operators at \(path), which does not begin with \(beginning)")
                }
                routes.append(route.of(instance))
            }
        }
        do throws(Conflict) {
            try self.init(routes)
        } catch {
            throw ModuleError("the admin API: \(error)", help: "let each path be answered by one module")
        }
    }
}
