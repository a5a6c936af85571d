import GatewayMain
import GatewayPlugins

await GatewayMain.run(plugins: GatewayPlugins.compiledPlugins)
