extension PlaygroundPage {
    static let head = #"""
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>gateway: two clients to try it with</title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%233358d4'/%3E%3Cpath d='M3 6h8l-2-2M13 10H5l2 2' fill='none' stroke='%23fff' stroke-width='1.6' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E">
        """#

    static let body = #"""
        <header class="top">
        <h1>gateway</h1>
        <p>Two clients of <code data-part="address"></code>. Log both in, subscribe on one side, publish on the other.</p>
        </header>
        <noscript><p class="notice">This page is a program: it needs JavaScript.</p></noscript>
        <main>
        <section class="client" data-client="left" aria-label="Client A"></section>
        <section class="client" data-client="right" aria-label="Client B"></section>
        </main>
        <datalist id="topics">
        <option value="messages.channel.general"><option value="messages.channel.*"><option value="messages.**"><option value="**">
        </datalist>
        """#

    /// Stands on the page twice.
    static let client = #"""
        <template id="client">
        <header class="bar">
        <h2 data-part="title"></h2>
        <p class="state" data-part="state" role="status"></p>
        </header>

        <form class="card" data-part="login" autocomplete="off" novalidate>
        <fieldset class="switch"><legend>How to log in</legend>
        <label><input type="radio" name="way" value="password" checked><span>E-mail and password</span></label>
        <label><input type="radio" name="way" value="token"><span>Token</span></label>
        </fieldset>
        <div class="line">
        <label data-when="password">E-mail<input name="email" type="email" value="user@example.com" autocapitalize="none" spellcheck="false"></label>
        <label data-when="password">Password<input name="password" type="password" value="password123" autocomplete="off"></label>
        <label data-when="token">Access token<input name="token" placeholder="eyJ…" autocapitalize="none" spellcheck="false"></label>
        <button class="main" data-part="enter">Log in and connect</button>
        </div>
        <p class="hint" data-when="token">Print one: <code>gateway token mint --profile dev --user bob</code></p>
        </form>

        <div class="card account" data-part="account" hidden>
        <p><strong data-part="user"></strong></p>
        <button type="button" class="small" data-part="toggle">Disconnect</button>
        <button type="button" class="small" data-part="leave">Log out</button>
        </div>

        <div class="notice" data-part="notice" role="alert" hidden>
        <p><strong data-part="noticeTitle"></strong> <span data-part="noticeText"></span></p>
        <button type="button" class="small" data-part="dismiss" aria-label="Dismiss the error">×</button>
        </div>

        <form class="card" data-part="subscribe" autocomplete="off">
        <div class="line">
        <label class="wide">Topic or pattern<input name="topic" list="topics" value="messages.channel.general" autocapitalize="none" spellcheck="false"></label>
        <button data-part="subscribeButton" disabled>Subscribe</button>
        </div>
        <ul class="chips" data-part="topics" aria-label="Subscriptions"></ul>
        </form>

        <form class="card" data-part="publish" autocomplete="off">
        <fieldset class="switch"><legend>How to send</legend>
        <label><input type="radio" name="way" value="socket" checked><span>Publish on the socket</span></label>
        <label><input type="radio" name="way" value="http"><span>Post over HTTP</span></label>
        </fieldset>
        <div data-when="socket">
        <label>Topic<input name="topic" list="topics" value="messages.channel.general" autocapitalize="none" spellcheck="false"></label>
        <label>Data, any JSON<textarea name="data" rows="2" spellcheck="false"></textarea></label>
        </div>
        <div data-when="http">
        <label>Body of POST /api/messages<textarea name="body" rows="4" spellcheck="false"></textarea></label>
        </div>
        <div class="line end">
        <output data-part="answer"></output>
        <button data-part="publishButton" disabled>Send</button>
        </div>
        </form>

        <section class="card frames" aria-label="Frames">
        <div class="bar">
        <h3>Frames</h3>
        <p class="hint" data-part="count"></p>
        <button type="button" class="small" data-part="ping" disabled>Ping</button>
        <button type="button" class="small" data-part="clear">Clear</button>
        </div>
        <ol data-part="frames" tabindex="0" aria-label="Frames, the newest last"></ol>
        </section>
        </template>
        """#
}
