// Draws embeds, the older kind of rich answer.

import { colour, el, outwardLink } from "./dom.js";
import { drawPicture } from "./media.js";
import { postedAt } from "./moments.js";
import { writeLine, writeText } from "./writing.js";

export function drawEmbed(embed, room) {
  const node = el(
    "div",
    { class: "embed" },
    drawThumbnail(embed),
    embed.author?.name
      ? el("p", { class: "embed-author" }, outwardLink(embed.author.url, {}, embed.author.name))
      : null,
    drawTitle(embed, room),
    embed.description ? writeText(embed.description, room) : null,
    drawFields(embed.fields ?? [], room),
    drawImage(embed),
    drawFooter(embed),
  );
  const bar = colour(embed.color);
  if (bar) node.style.setProperty("--bar", bar);
  return node;
}

function drawTitle(embed, room) {
  if (!embed.title) return null;
  return el("p", { class: "embed-title" }, outwardLink(embed.url, {}, writeLine(embed.title, room)));
}

function drawThumbnail(embed) {
  const { url, description } = embed.thumbnail ?? {};
  return url ? drawPicture({ address: url, description, className: "thumbnail" }) : null;
}

function drawImage(embed) {
  const { url, description } = embed.image ?? {};
  return url ? drawPicture({ address: url, description }) : null;
}

function drawFields(fields, room) {
  if (!fields.length) return null;
  const drawn = fields.map((field) =>
    el(
      "div",
      { class: field.inline ? "embed-field inline" : "embed-field" },
      el("p", { class: "embed-name" }, writeLine(field.name, room)),
      writeText(field.value, room),
    ),
  );
  return el("div", { class: "embed-fields" }, drawn);
}

function drawFooter(embed) {
  if (!embed.footer?.text && !embed.timestamp) return null;
  const parts = [embed.footer?.text, embed.timestamp ? postedAt(embed.timestamp) : null].filter(Boolean);
  return el(
    "p",
    { class: "embed-footer" },
    parts.flatMap((part, i) => (i ? [" · ", part] : [part])),
  );
}
