extension PlaygroundPage {
    /// What shows frames: pretty JSON, and the list of the newest.
    ///
    /// Text from outside only ever becomes text nodes.
    static let framesScript = #"""
        'use strict';

        const MAX_ROWS = 500;
        const MAX_TEXT = 20000;
        const MAX_COLOURED = 4000;

        function element(name, className, text) {
          const made = document.createElement(name);
          if (className) made.className = className;
          if (text !== undefined) made.textContent = text;
          return made;
        }

        // Lays out the text itself: numbers, order and escapes stay as they came, which JSON.parse would not keep.
        function* prettyJSON(text) {
          const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g) ?? [];
          let depth = 0;
          const newLine = () => '\n' + '  '.repeat(depth);
          for (const [index, token] of tokens.entries()) {
            const [before, after] = [tokens[index - 1], tokens[index + 1]];
            if (token === '{' || token === '[') {
              depth += 1;
              yield ['', after === '}' || after === ']' ? token : token + newLine()];
            } else if (token === '}' || token === ']') {
              depth = Math.max(0, depth - 1);
              yield ['', before === '{' || before === '[' ? token : newLine() + token];
            } else if (token === ',') {
              yield ['', token + newLine()];
            } else if (token === ':') {
              yield ['', ': '];
            } else if (token.startsWith('"')) {
              yield [after === ':' ? 'key' : 'string', token];
            } else {
              yield [/^[-\d]/.test(token) ? 'number' : 'word', token];
            }
          }
        }

        function showJSON(pre, text) {
          const cut = text.slice(0, MAX_TEXT);
          if (text.length > MAX_COLOURED) {
            pre.textContent = Array.from(prettyJSON(cut), ([, piece]) => piece).join('');
          } else {
            pre.replaceChildren(...Array.from(prettyJSON(cut), ([kind, piece]) => (kind ? element('span', kind, piece) : piece)));
          }
          if (cut.length < text.length) pre.append(`\n… and ${text.length - cut.length} characters more`);
        }

        // Tokens and passwords are nobody's business who looks over a shoulder.
        function masked(text) {
          return text.replace(/"(token|accessToken|refreshToken|password)"\s*:\s*"((?:[^"\\]|\\.)*)"/g, (_, name, value) => {
            const shown = name === 'password' ? '…' : `${value.slice(0, 6)}… (${value.length} characters)`;
            return `${JSON.stringify(name)}:${JSON.stringify(shown)}`;
          });
        }

        function clockTime(date) {
          const digits = (number, length = 2) => String(number).padStart(length, '0');
          return `${digits(date.getHours())}:${digits(date.getMinutes())}:${digits(date.getSeconds())}.${digits(date.getMilliseconds(), 3)}`;
        }

        // The newest rows of one client. What comes between two pictures of the screen is put in at once.
        class FrameList {
          constructor(list, count) {
            this.list = list;
            this.count = count;
            list.addEventListener('scroll', () => this.scrolled());
            new ResizeObserver(() => this.follow()).observe(list);
            this.clear();
          }

          // direction: 'in', 'out' or 'note'; kind: 'message', 'good', 'bad', 'http' or ''.
          add(direction, type, what = '', text = '', kind = '') {
            this.waiting.push({ direction, type, what, text, kind, at: new Date() });
            if (this.waiting.length > MAX_ROWS) this.waiting.shift();
            this.total += 1;
            if (this.waiting.length === 1) requestAnimationFrame(() => this.flush());
          }

          clear() {
            this.waiting = [];
            this.total = 0;
            this.isFollowing = true;
            this.followedTo = 0;
            this.list.replaceChildren();
            this.tell();
          }

          flush() {
            this.list.append(...this.waiting.map((entry) => this.row(entry)));
            this.waiting = [];
            while (this.list.childElementCount > MAX_ROWS) this.list.firstElementChild.remove();
            this.follow();
            this.tell();
          }

          // Keeps the newest in sight, unless somebody has scrolled up to read.
          follow() {
            if (!this.isFollowing) return;
            this.list.scrollTop = this.list.scrollHeight;
            this.followedTo = this.list.scrollTop;
          }

          // News of a scroll may come late, when there are new rows already: only up is away from the end.
          scrolled() {
            const { scrollHeight, scrollTop, clientHeight } = this.list;
            if (scrollHeight - scrollTop - clientHeight < 8) this.isFollowing = true;
            else if (scrollTop < this.followedTo - 8) this.isFollowing = false;
          }

          tell() {
            this.count.textContent = this.total > MAX_ROWS ? `the last ${MAX_ROWS} of ${this.total}` : this.total ? String(this.total) : '';
          }

          row({ direction, type, what, text, kind, at }) {
            const row = element('li');
            Object.assign(row.dataset, { direction, type, kind });
            const [arrow, meaning] = { in: ['←', 'received '], out: ['→', 'sent '], note: ['·', ''] }[direction];
            const head = element(text ? 'summary' : 'div', 'head');
            const mark = element('span', 'arrow', arrow);
            mark.ariaHidden = 'true';
            const name = element('span', 'type');
            name.append(element('span', 'unseen', meaning), type);
            const topic = element('span', 'what', what);
            topic.title = what;
            head.append(mark, name, topic, element('time', '', clockTime(at)));
            row.append(text ? this.details(head, text, kind) : head);
            return row;
          }

          details(head, text, kind) {
            const details = element('details');
            const pre = element('pre');
            details.append(head, pre);
            const fill = () => {
              if (details.open && !pre.hasChildNodes()) showJSON(pre, text);
            };
            details.addEventListener('toggle', fill);
            details.open = kind === 'message' || kind === 'bad' || kind === 'http';
            fill();
            return details;
          }
        }
        """#
}
