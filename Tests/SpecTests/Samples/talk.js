// Runs after one of the API document's sample clients, which `Client` names: talks to a gateway and prints what came of it.
(async () => {
  const url = process.env.GATEWAY_URL;
  const refused = await new Client(url, 'no-token').connect().then(() => 'let in', (error) => error.message);

  const client = new Client(url, process.env.GATEWAY_TOKEN);
  await client.connect();
  const topics = [];
  let ready;
  const both = new Promise((resolve) => { ready = resolve; });
  client.ws.addEventListener('message', (event) => {
    const frame = JSON.parse(event.data);
    topics.push(`${frame.type} ${frame.topic}`);
    if (topics.length === 4) ready();
  });
  let exact;
  client.subscribe('messages.channel.general', (message) => { exact = message; });
  client.subscribe('messages.user.*', () => {});
  client.publish('messages.channel.general', { content: 'Hello from WebSocket!' }, { priority: 'normal' });
  client.publish('messages.user.456', { content: 'Hello you!' });
  await both;

  const closed = new Promise((resolve) => client.ws.addEventListener('close', (event) => resolve(event.code)));
  client.close();
  console.log(`RESULT ${JSON.stringify({ refused, topics, data: exact.data, metadata: exact.metadata, code: await closed })}`);
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
