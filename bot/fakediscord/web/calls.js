// Talks to the pretend Discord's /page endpoints. Every failure becomes a Refusal with a sentence to show.

/** `status` is the HTTP status, null when nothing answered. */
export class Refusal extends Error {
  constructor(words, status = null) {
    super(words);
    this.status = status;
  }
}

const SILENT = "The playground does not answer. Is it still running?";

/** The calls, as one person (null: the first the server knows). */
export class Calls {
  constructor(person) {
    this.person = person;
  }

  address(path, more = {}) {
    const query = new URLSearchParams({ ...more, ...(this.person ? { person: this.person } : {}) });
    return `/page/${path}?${query}`;
  }

  get(path, more) {
    return ask(this.address(path, more), {});
  }

  /** Post JSON; answers the reply, {} when it is empty. */
  post(path, body, signal = null) {
    const headers = { "Content-Type": "application/json" };
    return ask(this.address(path), { method: "POST", headers, body: JSON.stringify(body), signal });
  }

  events() {
    return new EventSource(this.address("events"));
  }
}

async function ask(address, options) {
  let response;
  let text;
  try {
    response = await fetch(address, options);
    text = await response.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(SILENT);
  }
  const reply = read(text);
  const words =
    typeof reply.error === "string" ? reply.error : `The playground answered with error ${response.status}.`;
  if (!response.ok) throw new Refusal(words, response.status);
  return reply;
}

function read(text) {
  try {
    return JSON.parse(text || "{}");
  } catch {
    return {};
  }
}
