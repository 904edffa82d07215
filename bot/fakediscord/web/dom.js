// Makes elements. Text from outside only ever becomes a text node; no markup is ever parsed.

/** An element: `traits` are attributes (null and false left out), `class`, or `onclick`-like listeners. */
export function el(tag, traits = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(traits)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** The address if a browser may follow it from here (http, https, or this server's own path), else null. */
export function safeAddress(address) {
  if (typeof address !== "string" || address === "") return null;
  try {
    const parsed = new URL(address, location.href);
    return ["http:", "https:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A link that leaves the page in a new tab, or its bare text when the address is not a web address. */
export function outwardLink(address, traits, ...children) {
  const href = safeAddress(address);
  if (href === null) return el("span", traits, ...children);
  return el("a", { ...traits, href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A colour number as Discord sends it (0xRRGGBB), as CSS; null when there is none. */
export function colour(number) {
  if (!Number.isInteger(number) || number < 0 || number > 0xffffff) return null;
  return "#" + number.toString(16).padStart(6, "0");
}
