// Reads Discord's markdown into blocks: text, headings, small print, quotes, lists, code. Pure.

import { parseInline } from "./inline.js";

const FENCE = "```";
const LANGUAGE = /^[\w+.#-]+\n/;
const HEADING = /^(#{1,3})\s+(\S.*)$/;
const SMALL = /^-#\s+(\S.*)$/;
const ITEM = /^( *)(?:[-*]|(\d{1,9})\.) +(.*)$/;
const QUOTE = /^> (.*)$/;
const REST_QUOTE = /^>>> ([^]*)$/;

/**
 * Blocks: {kind: "text" | "heading" (level) | "small", inside}, {kind: "quote", blocks},
 * {kind: "list", ordered, start, items: [{inside, lists}]}, {kind: "code", text}.
 */
export function parseBlocks(text) {
  const blocks = [];
  for (const part of cutFences(text)) {
    if (part.code !== undefined) blocks.push({ kind: "code", text: part.code });
    else blocks.push(...parseLines(part.text, false));
  }
  return blocks;
}

function cutFences(text) {
  const parts = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(FENCE, at)) {
      const close = text.indexOf(FENCE, at + FENCE.length);
      if (close === -1) break;
      const code = text.slice(at + FENCE.length, close).replace(LANGUAGE, "");
      if (!code.trim()) continue;
      if (at > from) parts.push({ text: text.slice(from, at).replace(/\n$/, "") });
      parts.push({ code: code.replace(/^\n+|\n+$/g, "") });
      from = close + FENCE.length;
      if (text[from] === "\n") from++;
      at = from - 1;
    }
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

function parseLines(text, quoted) {
  const lines = text.split("\n");
  const blocks = [];
  let plain = [];
  const flush = () => {
    if (plain.length) blocks.push({ kind: "text", inside: parseInline(plain.join("\n")) });
    plain = [];
  };
  const add = (block) => {
    flush();
    blocks.push(block);
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    let m;
    if ((m = HEADING.exec(line))) add({ kind: "heading", level: m[1].length, inside: parseInline(m[2]) });
    else if ((m = SMALL.exec(line))) add({ kind: "small", inside: parseInline(m[1]) });
    else if (!quoted && (m = REST_QUOTE.exec(lines.slice(i).join("\n")))) {
      add({ kind: "quote", blocks: parseLines(m[1], true) });
      break;
    } else if (!quoted && QUOTE.test(line)) {
      const end = runEnd(lines, i, (each) => QUOTE.test(each));
      add({
        kind: "quote",
        blocks: parseLines(
          lines
            .slice(i, end)
            .map((each) => each.slice(2))
            .join("\n"),
          true,
        ),
      });
      i = end - 1;
    } else if (ITEM.test(line)) {
      const end = runEnd(lines, i, (each) => continues(each, ITEM.exec(line)));
      add(parseList(lines.slice(i, end)));
      i = end - 1;
    } else plain.push(line);
  }
  flush();
  return blocks;
}

function runEnd(lines, from, belongs) {
  let end = from;
  while (end < lines.length && belongs(lines[end])) end++;
  return end;
}

/** Whether a line goes on with the list that `first` began: deeper, or an item of the same kind. */
function continues(line, first) {
  const m = ITEM.exec(line);
  if (!m) return /^ {2,}\S/.test(line);
  return m[1].length > first[1].length + 1 || (m[2] === undefined) === (first[2] === undefined);
}

/** One list from its lines: a deeper indent opens a list inside the item before it, a lesser one closes it. */
function parseList(lines) {
  const root = newList(ITEM.exec(lines[0]));
  const open = [root];
  for (const line of lines) {
    const m = ITEM.exec(line);
    const top = open[open.length - 1];
    if (!m) {
      top.items[top.items.length - 1].text += "\n" + line.trim();
      continue;
    }
    const indent = m[1].length;
    while (open.length > 1 && indent < open[open.length - 1].indent) open.pop();
    let list = open[open.length - 1];
    if (indent > list.indent + 1 && list.items.length && open.length < 11) {
      const inner = newList(m);
      list.items[list.items.length - 1].lists.push(inner);
      open.push(inner);
      list = inner;
    }
    list.items.push({ text: m[3], lists: [] });
  }
  return finished(root);
}

const newList = (m) => ({ indent: m[1].length, ordered: m[2] !== undefined, start: Number(m[2] ?? 1), items: [] });

const finished = (list) => ({
  kind: "list",
  ordered: list.ordered,
  start: list.start,
  items: list.items.map((item) => ({ inside: parseInline(item.text), lists: item.lists.map(finished) })),
});
