// Turns Discord's markdown into DOM nodes: the one place where outside text meets the page.

import { parseBlocks } from "./blocks.js";
import { el, outwardLink } from "./dom.js";
import { parseInline } from "./inline.js";
import { timestamp } from "./moments.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strike: "s" };

/** A block of markdown (message content, a text display, an embed's description). */
export function writeText(text, room) {
  const blocks = parseBlocks(String(text ?? ""));
  return el(
    "div",
    { class: "text" },
    blocks.map((block) => writeBlock(block, room)),
  );
}

/** One line of markdown where Discord allows no blocks (an embed's title). */
export const writeLine = (text, room) => writeAll(parseInline(String(text ?? "")), room);

function writeBlock(block, room) {
  switch (block.kind) {
    case "heading": // under the page's own h1 and the server's h2
      return el(`h${block.level + 2}`, { class: `heading level-${block.level}` }, writeAll(block.inside, room));
    case "small":
      return el("p", { class: "small" }, writeAll(block.inside, room));
    case "quote":
      return el(
        "blockquote",
        {},
        block.blocks.map((each) => writeBlock(each, room)),
      );
    case "list":
      return writeList(block, room);
    case "code":
      return el("pre", { tabindex: "0", "aria-label": "Code" }, el("code", {}, block.text));
    default:
      return el("p", {}, writeAll(block.inside, room));
  }
}

function writeList(list, room) {
  const items = list.items.map((item) =>
    el(
      "li",
      {},
      writeAll(item.inside, room),
      item.lists.map((inner) => writeList(inner, room)),
    ),
  );
  return list.ordered ? el("ol", { start: list.start }, items) : el("ul", {}, items);
}

const writeAll = (nodes, room) => nodes.map((node) => writeNode(node, room));

function writeNode(node, room) {
  if (typeof node === "string") return node;
  switch (node.kind) {
    case "code":
      return el("code", {}, node.text);
    case "link":
      return outwardLink(node.href, { title: node.title ?? node.href }, writeAll(node.inside, room));
    case "time":
      return timestamp(node);
    case "spoiler":
      return writeSpoiler(node, room);
    case "person":
      return mention("@" + room.names.person(node.id));
    case "role":
      return mention("@" + room.names.role(node.id));
    case "channel":
      return writeChannel(node, room);
    case "command":
      return el(
        "button",
        { type: "button", class: "mention", onclick: () => room.fill(`/${node.name} `) },
        `/${node.name}`,
      );
    case "everyone":
      return room.pingsEveryone ? mention(node.text) : node.text;
    case "emoji":
      return `:${node.name}:`;
    default:
      return el(TAGS[node.kind], {}, writeAll(node.inside, room));
  }
}

const mention = (text) => el("span", { class: "mention" }, text);

function writeChannel(node, room) {
  const known = room.names.hasChannel(node.id);
  const label = "#" + room.names.channel(node.id);
  return known
    ? el("button", { type: "button", class: "mention", onclick: () => room.visit(node.id) }, label)
    : mention(label);
}

function writeSpoiler(node, room) {
  const hidden = el("span", { inert: true }, writeAll(node.inside, room));
  const cover = el(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler: press to show" },
    hidden,
  );
  const reveal = (event) => {
    if (event.type === "keydown" && !["Enter", " "].includes(event.key)) return;
    if (!hidden.inert) return;
    event.preventDefault();
    hidden.inert = false;
    for (const name of ["role", "aria-label"]) cover.removeAttribute(name);
    cover.classList.add("shown");
  };
  cover.addEventListener("click", reveal);
  cover.addEventListener("keydown", reveal);
  return cover;
}
