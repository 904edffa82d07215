// Starts the page: reads the world, follows its events, and draws what is around the messages.

import { Acts } from "./acts.js";
import { Calls, Refusal } from "./calls.js";
import { flatten, tries } from "./commands.js";
import { Composer } from "./composer.js";
import { byId, el } from "./dom.js";
import { Log } from "./log.js";
import { refreshRelativeTimes } from "./moments.js";
import { isThread, Names } from "./names.js";

const AGAIN = 2000;
const TICK = 15_000;
const STILL = 300;
const HINT_READ = "hint-read";

class Page {
  constructor(calls, world) {
    this.calls = calls;
    this.log = new Log(calls, world.person);
    this.acts = new Acts(calls, this.log, () => this.names);
    this.composer = new Composer(calls, this.acts, this.log);
    this.unread = new Set();
    this.take(world);
  }

  /** Draw a world read anew; messages already shown stay as they are. */
  take(world) {
    this.world = world;
    this.names = new Names(world);
    const commands = flatten(world.commands);
    this.composer.setCommands(commands, this.names);
    this.log.room = this.makeRoom();
    this.drawPeople();
    this.drawChannels();
    this.drawBot(world.bot.online);
    this.drawHint(tries(commands));
  }

  /** What drawing a message needs to know and may do. */
  makeRoom() {
    const { acts, log, names, world } = this;
    return {
      names,
      fill: (text) => this.composer.fill(text),
      visit: (id) => this.visit(id),
      isMenuCommand: (name) => world.commands.some((each) => each.name === name && [2, 3].includes(each.type)),
      messageCommands: () => world.commands.filter((each) => each.type === 3),
      press: (...what) => acts.press(...what),
      choose: (...what) => acts.choose(...what),
      menu: (...what) => acts.menu(...what),
      dismiss: (message) => log.dismiss(message),
    };
  }

  async visit(id) {
    const channel = this.names.channels.get(id);
    this.unread.delete(id);
    byId("channel").textContent = `#${channel.name}`;
    byId("topic").textContent = channel.topic ?? "";
    byId("log").setAttribute("aria-label", `Messages in #${channel.name}`);
    byId("box").placeholder = `Message #${channel.name}, or type / for commands`;
    document.title = `#${channel.name} · ${this.world.bot.name} playground`;
    remember({ channel: id });
    const opening = this.log.open(id);
    this.drawChannels();
    this.openSide(false);
    await opening;
  }

  async refresh() {
    this.take(await this.calls.get("world"));
  }

  // Events

  /** Listen to the server; settles once it listens, so that nothing falls between reading and listening. */
  follow() {
    const source = this.calls.events();
    let lost = false;
    const listening = new Promise((resolve) => {
      source.onopen = () => {
        say(null);
        resolve();
        if (lost) this.catchUp().catch(() => location.reload());
        lost = false;
      };
      source.onerror = () => {
        lost = true;
        resolve();
        this.drawBot(false);
        say("The connection to the playground is lost. Trying again …");
        if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), AGAIN);
      };
    });
    for (const kind of ["message", "message_edited", "message_deleted"]) {
      source.addEventListener(kind, (event) => this.onMessage(kind, JSON.parse(event.data)));
    }
    for (const kind of ["commands", "bot_online"]) source.addEventListener(kind, () => this.refresh());
    return listening;
  }

  async catchUp() {
    await this.refresh();
    if (!this.names.hasChannel(this.log.channel)) return location.assign(location.pathname);
    await this.log.open(this.log.channel);
  }

  async onMessage(kind, happened) {
    const id = happened.channel_id;
    if (id === this.log.channel) return this.log.receive(kind, happened);
    if (!this.names.hasChannel(id)) await this.refresh();
    if (kind !== "message") return;
    this.unread.add(id);
    this.drawChannels();
  }

  // Around the messages

  drawPeople() {
    const { person, people } = this.world;
    const options = people.map(({ id, name }) => el("option", { value: id, selected: id === person.id }, name));
    byId("person").replaceChildren(...options);
  }

  drawChannels() {
    const groups = this.world.guilds.map((guild) => {
      const items = guild.channels.map((channel) => el("li", {}, this.drawChannel(channel)));
      return [el("h2", {}, guild.name), el("ul", {}, items)];
    });
    byId("channels").replaceChildren(...groups.flat());
  }

  drawChannel(channel) {
    const here = channel.id === this.log.channel;
    const isNew = this.unread.has(channel.id);
    const traits = {
      type: "button",
      class: isThread(channel) ? "channel thread" : "channel",
      "aria-current": here ? "page" : null,
    };
    const news = isNew ? el("span", { class: "news" }, "new") : null;
    return el(
      "button",
      { ...traits, onclick: () => this.visit(channel.id) },
      el("span", { "aria-hidden": "true" }, "#"),
      ` ${channel.name}`,
      news,
    );
  }

  drawBot(online) {
    byId("bot").className = online ? "online" : "";
    const state = el("span", { class: "state" }, ` is ${online ? "online" : "not connected"}`);
    byId("bot").replaceChildren(el("span", {}, this.world.bot.name, state));
  }

  drawHint(texts) {
    const { name } = this.world.bot;
    byId("hint-text").textContent =
      `This page and its people are a stand-in for Discord, on this machine only. ${name} is the real bot.`;
    const buttons = texts.map((text) =>
      el("button", { type: "button", class: "try", onclick: () => this.composer.fill(text) }, text),
    );
    byId("tries").replaceChildren(...(buttons.length ? ["Try", ...buttons] : []));
  }

  showHint(shown) {
    byId("hint").hidden = !shown;
    byId("show-hint").setAttribute("aria-expanded", String(shown));
    localStorage.setItem(HINT_READ, shown ? "" : "yes");
  }

  openSide(opened) {
    document.body.classList.toggle("side-open", opened);
    byId("open-side").setAttribute("aria-expanded", String(opened));
  }

  listen() {
    byId("person").addEventListener("change", (event) => location.assign(addressWith({ person: event.target.value })));
    byId("open-side").addEventListener("click", () => this.openSide(!document.body.classList.contains("side-open")));
    document
      .querySelector("main")
      .addEventListener("click", (event) => event.target.id !== "open-side" && this.openSide(false));
    byId("show-hint").addEventListener("click", () => this.showHint(byId("hint").hidden));
    byId("hide-hint").addEventListener("click", () => this.showHint(false));
    addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.openSide(false);
      if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, textarea, select, dialog, [role=menu], [role=listbox]")) return;
      if (event.key !== "/") return this.composer.focus(); // where the letter goes then
      event.preventDefault();
      this.composer.fill("/");
    });
    setInterval(refreshRelativeTimes, TICK);
  }
}

function addressWith(params) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(params)) value === null ? query.delete(name) : query.set(name, value);
  return `${location.pathname}?${query}`;
}

const remember = (params) => history.replaceState(null, "", addressWith(params));

/** A line across the page while the playground is out of reach; null takes it away. */
function say(text) {
  byId("lost").hidden = text === null;
  byId("lost").textContent = text ?? "";
}

async function readWorld(calls) {
  for (;;) {
    try {
      return await calls.get("world");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status !== null && calls.person) {
        calls.person = null; // somebody of an earlier run
        remember({ person: null });
        continue;
      }
      say(error.message);
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

async function start() {
  const params = new URLSearchParams(location.search);
  const calls = new Calls(params.get("person"));
  const world = await readWorld(calls);
  say(null);
  const page = new Page(calls, world);
  page.listen();
  // A still (?still) reads again and again instead of listening: an open stream keeps a headless browser's picture waiting.
  if (params.has("still")) setInterval(() => page.catchUp(), STILL);
  else await page.follow();
  page.showHint(localStorage.getItem(HINT_READ) !== "yes");
  const first = world.guilds.flatMap((guild) => guild.channels)[0];
  await page.visit(page.names.hasChannel(params.get("channel")) ? params.get("channel") : first.id);
  const run = params.get("run");
  remember({ run: null });
  if (run) page.composer.fill(run, { run: true });
  else page.composer.toText();
}

await start();
