// Keeps the messages of one channel on the page: in order, edited in place, without moving what is being read.

import { byId, el } from "./dom.js";
import { drawMessage, drawNotice } from "./message.js";

const NEAR_BOTTOM = 40;
const SAME_BREATH = 7 * 60_000;

export class Log {
  constructor(calls, me) {
    this.calls = calls;
    this.me = me;
    this.node = byId("log");
    this.inner = this.node.querySelector(".messages"); // says that it starts until a channel is opened
    this.room = null; // set by the page before the first open()
    this.channel = null;
    this.waiting = null; // events that arrive while the channel is being read
    this.gone = new Set(JSON.parse(sessionStorage.getItem(`dismissed-${me.id}`) ?? "[]"));
    this.sources = new WeakMap(); // what each node was drawn from
    this.stuck = true;
    this.tall = null;
    this.node.addEventListener("scroll", () => (this.stuck = this.isAtBottom()));
    const keepDown = new ResizeObserver(() => this.stuck && this.toBottom());
    keepDown.observe(this.inner);
    keepDown.observe(this.node);
  }

  /** Show a channel; read again, for instance after a lost connection, only what changed is drawn anew. */
  async open(channelId) {
    const again = this.channel === channelId;
    this.channel = channelId;
    const waiting = (this.waiting = []);
    const messages = await this.calls.get("messages", { channel: channelId });
    if (this.waiting !== waiting) return; // another channel was opened meanwhile
    this.waiting = null;
    this.change(() => {
      if (!again) this.inner.replaceChildren();
      const kept = new Set(messages.map((each) => String(each.id)));
      for (const node of [...this.inner.children]) if (node.dataset.id && !kept.has(node.dataset.id)) node.remove();
      for (const message of messages.sort(byNumber)) this.put(message, false);
      this.arrange();
    });
    if (!again) this.toBottom();
    for (const [kind, happened] of waiting) this.receive(kind, happened);
  }

  /** One event of this channel: message, message_edited or message_deleted. */
  receive(kind, happened) {
    if (this.waiting) return void this.waiting.push([kind, happened]);
    this.change(() => {
      if (kind === "message_deleted") this.find(happened.id ?? happened.message.id)?.remove();
      else this.put(happened.message, kind === "message_edited");
      this.arrange();
    });
  }

  put(message, edited) {
    const old = this.find(message.id);
    if (old) return this.sources.get(old) === JSON.stringify(message) ? undefined : this.replace(old, message);
    if (edited || this.gone.has(message.id)) return;
    if (message.interaction_metadata?.user?.id === this.me.id) {
      this.inner.querySelector(".pending:not([hidden])")?.setAttribute("hidden", "");
      this.stuck = true; // what one asked for, by a command or a press, is shown
    }
    const later = [...this.inner.children].find(
      (each) => each.dataset.id && BigInt(each.dataset.id) > BigInt(message.id),
    );
    const before = later ?? this.inner.querySelector(".pending");
    const node = this.inner.insertBefore(this.draw(message), before ?? null);
    if (this.stuck && !later && this.tall === null && node.offsetHeight > this.node.clientHeight) this.tall = node;
  }

  /** The focus stays on the same control, or on the message when that control is gone. */
  replace(old, message) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const fresh = this.draw(message);
    old.replaceWith(fresh);
    if (focused) this.refocus(focused);
  }

  /** Focus what now stands where a control stood, which may be gone since its message was drawn anew. */
  refocus(control) {
    const fresh = this.find(control.closest("[data-id]")?.dataset.id);
    const { place } = control.dataset;
    const same = place && fresh?.querySelector(`[data-place="${CSS.escape(place)}"]:not(:disabled)`);
    (same || fresh)?.focus({ preventScroll: true });
  }

  draw(message) {
    const node = drawMessage(message, this.room);
    node.dataset.author = message.author.id;
    this.sources.set(node, JSON.stringify(message));
    node.dataset.at = String(Date.parse(message.timestamp));
    return node;
  }

  find(id) {
    return this.inner.querySelector(`[data-id="${CSS.escape(String(id))}"]`);
  }

  /** Hide a private message for good; only its reader ever had it. */
  dismiss(message) {
    this.gone.add(message.id);
    sessionStorage.setItem(`dismissed-${this.me.id}`, JSON.stringify([...this.gone]));
    this.change(() => {
      this.find(message.id)?.remove();
      this.arrange();
    });
    this.node.focus({ preventScroll: true });
  }

  /** Say under a message that pressing something in it failed; null takes it back. */
  fail(messageId, text) {
    const message = this.find(messageId);
    message?.querySelector(".body > .failure")?.remove();
    if (text) message?.querySelector(".body").append(el("p", { class: "failure", role: "alert" }, text));
  }

  /** A command under way: call settle() when it is answered, or fail(text). */
  pending(command) {
    const traits = { person: this.me.name, command, botName: this.room.names.world.bot.name };
    const node = drawNotice({ ...traits, text: `${traits.botName} is thinking` });
    node.classList.add("pending");
    this.stuck = true;
    this.change(() => {
      this.inner.append(node);
      this.arrange();
    });
    const fail = (text) => {
      const failed = drawNotice({ ...traits, text, failed: true, dismiss: () => this.change(() => failed.remove()) });
      this.change(() => node.replaceWith(failed));
    };
    return { settle: () => this.change(() => node.remove()), fail };
  }

  /** Mark messages that follow their author's last one and are seen by the same people, and say so when there are none. */
  arrange() {
    this.inner.querySelector(".empty")?.remove();
    const nodes = [...this.inner.children];
    nodes.forEach((node, i) => {
      const last = nodes[i - 1];
      const follows =
        last?.dataset.author &&
        last.dataset.author === node.dataset.author &&
        last.classList.contains("private") === node.classList.contains("private") &&
        node.dataset.at - last.dataset.at < SAME_BREATH;
      node.classList.toggle("continued", Boolean(follows) && !node.querySelector(":scope > .origin"));
    });
    if (!nodes.length)
      this.inner.append(
        el("p", { class: "empty" }, `Nothing here yet. Type / to see what ${this.room.names.world.bot.name} can do.`),
      );
  }

  /** Make a change; what was at the top of the view stays there, and the bottom stays the bottom. */
  change(make) {
    const top = this.node.getBoundingClientRect().top;
    const first = [...this.inner.children].find((each) => each.getBoundingClientRect().bottom > top);
    const before = first?.getBoundingClientRect().top;
    const id = first?.dataset.id;
    make();
    if (this.tall) return this.toTop(this.tall);
    if (this.stuck) return this.toBottom();
    const anchor = first?.isConnected ? first : id && this.find(id);
    if (anchor) this.node.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  isAtBottom() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_BOTTOM;
  }

  /** A new message taller than the view is read from its beginning. */
  toTop(node) {
    this.tall = null;
    this.stuck = false;
    this.node.scrollTop += node.getBoundingClientRect().top - this.node.getBoundingClientRect().top;
  }

  toBottom() {
    this.tall = null;
    this.node.scrollTop = this.node.scrollHeight;
    this.stuck = true;
  }
}

const byNumber = (a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1);
