// Looks at the module `playground` in headless Chromium: node playground.js http://127.0.0.1:3000/
//
// Logs both clients in, publishes from the right to the left on the socket and over HTTP, and exits with 0 once all has been seen.
// Otherwise it prints what it saw, and exits with 1.
const { spawn } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { WebSocket } = require('ws');

const DEADLINE = 50_000;
const [url] = process.argv.slice(2);
const seen = [];

// Chromium, spoken to by the DevTools protocol (chromedevtools.github.io/devtools-protocol).
class Browser {
  constructor() {
    this.calls = new Map();
    this.last = 0;
  }

  async start() {
    this.folder = mkdtempSync(join(tmpdir(), 'playground-'));
    this.process = spawn(
      'chromium',
      ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--remote-debugging-port=0',
        `--user-data-dir=${this.folder}`, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'pipe'] });
    const address = await new Promise((resolve, reject) => {
      let text = '';
      this.process.on('error', (error) => reject(new Error(`install the Debian package chromium: ${error.message}`)));
      this.process.on('exit', () => reject(new Error(`chromium ended: ${text}`)));
      this.process.stderr.on('data', (data) => {
        text += data;
        const found = /DevTools listening on (ws:\S+)/.exec(text);
        if (found) resolve(found[1]);
      });
    });
    this.socket = new WebSocket(address);
    await new Promise((resolve, reject) => this.socket.once('open', resolve).once('error', reject));
    this.socket.on('message', (data) => this.receive(JSON.parse(data)));
  }

  receive({ id, method, params, result, error }) {
    if (method === 'Runtime.exceptionThrown') seen.push(`exception: ${params.exceptionDetails.exception?.description}`);
    if (method === 'Log.entryAdded') seen.push(`${params.entry.level}: ${params.entry.text} ${params.entry.url ?? ''}`);
    const call = this.calls.get(id);
    this.calls.delete(id);
    if (call) error ? call.reject(new Error(error.message)) : call.resolve(result);
  }

  call(method, params = {}) {
    const id = (this.last += 1);
    this.socket.send(JSON.stringify({ id, method, params, sessionId: this.session }));
    return new Promise((resolve, reject) => this.calls.set(id, { resolve, reject }));
  }

  async open(page) {
    const { targetId } = await this.call('Target.createTarget', { url: 'about:blank' });
    this.session = (await this.call('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    for (const domain of ['Page', 'Runtime', 'Log']) await this.call(`${domain}.enable`);
    const { errorText } = await this.call('Page.navigate', { url: page });
    if (errorText) throw new Error(`${page}: ${errorText}`);
  }

  // Runs an expression in the page; one that is a promise is waited for.
  async run(expression) {
    const { result, exceptionDetails } = await this.call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  // Waits, by the page's own changes, until an element is there.
  until(selector, text = '') {
    return this.run(`new Promise((resolve) => {
      const find = () => Array.from(document.querySelectorAll(${JSON.stringify(selector)}))
        .find((found) => found.textContent.includes(${JSON.stringify(text)}));
      const look = () => { if (find()) { observer.disconnect(); resolve(true); } };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      look();
    })`);
  }

  click(selector) { return this.run(`document.querySelector(${JSON.stringify(selector)}).click()`); }

  fill(selector, text) {
    return this.run(`document.querySelector(${JSON.stringify(selector)}).value = ${JSON.stringify(text)}; true`);
  }

  async stop() {
    if (this.process && this.process.exitCode === null) {
      const ended = new Promise((resolve) => this.process.once('exit', resolve));
      setTimeout(() => this.process.kill('SIGKILL'), 5000).unref();
      this.session = undefined;
      if (this.socket) this.call('Browser.close').catch(() => {});
      else this.process.kill('SIGKILL');
      await ended;
    }
    if (this.folder) rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

const left = '[data-client="left"]';
const right = '[data-client="right"]';
const markup = '<img src=x onerror="document.title = 1">';

async function tour(browser) {
  await browser.open(url);
  await browser.until('[data-client="right"] [data-part="login"]');
  for (const client of [left, right]) {
    await browser.click(`${client} [data-part="enter"]`);
    await browser.until(`${client}[data-state="ready"]`);
  }
  await browser.click(`${left} [data-part="subscribeButton"]`);
  await browser.until(`${left} [data-part="topics"] li:not([data-pending])`, 'messages.channel.general');

  await browser.fill(`${right} [name="data"]`, JSON.stringify({ content: markup, number: '1' }).replace('"1"', '12345678901234567890'));
  await browser.click(`${right} [data-part="publishButton"]`);
  await browser.until(`${left} [data-part="frames"] li[data-direction="in"][data-type="message"]`, '12345678901234567890');
  await browser.until(`${left} [data-part="frames"] li[data-type="message"]`, '<img src=x');
  if (await browser.run('document.querySelector("img") || document.title === "1"')) throw new Error('a message became markup');

  await browser.click(`${right} [data-part="publish"] [value="http"]`);
  await browser.click(`${right} [data-part="publishButton"]`);
  await browser.until(`${right} [data-part="answer"]`, '201');
  await browser.until(`${left} [data-part="frames"] li[data-direction="in"][data-type="message"]`, 'over HTTP');

  await browser.click(`${left} [data-part="topics"] button`);
  await browser.until(`${left} [data-part="frames"] li[data-direction="in"][data-type="unsubscribed"]`);
  await browser.until(`${left} [data-part="topics"]:empty`);

  await browser.call('Emulation.setDeviceMetricsOverride', { width: 400, height: 800, deviceScaleFactor: 1, mobile: true });
  const width = await browser.run('document.documentElement.scrollWidth');
  if (width > 400) throw new Error(`on a small screen the page is ${width} wide`);
  if (seen.length > 0) throw new Error('the browser complained');
}

(async () => {
  const browser = new Browser();
  const deadline = new Promise((_, reject) => setTimeout(() => reject(new Error(`not done after ${DEADLINE} ms`)), DEADLINE).unref());
  let failure;
  try {
    await Promise.race([browser.start(), deadline]);
    await Promise.race([tour(browser), deadline]);
  } catch (error) {
    failure = error;
    const look = browser.session ? browser.run('document.body.innerText') : '';
    const text = await Promise.race([look, new Promise((resolve) => setTimeout(resolve, 2000, ''))]).catch(() => '');
    console.log([error.stack, ...seen, text].join('\n'));
  }
  await browser.stop();
  process.exit(failure ? 1 : 0);
})();
