// Runs after one of the API document's sample clients, which `Client` names: logs in as the document says, connects with the token it got,
// posts a message over HTTP and prints what the socket made of it.
(async () => {
  const base = process.env.GATEWAY_HTTP;
  const post = async (path, body, headers = {}) => {
    const response = await fetch(base + path, {
      method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body),
    });
    return { status: response.status, ...(await response.json()) };
  };
  const login = await post('/api/auth/login', { email: 'user@example.com', password: 'password123' });
  const client = new Client(process.env.GATEWAY_URL, login.data.accessToken);
  await client.connect();
  const userId = login.data.user.id;
  const subscribed = new Promise((resolve) => {
    client.ws.addEventListener('message', (event) => { if (JSON.parse(event.data).type === 'subscribed') resolve(); });
  });
  const received = new Promise((resolve) => { client.subscribe(`messages.user.${userId}`, resolve); });
  await subscribed;
  const posted = await post('/api/messages', { content: 'Hello from HTTP!' }, { Authorization: `Bearer ${login.data.accessToken}` });
  const message = await received;
  client.close();
  console.log(`RESULT ${JSON.stringify({ login: login.status, posted: posted.status, same: JSON.stringify(posted.data) === JSON.stringify(message.data), message })}`);
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
