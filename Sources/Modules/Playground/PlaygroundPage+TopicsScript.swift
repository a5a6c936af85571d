extension PlaygroundPage {
    /// What one client is subscribed to, as chips that end a subscription.
    static let topicsScript = #"""
        class TopicList {
          constructor(list, unsubscribe) {
            this.list = list;
            this.unsubscribe = unsubscribe;
          }

          get names() { return Array.from(this.list.children, (chip) => chip.dataset.topic); }

          chip(topic) { return Array.from(this.list.children).find((chip) => chip.dataset.topic === topic); }

          // Shows a topic as asked for.
          add(topic) {
            const chip = this.chip(topic) ?? this.list.appendChild(this.made(topic));
            chip.dataset.pending = '';
          }

          confirm(topic) {
            this.add(topic);
            delete this.chip(topic).dataset.pending;
          }

          remove(topic) { this.chip(topic)?.remove(); }

          clear() { this.list.replaceChildren(); }

          // The connection has gone: the topics stay, to be asked for again.
          suspend() {
            for (const chip of this.list.children) chip.dataset.pending = '';
          }

          made(topic) {
            const chip = element('li');
            chip.dataset.topic = topic;
            const end = element('button', '', '×');
            end.type = 'button';
            end.ariaLabel = `Unsubscribe from ${topic}`;
            end.addEventListener('click', () => (this.list.closest('[data-state="ready"]') ? this.unsubscribe(topic) : this.remove(topic)));
            chip.append(element('span', '', topic), end);
            return chip;
          }
        }
        """#
}
