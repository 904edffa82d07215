// Draws one message: who wrote it, in answer to what, and everything it carries.

import { drawComponents } from "./components.js";
import { el } from "./dom.js";
import { drawEmbed } from "./embeds.js";
import { drawAttachment } from "./media.js";
import { drawAppsMenu } from "./menu.js";
import { postedAt } from "./moments.js";
import { writeText } from "./writing.js";

const PRIVATE = 64;
const THINKING = 128;
const NO_EMBEDS = 4;

export function drawMessage(message, room) {
  const inside = { ...room, pingsEveryone: Boolean(message.mention_everyone) };
  const isPrivate = Boolean(message.flags & PRIVATE);
  const authorId = `author-${message.id}`;
  return el(
    "article",
    {
      class: isPrivate ? "message private" : "message",
      "data-id": message.id,
      tabindex: "-1",
      "aria-labelledby": authorId,
    },
    drawOrigin(message, room),
    drawAvatar(message.author.username, message.author.bot),
    drawHead(message, authorId, room),
    el("div", { class: "body" }, drawBody(message, inside), isPrivate ? drawPrivateNote(message, room) : null),
    isPrivate ? null : drawAppsMenu(message, room),
  );
}

/** A line of its own in the log, such as a command under way or one that failed. */
export function drawNotice({ person, command, text, failed = false, dismiss = null, botName }) {
  return el(
    "article",
    { class: failed ? "message private notice failed" : "message notice", tabindex: "-1" },
    el("p", { class: "origin" }, el("bdi", {}, person), " used ", el("b", {}, command)),
    drawAvatar(botName, true),
    el(
      "div",
      { class: "body" },
      el("p", { class: failed ? "failure" : "thinking", role: failed ? "alert" : null }, text),
      dismiss
        ? el(
            "p",
            { class: "note" },
            "Only you can see this · ",
            el("button", { type: "button", class: "plain", onclick: dismiss }, "Dismiss"),
          )
        : null,
    ),
  );
}

function drawOrigin(message, room) {
  const { name, user } = message.interaction_metadata ?? {};
  if (name && user) {
    const written = room.isMenuCommand(name) ? name : `/${name}`;
    return el(
      "p",
      { class: "origin" },
      el("bdi", {}, user.username ?? room.names.person(user.id)),
      " used ",
      el("b", {}, written),
    );
  }
  const earlier = message.referenced_message;
  if (message.type !== 19 || !earlier) return null;
  return el(
    "p",
    { class: "origin" },
    "in reply to ",
    el("bdi", {}, earlier.author.username),
    `: ${String(earlier.content).slice(0, 80)}`,
  );
}

function drawAvatar(name, isBot) {
  const initial = Array.from(String(name || "?"))[0].toUpperCase();
  return el("span", { class: isBot ? "avatar bot" : "avatar", "aria-hidden": "true" }, initial);
}

function drawHead(message, id, room) {
  const { username, global_name: shown, bot } = message.author;
  const author = el("bdi", { class: "author" }, room.names.people.get(message.author.id) ?? shown ?? username);
  return el(
    "p",
    { class: "head", id },
    author,
    bot ? el("span", { class: "tag" }, "App") : null,
    postedAt(message.timestamp),
  );
}

function drawBody(message, room) {
  if (message.flags & THINKING) return [el("p", { class: "thinking" }, `${message.author.username} is thinking`)];
  const parts = [];
  if (message.content) parts.push(writeText(message.content, room));
  if (!(message.flags & NO_EMBEDS)) parts.push(...(message.embeds ?? []).map((each) => drawEmbed(each, room)));
  parts.push(...(message.attachments ?? []).map(drawAttachment));
  parts.push(...drawComponents(message.components, message, room));
  if (message.edited_timestamp) parts.push(el("span", { class: "edited" }, "(edited)"));
  return parts;
}

function drawPrivateNote(message, room) {
  const dismiss = el("button", { type: "button", class: "plain", onclick: () => room.dismiss(message) }, "Dismiss");
  return el("p", { class: "note" }, "Only you can see this · ", dismiss);
}
