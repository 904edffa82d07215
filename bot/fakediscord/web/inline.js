// Reads the inline half of Discord's markdown into a tree. Pure: strings in, plain objects out.

const DEEPEST = 12;
const MAYBE = /[\\`*_~|<[@h]/g;
const BARE_LINK = /https?:\/\/[^\s<]+/y;
const ESCAPE = /\\([^0-9A-Za-z\s])/y;
const CODE = /(`+)(?!`)/y;
const ANGLED =
  /<(?:(https?:\/\/[^\s<>]+)|t:(-?\d{1,17})(?::([tTdDfFRsS]))?|@!?(\d+)|#(\d+)|@&(\d+)|\/([^:<>\n]{1,100}):(\d+)|a?:(\w{2,32}):\d+)>/y;
const EVERYONE = /@(?:everyone|here)\b/y;
const LONG_RUN = /\*{5,}|_{5,}|~{5,}|\|{5,}/y; // no markup, and slow to look through
const ONLY_MARKS = /^[*_~|]+$/;
const WORD = /[\p{L}\p{N}_]/u;

const SPANS = [
  ["**", "bold"],
  ["__", "underline"],
  ["~~", "strike"],
  ["||", "spoiler"],
  ["*", "italic"],
  ["_", "italic"],
];

/**
 * Nodes: a string, or {kind, …}: bold, italic, underline, strike, spoiler (`inside`), code (`text`),
 * link (`href`, `inside`, `title`), time (`unix`, `style`, `source`), person, channel, role (`id`),
 * command (`name`), everyone (`text`), emoji (`name`).
 */
export function parseInline(text, depth = 0, links = true) {
  const nodes = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) nodes.push(plain);
    plain = "";
  };
  while (at < text.length) {
    MAYBE.lastIndex = at;
    const next = MAYBE.exec(text);
    const here = next ? next.index : text.length;
    plain += text.slice(at, here);
    if (!next) break;
    const found = depth < DEEPEST ? readAt(text, here, depth, links) : null;
    if (found === null) {
      plain += text[here];
      at = here + 1;
    } else {
      if (typeof found.node === "string") plain += found.node;
      else {
        flush();
        nodes.push(found.node);
      }
      at = found.end;
    }
  }
  flush();
  return nodes;
}

function readAt(text, at, depth, links) {
  switch (text[at]) {
    case "\\":
      return matched(ESCAPE, text, at, (m) => m[1]);
    case "`":
      return readCode(text, at);
    case "<":
      return matched(ANGLED, text, at, angledNode);
    case "[":
      return links ? readMaskedLink(text, at, depth) : null;
    case "@":
      return matched(EVERYONE, text, at, (m) => ({ kind: "everyone", text: m[0] }));
    case "h":
      return links ? readBareLink(text, at) : null;
    default:
      return readSpan(text, at, depth, links);
  }
}

function matched(rule, text, at, make) {
  rule.lastIndex = at;
  const m = rule.exec(text);
  return m && { node: make(m), end: rule.lastIndex };
}

function angledNode(m) {
  const [source, href, unix, style, person, channel, role, command, commandId, emoji] = m;
  if (href) return { kind: "link", href, inside: [href], title: null };
  if (unix) return { kind: "time", unix: Number(unix), style: style ?? "f", source };
  if (person) return { kind: "person", id: person };
  if (channel) return { kind: "channel", id: channel };
  if (role) return { kind: "role", id: role };
  if (commandId) return { kind: "command", name: command };
  return { kind: "emoji", name: emoji };
}

function readCode(text, at) {
  CODE.lastIndex = at;
  const fence = CODE.exec(text)[1];
  const closing = new RegExp(`(?<!\`)${fence}(?!\`)`, "g");
  closing.lastIndex = at + fence.length;
  const close = closing.exec(text);
  if (!close) return { node: fence, end: at + fence.length };
  const inside = text.slice(at + fence.length, close.index);
  return { node: { kind: "code", text: inside.replace(/^ (?=`)|(?<=`) $/g, "") }, end: closing.lastIndex };
}

function readBareLink(text, at) {
  const found = matched(BARE_LINK, text, at, (m) => m[0]);
  if (!found) return null;
  let href = found.node;
  while (/[.,:;"'\]!?*_~|]$/.test(href) || (href.endsWith(")") && !balanced(href))) href = href.slice(0, -1);
  if (/^https?:\/*$/.test(href)) return null;
  return { node: { kind: "link", href, inside: [href], title: null }, end: at + href.length };
}

const balanced = (text) => text.split("(").length >= text.split(")").length;

function readMaskedLink(text, at, depth) {
  const labelEnd = closingBracket(text, at);
  if (labelEnd === -1 || text[labelEnd + 1] !== "(") return null;
  const target = /\(\s*(?:<(https?:\/\/[^\s<>]+)>|(https?:\/\/(?:[^\s()]|\([^\s()]*\))+))(?:\s+"([^"\n]*)")?\s*\)/y;
  target.lastIndex = labelEnd + 1;
  const m = target.exec(text);
  const label = text.slice(at + 1, labelEnd);
  if (!m || !label.trim() || /https?:\/\//.test(label)) return null; // a label that poses as an address stays text
  const inside = parseInline(label, depth + 1, false);
  return { node: { kind: "link", href: m[1] ?? m[2], inside, title: m[3] ?? null }, end: target.lastIndex };
}

function closingBracket(text, at) {
  let open = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "[") open++;
    else if (text[i] === "]" && --open === 0) return i;
  }
  return -1;
}

function readSpan(text, at, depth, links) {
  const run = matched(LONG_RUN, text, at, (m) => m[0]);
  if (run) return run;
  for (const [mark, kind] of SPANS) {
    if (!text.startsWith(mark, at)) continue;
    const close = closingMark(text, at, mark);
    const inside = text.slice(at + mark.length, close);
    if (close === -1 || ONLY_MARKS.test(inside)) continue;
    return { node: { kind, inside: parseInline(inside, depth + 1, links) }, end: close + mark.length };
  }
  return null;
}

/** Where the mark opened at `at` closes, or -1: not escaped, something inside, and not part of a longer mark. */
function closingMark(text, at, mark) {
  const start = at + mark.length;
  if (mark === "*" && /\s|^$/.test(text[start] ?? "")) return -1;
  if (mark === "_" && at > 0 && WORD.test(text[at - 1])) return -1;
  for (let i = start; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (mark.length === 1 && text.startsWith(mark + mark, i)) i++;
    else if (i > start && text.startsWith(mark, i) && closes(text, i, mark)) return i;
  }
  return -1;
}

function closes(text, i, mark) {
  const after = text[i + mark.length] ?? "";
  if (mark === "*") return !/\s/.test(text[i - 1]);
  if (mark === "_") return !WORD.test(after);
  return mark === "~~" || mark === "||" || after !== mark[0];
}
