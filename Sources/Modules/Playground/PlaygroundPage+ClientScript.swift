extension PlaygroundPage {
    /// What a client does: log in, connect, subscribe, send, and show what comes.
    static let clientScript = #"""
        const endpoint = new URL(document.documentElement.dataset.endpoint, location.href);
        endpoint.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

        const STATES = {
          idle: 'not connected', connecting: 'connecting…', authenticating: 'connected, authenticating…', ready: 'connected',
        };
        const KINDS = {
          message: 'message', error: 'bad', auth_error: 'bad', auth_success: 'good', subscribed: 'good', unsubscribed: 'good', ack: 'good',
          pong: 'good',
        };

        // The claims of a token, to show whose it is; the gateway is who checks it.
        function claims(token) {
          try {
            const part = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
            return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0))));
          } catch {
            return {};
          }
        }

        class Client {
          constructor(root, letter) {
            this.root = root;
            root.append(document.getElementById('client').content.cloneNode(true));
            this.parts = Object.fromEntries(Array.from(root.querySelectorAll('[data-part]'), (part) => [part.dataset.part, part]));
            this.frames = new FrameList(this.parts.frames, this.parts.count);
            this.topics = new TopicList(this.parts.topics, (topic) => this.send({ type: 'unsubscribe', topic }));
            // The topics that the gateway has not answered about yet, by the id of the request.
            this.asked = new Map();
            this.lastRequest = 0;
            this.parts.title.textContent = `Client ${letter}`;
            this.parts.publish.elements.data.value = `{"content": "Hello from ${letter}"}`;
            this.parts.publish.elements.body.value = `{\n  "channelId": "general",\n  "content": "Hello from ${letter}, over HTTP"\n}`;
            this.listen();
            this.become('idle');
          }

          listen() {
            const { login, subscribe, publish, toggle, leave, dismiss, ping, clear } = this.parts;
            this.onSubmit(login, () => this.logIn());
            this.onSubmit(subscribe, () => this.subscribe(subscribe.elements.topic.value.trim()));
            this.onSubmit(publish, () => (publish.elements.way.value === 'http' ? this.post() : this.publish()));
            publish.addEventListener('change', () => this.become(this.state));
            for (const area of publish.querySelectorAll('textarea')) {
              area.addEventListener('keydown', (event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) publish.requestSubmit(this.parts.publishButton);
              });
            }
            toggle.addEventListener('click', () => (this.isOpen ? this.disconnect() : this.connect()));
            leave.addEventListener('click', () => this.logOut());
            dismiss.addEventListener('click', () => this.tell());
            ping.addEventListener('click', () => this.send({ type: 'ping' }));
            clear.addEventListener('click', () => this.frames.clear());
          }

          onSubmit(form, act) {
            form.addEventListener('submit', (event) => {
              event.preventDefault();
              this.tell();
              act();
            });
          }

          get isOpen() { return ['connecting', 'authenticating', 'ready'].includes(this.state); }

          // Shows a state; `why` is what a closed connection was closed for.
          become(state, why = '') {
            this.state = state;
            const { parts } = this;
            const isHTTP = parts.publish.elements.way.value === 'http';
            this.root.dataset.state = state;
            parts.state.textContent = STATES[state] ?? why;
            parts.login.hidden = Boolean(this.token);
            parts.account.hidden = !this.token;
            parts.toggle.textContent = this.isOpen ? 'Disconnect' : 'Connect';
            parts.subscribeButton.disabled = parts.ping.disabled = state !== 'ready';
            parts.publishButton.disabled = isHTTP ? !this.token : state !== 'ready';
            parts.publishButton.textContent = isHTTP ? 'Post' : 'Publish';
          }

          // Shows an error, or nothing any more.
          tell(title = '', text = '') {
            this.parts.notice.hidden = !title;
            this.parts.noticeTitle.textContent = title;
            this.parts.noticeText.textContent = text;
          }

          // Shows what the gateway says is wrong, whether in a frame or in an answer.
          tellError({ code, message, details = {} }) {
            const field = details.field ? ` (${details.field}: ${details.issue ?? 'wrong'})` : '';
            const topic = details.topic ? ` (${details.topic})` : '';
            const wait = details.retryAfterMs ? ` Try again in ${Math.max(0.1, details.retryAfterMs / 1000).toFixed(1)} s.` : '';
            this.tell(`${code} ${details.reason ?? ''}`.trim(), `${message ?? ''}${field}${topic}.${wait}`);
          }

          async logIn() {
            const { way, email, password, token } = this.parts.login.elements;
            this.isTyping = this.parts.login.contains(document.activeElement);
            if (way.value === 'token') return this.enter(token.value.trim());
            this.parts.enter.disabled = true;
            const answer = await this.request('/api/auth/login', { email: email.value, password: password.value });
            this.parts.enter.disabled = false;
            if (answer?.status === 404) this.tell('404', 'This gateway has no login of its own: paste a token instead.');
            if (answer?.data) this.enter(answer.data.accessToken, answer.data.user?.email, answer.data.refreshToken);
          }

          enter(token, name, refreshToken) {
            if (!token) return this.tell('No token', 'Paste one, or log in with e-mail and password.');
            this.token = token;
            this.refreshToken = refreshToken;
            this.parts.user.textContent = name ?? claims(token).email ?? claims(token).sub ?? 'a token';
            this.connect();
          }

          async logOut() {
            this.tell();
            const refreshToken = this.refreshToken;
            this.token = this.refreshToken = undefined;
            this.topics.clear();
            this.parts.answer.textContent = '';
            // Closed by itself first: what the gateway does to a session that has ended is no news here.
            this.disconnect();
            this.socket = undefined;
            if (refreshToken) await this.request('/api/auth/logout', { refreshToken });
            this.become('idle');
            this.parts.enter.focus();
          }

          connect() {
            this.disconnect();
            const socket = new WebSocket(endpoint);
            this.socket = socket;
            this.become('connecting');
            const ifCurrent = (act) => (event) => { if (socket === this.socket) act(event); };
            socket.addEventListener('open', ifCurrent(() => {
              this.become('authenticating');
              this.frames.add('note', 'connected', endpoint.href);
              this.send({ type: 'auth', token: this.token });
            }));
            socket.addEventListener('message', ifCurrent((event) => this.receive(event.data)));
            socket.addEventListener('close', ifCurrent((event) => this.closed(event)));
          }

          disconnect() {
            this.socket?.close(1000);
          }

          closed({ code, reason }) {
            this.socket = undefined;
            const why = `${code}${reason ? ` ${reason}` : ''}`;
            this.frames.add('note', 'closed', why, '', code === 1000 ? '' : 'bad');
            this.topics.suspend();
            if (this.state === 'connecting') this.tell('No connection', `${endpoint.href} did not let this page in, or nothing runs there; the gateway's log says more.`);
            this.become(code === 1000 ? 'idle' : 'closed', `closed: ${why}`);
          }

          send(frame) { this.sendText(frame, JSON.stringify(frame)); }

          sendText(frame, text) {
            if (this.socket?.readyState !== WebSocket.OPEN) return this.tell('Not connected', 'Nothing was sent.');
            this.socket.send(text);
            this.frames.add('out', frame.type, frame.topic, masked(text));
          }

          receive(text) {
            let frame = {};
            try { frame = JSON.parse(text); } catch { this.tell('No JSON', 'A frame came that this page cannot read.'); }
            this.frames.add('in', String(frame.type), frame.topic ?? frame.details?.reason ?? frame.userId, text, KINDS[frame.type]);
            this.handlers[frame.type]?.call(this, frame);
          }

          handlers = {
            auth_success() {
              this.become('ready');
              // The form has gone from under the hands of who filled it in: what comes next is ready for them.
              if (this.isTyping && !document.activeElement?.offsetParent) this.parts.subscribeButton.focus();
              this.isTyping = false;
              for (const topic of this.topics.names) this.subscribe(topic);
            },
            auth_error(frame) {
              this.tellError(frame);
              this.token = this.refreshToken = undefined;
              this.disconnect();
            },
            subscribed({ topic, requestId }) {
              this.asked.delete(requestId);
              this.topics.confirm(topic);
            },
            unsubscribed({ topic, details }) {
              if (details?.reason) this.tell(details.reason, `The subscription to ${topic} has ended.`);
              this.topics.remove(topic);
            },
            error(frame) {
              this.tellError(frame);
              const id = frame.details?.requestId;
              if (this.asked.has(id)) this.topics.remove(this.asked.get(id));
              this.asked.delete(id);
            },
          };

          subscribe(topic) {
            if (!topic) return this.tell('No topic', 'Name one, such as messages.channel.general.');
            const id = `subscribe-${(this.lastRequest += 1)}`;
            this.asked.set(id, topic);
            this.topics.add(topic);
            this.send({ type: 'subscribe', topic, id });
          }

          publish() {
            const { topic, data } = this.parts.publish.elements;
            if (!this.isJSON(data.value)) return;
            const [name, text] = [topic.value.trim(), data.value.trim()];
            // The data goes out as it was written, numbers and all.
            this.sendText({ type: 'message', topic: name }, `{"type":"message","topic":${JSON.stringify(name)},"data":${text}}`);
          }

          async post() {
            const { body } = this.parts.publish.elements;
            if (!this.isJSON(body.value)) return;
            this.parts.answer.textContent = '';
            const answer = await this.request('/api/messages', body.value);
            if (answer) this.parts.answer.textContent = `${answer.status} ${answer.statusText}`.trim();
          }

          isJSON(text) {
            try {
              JSON.parse(text);
              return true;
            } catch (error) {
              this.tell('This is no JSON', error.message);
              return false;
            }
          }

          // Posts JSON, shows both ways, and tells what went wrong. Answers nothing where no answer came.
          async request(path, body) {
            const text = typeof body === 'string' ? body : JSON.stringify(body);
            const headers = { 'Content-Type': 'application/json' };
            if (this.token) headers.Authorization = `Bearer ${this.token}`;
            this.frames.add('out', 'POST', path, masked(text));
            try {
              const response = await fetch(path, { method: 'POST', headers, body: text, signal: AbortSignal.timeout(15000) });
              const { status, statusText } = response;
              const answer = await response.text();
              this.frames.add('in', String(status), path, masked(answer), !response.ok ? 'bad' : path === '/api/messages' ? 'http' : 'good');
              const { data, error } = this.parsed(answer);
              if (!response.ok) this.tellError(error ?? { code: status, message: statusText });
              return { status, statusText, data };
            } catch (error) {
              this.frames.add('note', 'no answer', path, '', 'bad');
              this.tell('No answer', `POST ${path}: ${error.message}`);
            }
          }

          parsed(text) {
            try { return JSON.parse(text) ?? {}; } catch { return {}; }
          }
        }

        for (const part of document.querySelectorAll('[data-part="address"]')) part.textContent = endpoint.href;
        for (const [index, root] of document.querySelectorAll('[data-client]').entries()) new Client(root, 'AB'[index]);
        """#
}
