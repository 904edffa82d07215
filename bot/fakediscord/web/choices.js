// The list above the box: suggestions for whichever input owns it, driven from that input's keyboard.

import { byId, el } from "./dom.js";

export class Choices {
  constructor() {
    this.panel = byId("popup");
    this.head = byId("popup-head");
    this.list = byId("choices");
    this.note = byId("popup-note");
    this.owner = null;
    this.items = [];
    this.active = -1;
    this.panel.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
  }

  /**
   * Show items [{name, detail}] for an input; `pick(item)` is called with the one taken. `first`: highlight the first
   * at once (else Enter is the input's own until an arrow key chooses).
   */
  show(owner, items, { head = "", note = "", first = false, pick }) {
    if (this.owner !== owner) this.hide();
    this.owner = owner;
    this.items = items;
    this.pick = pick;
    this.head.textContent = head;
    this.note.textContent = note;
    this.list.replaceChildren(...items.map((item, i) => this.draw(item, i)));
    this.list.hidden = items.length === 0;
    this.panel.hidden = !items.length && !head && !note;
    if (owner.role === "combobox") owner.setAttribute("aria-expanded", String(items.length > 0));
    this.highlight(first && items.length ? 0 : -1);
  }

  draw(item, i) {
    const node = el(
      "li",
      { id: `choice-${i}`, role: "option", "aria-selected": "false" },
      el("span", {}, item.name),
      item.detail ? el("small", {}, item.detail) : null,
    );
    node.addEventListener("click", () => this.take(i));
    return node;
  }

  hide() {
    if (this.owner?.role === "combobox") this.owner.setAttribute("aria-expanded", "false");
    this.owner?.removeAttribute("aria-activedescendant");
    this.panel.hidden = true;
    this.owner = null;
    this.items = [];
    this.active = -1;
  }

  get open() {
    return this.owner !== null && this.items.length > 0;
  }

  /** Whether the panel stands there, be it with nothing but a note. */
  get shown() {
    return !this.panel.hidden;
  }

  highlight(i) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = i;
    const node = this.list.children[i];
    if (!node) return void this.owner?.removeAttribute("aria-activedescendant");
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    this.owner.setAttribute("aria-activedescendant", node.id);
  }

  /** Move the highlight by one, around the ends. */
  move(by) {
    const count = this.items.length;
    const from = this.active === -1 && by < 0 ? 0 : this.active;
    this.highlight((from + by + count) % count);
  }

  /** Take the highlighted item (or the i-th); false when there is none. */
  take(i = this.active) {
    const item = this.items[i];
    if (!item) return false;
    this.pick(item);
    return true;
  }
}
