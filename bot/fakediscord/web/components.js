// Draws message components, first version and second: rows, buttons, selects, text, sections, containers, media.

import { colour, el, outwardLink } from "./dom.js";
import { covered, drawFile, drawPicture } from "./media.js";
import { drawSelect } from "./picker.js";
import { writeText } from "./writing.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "secondary" };
const SELECTS = { 3: null, 5: "user", 6: "role", 7: "mentionable", 8: "channel" };

/** Components of a message in order. A control's `data-place` is its way down the tree, the same after an edit. */
export function drawComponents(components, message, room, place = "c") {
  return (components ?? []).map((each, i) => drawComponent(each, message, room, `${place}.${i}`));
}

function drawComponent(component, message, room, place) {
  const inner = () => drawComponents(component.components, message, room, place);
  switch (component.type) {
    case 1:
      return el("div", { class: "row" }, inner());
    case 2:
      return drawButton(component, message, room, place);
    case 9:
      return drawSection(component, inner(), message, room, place);
    case 10:
      return writeText(component.content, room);
    case 11:
      return drawMedia(component, "thumbnail");
    case 12:
      return el(
        "div",
        { class: "gallery" },
        (component.items ?? []).map((item) => drawMedia(item, "picture")),
      );
    case 13:
      return drawFile({ address: component.file?.url, name: component.name, size: component.size });
    case 14:
      return drawSeparator(component);
    case 17:
      return drawContainer(component, inner());
    default:
      return drawOther(component, message, room, place);
  }
}

function drawOther(component, message, room, place) {
  if (!(component.type in SELECTS)) {
    return el("p", { class: "small" }, `(This page cannot show a component of type ${component.type}.)`);
  }
  const kind = SELECTS[component.type];
  const options = kind
    ? room.names.choices(kind, message.channel_id, component.channel_types)
    : (component.options ?? []);
  const choose = (values, node) => room.choose(message, component.custom_id, values, node);
  return drawSelect(component, options, choose, place);
}

function drawButton(button, message, room, place) {
  const label = button.label || (button.emoji?.id ? `:${button.emoji.name}:` : "");
  const emoji =
    button.emoji?.name && !button.emoji.id
      ? el("span", { "aria-hidden": label ? "true" : null }, button.emoji.name)
      : null;
  const traits = { class: `button ${STYLES[button.style] ?? "secondary"}`, "data-place": place };
  if (button.style === 5 && !button.disabled) {
    return outwardLink(button.url, traits, emoji, label, el("span", { class: "outward", "aria-hidden": "true" }));
  }
  const press = (event) => room.press(message, button.custom_id, event.currentTarget);
  return el("button", { ...traits, type: "button", disabled: Boolean(button.disabled), onclick: press }, emoji, label);
}

function drawSection(section, texts, message, room, place) {
  const accessory = section.accessory ? drawComponent(section.accessory, message, room, `${place}.a`) : null;
  return el("div", { class: "section" }, el("div", { class: "section-text" }, texts), accessory);
}

function drawMedia({ media, description, spoiler }, className) {
  return drawPicture({ address: media?.url, description, spoiler, className });
}

function drawSeparator({ divider = true, spacing = 1 }) {
  return el("hr", {
    class: `separator ${spacing === 2 ? "wide" : ""} ${divider ? "" : "bare"}`,
    "aria-hidden": divider ? null : "true",
  });
}

function drawContainer(container, inner) {
  const bar = colour(container.accent_color);
  const node = el("div", { class: bar ? "container barred" : "container" }, inner);
  if (bar) node.style.setProperty("--bar", bar);
  return container.spoiler ? covered(node) : node;
}
