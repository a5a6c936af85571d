extension PlaygroundPage {
    static let style = #"""
        :root {
          color-scheme: light dark;
          --ground: #f4f5f7; --surface: #ffffff; --sunken: #f8f9fb; --line: #dcdfe5; --field: #8a929e;
          --text: #1b1f26; --quiet: #59616e;
          --blue: #3358d4; --green: #1a7f4b; --red: #c0302b; --amber: #8f5a00; --violet: #7a3fbf;
          --accent: var(--blue); --on-accent: #ffffff; --alarm: #fdf0ef;
          --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #101317; --surface: #181c22; --sunken: #13171c; --line: #2b313a; --field: #6c7684;
            --text: #e4e7ec; --quiet: #9aa4b2;
            --blue: #86a5ff; --green: #62c795; --red: #ff8f87; --amber: #e3b04f; --violet: #c39bf5;
            --on-accent: #10131a; --alarm: #2a1a1b;
          }
        }
        * { box-sizing: border-box; margin: 0; }
        [hidden] { display: none !important; }
        body { background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
          min-height: 100vh; display: flex; flex-direction: column; }
        code, pre { font-family: var(--mono); font-size: 13px; }
        code { overflow-wrap: anywhere; }
        h1 { font-size: 20px; letter-spacing: -0.01em; }
        h2 { font-size: 16px; }
        h3 { font-size: 13px; font-weight: 600; }

        .top { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 16px; padding: 18px 20px 2px; }
        .top p { color: var(--quiet); }
        .top code { color: var(--text); }
        body > noscript .notice { margin: 16px 20px; }
        main { flex: 1; display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; padding: 14px 20px 20px; }
        .client { display: flex; flex-direction: column; gap: 10px; min-width: 0; }
        .client[data-client="right"] { --accent: var(--violet); }
        .card { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; }
        form.card { display: grid; gap: 10px; }
        form.card > div { display: grid; gap: 10px; }
        .bar { display: flex; align-items: center; gap: 10px; }
        .client > .bar { padding: 2px 2px 0; }
        .bar h2::before { content: ""; display: inline-block; width: 10px; height: 10px; margin-right: 9px; border-radius: 3px;
          background: var(--accent); }

        .state { display: flex; align-items: center; gap: 7px; margin-left: auto; color: var(--quiet); font-size: 13px; min-width: 0; }
        .state::before { content: ""; flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--field); }
        [data-state="connecting"] .state::before, [data-state="authenticating"] .state::before { background: var(--amber); }
        [data-state="ready"] .state::before { background: var(--green); }
        [data-state="closed"] .state::before { background: var(--red); }

        label { display: grid; gap: 3px; font-size: 12.5px; color: var(--quiet); min-width: 0; }
        input, textarea { width: 100%; min-width: 0; padding: 7px 10px; border: 1px solid var(--field); border-radius: 7px;
          background: var(--sunken); color: var(--text); font: inherit; font-size: 14px; }
        textarea, input[name="topic"], input[name="token"] { font-family: var(--mono); font-size: 13px; }
        textarea { resize: vertical; min-height: 3.4em; line-height: 1.45; display: block; }
        ::placeholder { color: var(--quiet); opacity: 1; }
        button { font: inherit; font-size: 14px; font-weight: 550; padding: 7px 14px; border: 1px solid var(--field); border-radius: 7px;
          background: var(--surface); color: var(--text); cursor: pointer; white-space: nowrap; }
        button:hover:not(:disabled) { border-color: var(--accent); color: var(--accent); }
        button:disabled { color: var(--quiet); border-color: var(--line); cursor: default; }
        button.main, [data-state="ready"] [data-part="publishButton"] { background: var(--accent); border-color: var(--accent);
          color: var(--on-accent); }
        button.main:hover:not(:disabled), [data-state="ready"] [data-part="publishButton"]:hover:not(:disabled) { color: var(--on-accent);
          filter: brightness(1.08); }
        button.small { padding: 3px 11px; font-size: 13px; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

        form.card > .line, .line { display: flex; flex-wrap: wrap; align-items: end; gap: 10px; }
        .line label { flex: 1 1 150px; }
        .line.end { justify-content: flex-end; align-items: center; }
        .line output { flex: 1; min-width: 0; font-size: 13px; color: var(--quiet); overflow-wrap: anywhere; }
        .hint { font-size: 12.5px; color: var(--quiet); }

        .switch { position: relative; display: flex; border: 0; padding: 0; gap: 4px 16px; flex-wrap: wrap; border-bottom: 1px solid var(--line); }
        .switch legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .switch label { position: relative; font-size: 13.5px; cursor: pointer; }
        .switch input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
        .switch span { padding: 0 1px 6px; border-bottom: 2px solid transparent; margin-bottom: -1px; }
        .switch input:checked + span { color: var(--text); font-weight: 600; border-color: var(--accent); }
        .switch input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
        form:has([value="password"]:checked) [data-when="token"], form:has([value="token"]:checked) [data-when="password"],
        form:has([value="socket"]:checked) [data-when="http"], form:has([value="http"]:checked) [data-when="socket"] { display: none; }

        .account { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
        .account p { flex: 1 1 120px; min-width: 0; overflow-wrap: anywhere; font-size: 14px; }
        .notice { display: flex; align-items: start; gap: 10px; padding: 9px 14px; border: 1px solid var(--red); border-radius: 10px;
          background: var(--alarm); }
        .notice p { flex: 1; min-width: 0; overflow-wrap: anywhere; }
        .notice strong { color: var(--red); }
        .notice button { background: none; border-color: transparent; color: var(--red); font-size: 16px; padding: 0 6px; }

        .chips { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 6px; }
        .chips:empty { display: none; }
        .chips li { display: flex; align-items: center; max-width: 100%; padding-left: 11px; border: 1px solid var(--accent);
          border-radius: 999px; color: var(--accent); font: 12.5px var(--mono); }
        .chips li span { overflow-wrap: anywhere; min-width: 0; }
        .chips li[data-pending] { border-style: dashed; color: var(--quiet); border-color: var(--field); }
        .chips button { border: 0; background: none; color: inherit; padding: 1px 10px 2px 6px; font-size: 15px; border-radius: 999px; }

        .frames { flex: 1; display: flex; flex-direction: column; gap: 8px; padding: 10px 0 0; overflow: hidden; }
        .frames .bar { padding: 0 14px; }
        .frames .bar p { flex: 1; }
        .frames ol { flex: 1 1 0; min-height: 200px; overflow: auto; list-style: none; padding: 0; border-top: 1px solid var(--line);
          background: var(--sunken); border-radius: 0 0 9px 9px; overscroll-behavior: contain; }
        .frames ol:focus-visible { outline-offset: -2px; }
        .frames ol:empty::before { content: "Nothing yet. Every frame and every request shows here, both ways."; display: block;
          padding: 14px; color: var(--quiet); font-size: 13px; }
        .frames li { position: relative; border-bottom: 1px solid var(--line); --type: var(--quiet); }
        .frames li[data-kind="message"] { --type: var(--blue); }
        .frames li[data-kind="good"] { --type: var(--green); }
        .frames li[data-kind="bad"] { --type: var(--red); }
        .frames li[data-kind="http"] { --type: var(--amber); }
        .frames .head { display: grid; grid-template-columns: auto auto minmax(0, 1fr) auto; gap: 8px; align-items: baseline;
          padding: 5px 14px; font-size: 13px; list-style: none; }
        .frames summary { cursor: pointer; }
        .frames summary::-webkit-details-marker { display: none; }
        .frames summary:focus-visible { outline-offset: -2px; }
        .frames summary:hover { background: var(--surface); }
        .frames .arrow { color: var(--quiet); }
        .frames .type { color: var(--type); font-weight: 600; }
        .frames .what { font-family: var(--mono); font-size: 12.5px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .frames time { color: var(--quiet); font: 12px var(--mono); }
        .frames pre { margin: 0 14px 9px; padding-left: 12px; border-left: 2px solid var(--type); white-space: pre-wrap;
          overflow-wrap: anywhere; font-size: 12.5px; line-height: 1.5; }
        .key { color: var(--quiet); } .string { color: var(--green); } .number { color: var(--amber); } .word { color: var(--violet); }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

        @media (max-width: 799px) {
          .top { padding: 14px 14px 0; }
          main { grid-template-columns: minmax(0, 1fr); padding: 12px 14px 16px; gap: 26px; }
          .frames ol { flex: none; max-height: 60vh; min-height: 120px; }
        }
        @media (pointer: coarse) {
          form.card input, form.card textarea { font-size: 16px; }
          .chips button { padding: 6px 12px 7px 8px; }
        }
        """#
}
