// Writes moments in the reader's own language and time zone, and keeps "2 minutes ago" true.

import { el } from "./dom.js";

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const STEPS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const format = (date, style) => new Intl.DateTimeFormat(undefined, STYLES[style]).format(date);

function fromNow(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? STEPS[STEPS.length - 1];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** `<t:unix:style>` as a time element; its source text when the moment is outside what dates can hold. */
export function timestamp({ unix, style, source }) {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return source;
  const shown = style === "R" ? fromNow(date) : format(date, style);
  const node = el("time", { class: "stamp", datetime: date.toISOString(), title: format(date, "F") }, shown);
  if (style === "R") node.dataset.relative = "";
  return node;
}

/** When a message was written: the time alone today, else the date with it. */
export function postedAt(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return el("time", {}, "");
  const today = date.toDateString() === new Date().toDateString();
  return el("time", { datetime: date.toISOString(), title: format(date, "F") }, format(date, today ? "t" : "s"));
}

/** Rewrite every relative time on the page; called now and then by the page. */
export function refreshRelativeTimes() {
  for (const node of document.querySelectorAll("time[data-relative]")) {
    const shown = fromNow(new Date(node.dateTime));
    if (node.textContent !== shown) node.textContent = shown;
  }
}
