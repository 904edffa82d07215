// The box at the bottom: plain messages, the name of a command, then its options; sent with Enter.

import { Refusal } from "./calls.js";
import { Choices } from "./choices.js";
import { begun, matching, needsNothing, optionTyped, readOptions, split } from "./commands.js";
import { Completion } from "./completion.js";
import { byId, el } from "./dom.js";
import { Field, fixedValues } from "./field.js";

export class Composer {
  constructor(calls, acts, log) {
    Object.assign(this, { acts, log, list: [], names: null, command: null, fields: [], last: null });
    this.choices = new Choices();
    this.completion = new Completion(calls, this.choices);
    this.form = byId("composer");
    this.box = byId("box");
    this.nameInput = byId("command");
    this.chosen = byId("chosen");
    this.holder = byId("fields");
    this.trouble = byId("trouble");
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.form.addEventListener("input", () => (this.trouble.textContent = ""));
    this.form.addEventListener("focusout", (event) => {
      if (!this.form.contains(event.relatedTarget)) this.stopSuggesting();
    });
    this.box.addEventListener("input", () => this.onText());
    this.box.addEventListener("keydown", (event) => this.onTextKey(event));
    this.nameInput.addEventListener("input", () => this.onName());
    this.nameInput.addEventListener("focus", () => this.onName());
    this.nameInput.addEventListener("keydown", (event) => this.onNameKey(event));
  }

  // What the page tells it

  setCommands(list, names) {
    this.list = list;
    this.names = names;
  }

  /** Put a text in the box, a command's options in their fields; `run`: send it when nothing is missing. */
  fill(text, { run = false } = {}) {
    this.toText();
    const found = text.startsWith("/") ? split(this.list, text) : null;
    const texts = found && readOptions(found.command, found.rest);
    if (!texts) return text.startsWith("/") ? this.toName(text) : this.toText(text);
    this.choose(found.command, texts);
    const missing = found.command.options.some((each) => each.required && !texts[each.name]);
    if (run && !missing) this.send();
  }

  /** Go to where one was typing. */
  focus() {
    const input = { text: this.box, name: this.nameInput }[this.state] ?? this.fields.at(-1).input;
    input.focus();
  }

  // The three states: text, the name of a command, its options

  show(state) {
    this.stopSuggesting();
    this.state = state;
    this.trouble.textContent = "";
    this.box.hidden = state !== "text";
    this.nameInput.hidden = state !== "name";
    this.chosen.hidden = this.holder.hidden = state !== "options";
    this.holder.replaceChildren();
  }

  toText(text = "") {
    this.show("text");
    this.command = null;
    this.fields = [];
    this.box.value = text;
    this.fit();
    this.box.focus();
  }

  toName(text) {
    this.show("name");
    this.nameInput.value = text.replace(/\s*\n\s*/g, " ");
    if (document.activeElement === this.nameInput) this.onName();
    else this.nameInput.focus(); // which calls onName()
  }

  /** Take a command: what it needs and `texts` become fields; where that is nothing, Enter sends its name. */
  choose(command, texts = {}) {
    const shown = command.options.filter((each) => each.required || each.name in texts);
    if (!shown.length) return this.toName(`/${command.name} `);
    this.show("options");
    this.command = command;
    this.chosen.textContent = `/${command.name}`;
    this.fields = [];
    for (const option of shown) this.addField(option).text = texts[option.name] ?? "";
    this.layOut();
    this.enter(this.missing() ?? this.fields[0]);
  }

  /** The first field that must be filled in and is not. */
  missing() {
    return this.fields.find((each) => each.option.required && !each.text);
  }

  /** Bring back the command sent last, the choices in it included. */
  recall() {
    const { command, fields } = this.last;
    const known = this.list.find((each) => each.name === command.name);
    if (!known) return;
    const filled = fields.filter(({ text }) => text).map(({ option, text }) => [option.name, text]);
    this.choose(known, Object.fromEntries(filled));
    for (const { option, picked } of fields) {
      if (picked) this.fields.find((each) => each.option.name === option.name)?.pick(picked);
    }
  }

  // Typing

  onText() {
    this.fit();
    if (this.box.value.startsWith("/")) this.toName(this.box.value);
  }

  fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
  }

  onTextKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowUp" && !this.box.value && this.last) this.recall();
    else if (event.key === "Enter" && !event.shiftKey) this.send();
    else return;
    event.preventDefault();
  }

  onName() {
    const text = this.nameInput.value;
    if (!text.startsWith("/")) return this.toText(text);
    const found = split(this.list, text);
    if (found && text.length > found.command.name.length + 1) return this.onCompleteName(found);
    this.holder.hidden = true;
    const pick = (item) => this.choose(item.command);
    const items = matching(this.list, text.slice(1)).map((command) => ({
      name: `/${command.name}`,
      detail: command.description,
      command,
    }));
    this.choices.show(this.nameInput, items, {
      note: items.length ? "" : "No command is called that.",
      first: true,
      pick,
    });
  }

  /** A command's name with a blank after it: what it needs opens at once, what it only may have is offered. */
  onCompleteName({ command, rest }) {
    const offered = needsNothing(command) ? begun(command, rest) : [];
    if (command.options.length && !offered.length) return this.choose(command, readOptions(command, rest));
    this.command = command;
    this.fields = [];
    this.layOut();
    this.holder.hidden = !offered.length;
    const items = offered.map((option) => ({ name: option.name, detail: option.description, option }));
    const head = `/${command.name}: ${command.description}. Enter sends it${items.length ? "; Tab adds an option" : ""}.`;
    const pick = ({ option }) => this.choose(command, { [option.name]: "" });
    this.choices.show(this.nameInput, items, { head, first: Boolean(rest), pick });
  }

  onNameKey(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") this.sendName();
    else if (event.key === "Tab" && !event.shiftKey && this.choices.open) this.choices.take() || this.choices.take(0);
    else if (event.key === "Escape") this.choices.shown ? this.choices.hide() : this.toText();
    else if (!this.onArrow(event)) return;
    event.preventDefault();
  }

  onArrow({ key }) {
    if (!this.choices.open || !["ArrowDown", "ArrowUp"].includes(key)) return false;
    this.choices.move(key === "ArrowDown" ? 1 : -1);
    return true;
  }

  // Options

  addField(option) {
    const field = new Field(option, fixedValues(option, this.names, this.log.channel));
    field.input.addEventListener("input", () => this.onFieldText(field));
    field.input.addEventListener("focus", () => this.suggest(field));
    field.input.addEventListener("keydown", (event) => this.onFieldKey(event, field));
    this.fields.push(field);
    return field;
  }

  layOut() {
    const order = (field) => this.command.options.indexOf(field.option);
    this.fields.sort((a, b) => order(a) - order(b));
    const rest = this.command.options.filter((each) => !this.fields.some((field) => field.option === each));
    this.holder.replaceChildren(...this.fields.map((each) => each.node), ...rest.map((each) => this.adder(each)));
  }

  adder(option) {
    return el(
      "button",
      {
        type: "button",
        class: "add",
        title: option.description ?? null,
        "aria-label": `Add option ${option.name}`,
        onclick: () => this.add(option),
        onfocus: () => this.stopSuggesting(),
      },
      `+ ${option.name}`,
    );
  }

  /** Open an option that was only offered, and go there. */
  add(option) {
    if (this.state === "name") return this.choose(this.command, { [option.name]: "" });
    const field = this.addField(option);
    this.layOut();
    this.enter(field);
  }

  /** The name of another option and a colon open that one. */
  onFieldText(field) {
    const others = this.command.options.filter((each) => !this.fields.some(({ option }) => option === each));
    const typed = optionTyped(others, field.input.value);
    if (!typed || (field.option.required && !typed.before)) return this.suggest(field);
    field.text = typed.before;
    this.add(typed.option);
  }

  enter(field) {
    field.input.focus();
    field.input.setSelectionRange(field.input.value.length, field.input.value.length);
  }

  suggest(field) {
    const others = () => this.valuesWithout(field);
    const pick = (choice) => {
      this.stopSuggesting();
      field.pick(choice);
      this.enter(this.missing() ?? field);
    };
    this.completion.suggest(field, { channel: this.log.channel, command: this.command.name, others, pick });
  }

  /** What the other fields would send, the wrong and the empty left out. */
  valuesWithout(field) {
    const values = {};
    for (const each of this.fields) {
      try {
        if (each !== field && each.text) values[each.option.name] = each.read();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return values;
  }

  onFieldKey(event, field) {
    if (event.isComposing) return;
    const { key } = event;
    if (key === "Tab" && !event.shiftKey) return void (this.choices.open && this.choices.take()); // then the focus moves on
    if (key === "Enter") this.choices.take() || this.send();
    else if (key === "Escape") this.choices.shown ? this.stopSuggesting() : this.toText();
    else if (key === "Backspace" && !field.input.value) this.leave(field);
    else if (!this.onArrow(event)) return;
    event.preventDefault();
  }

  /** Backspace in an empty field: one that is not needed goes away, from the others it is back to what stands before. */
  leave(field) {
    const at = this.fields.indexOf(field);
    if (field.option.required && at === 0) return this.toName(`/${this.command.name}`);
    if (!field.option.required) {
      this.fields.splice(at, 1);
      this.layOut();
    }
    if (this.fields.length) this.enter(this.fields[Math.max(at - 1, 0)]);
    else this.toName(`/${this.command.name} `);
  }

  stopSuggesting() {
    this.completion.stop();
    this.choices.hide();
  }

  // Sending

  send() {
    if (this.state === "options") this.sendOptions();
    else if (this.state === "name") this.sendName();
    else this.sendText();
  }

  sendText() {
    const text = this.box.value.trim();
    if (!text) return;
    this.toText();
    this.acts.say(text, (trouble) => {
      if (this.state === "text" && !this.box.value) this.toText(text);
      this.trouble.textContent = trouble;
    });
  }

  sendName() {
    const found = split(this.list, this.nameInput.value);
    const pointed = this.choices.items[this.choices.active]?.command;
    if (!found || (pointed && pointed !== found.command)) {
      if (!this.choices.take()) this.trouble.textContent = `There is no command ${this.nameInput.value.trim()}.`;
    } else if (this.choices.items[this.choices.active]?.option) this.choices.take();
    else if (!needsNothing(found.command)) this.choose(found.command);
    else if (found.rest) this.trouble.textContent = `/${found.command.name} takes no options.`;
    else this.run(found.command, {});
  }

  sendOptions() {
    const values = {};
    for (const field of this.fields) {
      try {
        const value = field.read();
        if (value !== undefined) values[field.option.name] = value;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        field.node.classList.add("wrong");
        this.enter(field);
        this.trouble.textContent = error.message;
        return;
      }
    }
    this.run(this.command, values);
  }

  run(command, values) {
    this.last = { command, fields: this.fields };
    this.toText();
    this.acts.slash(command.name, values);
  }
}
