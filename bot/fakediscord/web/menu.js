// The "Apps" menu of a message: the bot's commands that take a message.

import { el } from "./dom.js";

/** The button and its menu; null when the bot has no such command. */
export function drawAppsMenu(message, room) {
  const commands = room.messageCommands();
  if (!commands.length) return null;
  const button = el(
    "button",
    { type: "button", class: "apps", "aria-haspopup": "menu", "aria-expanded": "false" },
    "⋯ Apps",
  );
  const run = (command) => {
    close();
    room.menu(message, command.name, button);
  };
  const items = commands.map((command) =>
    el("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => run(command) }, command.name),
  );
  const list = el("div", { class: "apps-menu", role: "menu", "aria-label": "Apps", hidden: true }, items);
  const close = () => {
    const hadFocus = list.contains(document.activeElement);
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (hadFocus) button.focus();
  };
  button.addEventListener("click", () => {
    if (!list.hidden) return close();
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    items[0].focus();
    list.scrollIntoView({ block: "nearest" });
  });
  const holder = el("div", { class: "tools" }, button, list);
  holder.addEventListener("focusout", (event) => {
    if (!holder.contains(event.relatedTarget)) close();
  });
  list.addEventListener("keydown", (event) => {
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at + items.length - 1) % items.length].focus();
    else return;
    event.preventDefault();
  });
  return holder;
}
