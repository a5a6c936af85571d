import GatewayMain
import Webhook

await GatewayMain.run(plugins: [Webhook.self])
