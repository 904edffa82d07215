// Draws what is attached or pictured: images with their description, files as links.

import { el, outwardLink, safeAddress } from "./dom.js";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const STORE = "https://cdn.discordapp.com/attachments/"; // where Discord keeps files; here this server does

/**
 * Where a picture or file can be fetched, or null. This server under another of its names, or in the place of
 * Discord's store, becomes a path, because the page may load from its own origin only.
 */
function mediaAddress(address) {
  const href = safeAddress(address);
  if (href === null) return null;
  const parsed = new URL(href);
  if (href.startsWith(STORE)) return parsed.pathname;
  const ours =
    LOOPBACK.includes(parsed.hostname) && LOOPBACK.includes(location.hostname) && parsed.port === location.port;
  return ours ? parsed.pathname + parsed.search : href;
}

/** A picture; its description in words where it cannot be loaded. */
export function drawPicture({ address, description, spoiler = false, className = "picture" }) {
  const words = description || "Picture without a description";
  const instead = () => el("span", { class: `${className} unseen`, role: "img", "aria-label": words }, words);
  const source = mediaAddress(address);
  if (source === null) return instead();
  const image = el("img", {
    class: className,
    src: source,
    alt: description || "",
    title: description || null,
    loading: "lazy",
  });
  image.addEventListener("error", () => image.replaceWith(instead()), { once: true });
  return spoiler ? covered(image) : image;
}

/** Hides a node behind a press, as Discord does with pictures and containers marked as spoilers. */
export function covered(node) {
  const cover = el(
    "button",
    { type: "button", class: "cover", onclick: () => cover.replaceWith(node) },
    "Spoiler: press to show",
  );
  return cover;
}

export function drawFile({ address, name, size }) {
  const label =
    name ||
    String(address ?? "")
      .split("/")
      .pop() ||
    "file";
  const link = outwardLink(mediaAddress(address), { download: label }, label);
  return el("p", { class: "file" }, link, Number.isFinite(size) ? el("small", {}, ` ${readableSize(size)}`) : null);
}

function readableSize(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function drawAttachment(attachment) {
  const { url: address, filename: name, description, size } = attachment;
  const isPicture = String(attachment.content_type ?? "").startsWith("image/") || attachment.width > 0;
  if (!isPicture) return drawFile({ address, name, size });
  const spoiler = String(name).startsWith("SPOILER_");
  return drawPicture({ address, description: description || name, spoiler });
}
