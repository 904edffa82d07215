// A select menu of a message: a button that opens a list; one choice is sent at once, several with a button.

import { el } from "./dom.js";

let opened = 0;

/** `options` are Discord's ({label, value, description, default}) or names' ({name, value, detail}). */
export function drawSelect(select, options, choose, place) {
  const most = select.max_values ?? 1;
  const id = `picker-${++opened}`;
  const picked = new Set(options.filter((each) => each.default).map((each) => each.value));
  const shown = options
    .filter((each) => picked.has(each.value))
    .map(labelOf)
    .join(", ");
  const empty = select.placeholder || "Make a selection";
  const button = el(
    "button",
    {
      type: "button",
      class: "picker",
      "data-place": place,
      disabled: Boolean(select.disabled),
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-controls": id,
    },
    shown || el("span", { class: "placeholder" }, empty),
  );
  const list = el("ul", {
    id,
    class: "options",
    role: "listbox",
    tabindex: "-1",
    "aria-label": empty,
    "aria-multiselectable": most > 1 ? "true" : null,
  });
  const send = el("button", { type: "button", class: "button primary" }, "Choose");
  const panel = el("div", { class: "picker-panel", hidden: true }, list, most > 1 ? send : null);
  const state = { select, options, picked, list, panel, button, most, id, active: 0, choose };
  list.append(...options.map((option, i) => drawOption(option, i, state)));
  button.addEventListener("click", () => (panel.hidden ? open(state) : close(state)));
  list.addEventListener("keydown", (event) => onKey(event, state));
  send.addEventListener("click", () => finish(state));
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget) && event.relatedTarget !== button)
      close(state, false);
  });
  return el("div", { class: "select" }, button, panel);
}

const labelOf = (option) => option.label ?? option.name;

function drawOption(option, i, state) {
  const detail = option.description ?? option.detail;
  const traits = { id: `${state.id}-${i}`, role: "option", "aria-selected": String(state.picked.has(option.value)) };
  const node = el("li", traits, el("span", {}, labelOf(option)), detail ? el("small", {}, detail) : null);
  node.addEventListener("click", () => take(state, i));
  return node;
}

function open(state) {
  state.panel.hidden = false;
  state.button.setAttribute("aria-expanded", "true");
  activate(
    state,
    Math.max(
      0,
      state.options.findIndex((each) => state.picked.has(each.value)),
    ),
  );
  state.list.focus();
  state.panel.scrollIntoView({ block: "nearest" });
}

function close(state, refocus = true) {
  state.panel.hidden = true;
  state.button.setAttribute("aria-expanded", "false");
  if (refocus) state.button.focus();
}

function activate(state, i) {
  const items = [...state.list.children];
  if (!items.length) return;
  state.active = Math.min(Math.max(i, 0), items.length - 1);
  items.forEach((item, at) => item.classList.toggle("active", at === state.active));
  state.list.setAttribute("aria-activedescendant", items[state.active].id);
  items[state.active].scrollIntoView({ block: "nearest" });
}

function take(state, i) {
  const option = state.options[i];
  if (!option) return;
  if (state.most === 1) {
    state.picked = new Set([option.value]);
    finish(state);
    return;
  }
  if (state.picked.has(option.value)) state.picked.delete(option.value);
  else if (state.picked.size < state.most) state.picked.add(option.value);
  state.list.children[i].setAttribute("aria-selected", String(state.picked.has(option.value)));
  activate(state, i);
}

function finish(state) {
  if (state.picked.size < (state.select.min_values ?? 1)) return;
  close(state);
  const inOrder = state.options.map((each) => each.value).filter((value) => state.picked.has(value));
  state.choose(inOrder, state.button);
}

function onKey(event, state) {
  const moves = { ArrowDown: state.active + 1, ArrowUp: state.active - 1, Home: 0, End: Infinity };
  if (event.key in moves) activate(state, moves[event.key]);
  else if (event.key === "Enter" || event.key === " ") take(state, state.active);
  else if (event.key === "Escape") close(state);
  else return;
  event.preventDefault();
}
