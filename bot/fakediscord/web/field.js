// One option of a command while it is being filled in: its input, and the value that will be sent.

import { Refusal } from "./calls.js";
import { TYPES } from "./commands.js";
import { el } from "./dom.js";

const NUMBERS = [TYPES.integer, TYPES.number];

export class Field {
  /** `fixed`: the only values it takes, [{name, value, detail}], or null when text is free. */
  constructor(option, fixed) {
    this.option = option;
    this.fixed = fixed;
    this.picked = null;
    const suggests = fixed !== null || Boolean(option.autocomplete);
    this.input = el("input", {
      type: "text",
      inputmode: NUMBERS.includes(option.type) ? "decimal" : null,
      maxlength: fixed === null && option.type === TYPES.string ? (option.max_length ?? 6000) : null,
      spellcheck: "false",
      autocomplete: "off",
      title: option.description ?? null,
      ...(suggests
        ? { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "choices" }
        : {}),
      "aria-required": String(Boolean(option.required)),
    });
    const label = el(
      "span",
      { class: "field-name" },
      option.name,
      option.required ? null : el("small", { class: "unseen-label" }, " (optional)"),
    );
    const wide = option.type === TYPES.string && fixed === null;
    this.node = el("label", { class: wide ? "field wide" : "field" }, label, this.input);
    this.input.addEventListener("input", () => {
      this.picked = null;
      this.node.classList.remove("wrong");
    });
  }

  get text() {
    return this.input.value.trim();
  }

  set text(text) {
    this.input.value = text;
    this.picked = null;
  }

  /** Show a choice's name; its value is what is sent. */
  pick(choice) {
    this.input.value = choice.name;
    this.picked = choice;
    this.node.classList.remove("wrong");
  }

  /** Fixed values that fit what is typed; all of them when nothing is, or when one is already picked. */
  fitting() {
    const wanted = bare(this.text);
    const fits = this.picked ? this.fixed : this.fixed.filter((each) => bare(each.name).includes(wanted));
    return fits.slice(0, 100);
  }

  /** The value to send; undefined when an optional one is empty. Raises Refusal in words for the person. */
  read() {
    if (this.picked) return this.picked.value;
    if (!this.text) {
      if (this.option.required) throw new Refusal(`“${this.option.name}” is needed.`);
      return undefined;
    }
    if (this.fixed !== null) return this.readFixed();
    return NUMBERS.includes(this.option.type) ? this.readNumber() : this.readString();
  }

  readFixed() {
    const wanted = bare(this.text);
    const fits = this.fixed.filter((each) => bare(each.name) === wanted || String(each.value).toLowerCase() === wanted);
    const begins = this.fixed.filter((each) => bare(each.name).startsWith(wanted));
    const found = fits[0] ?? (begins.length === 1 ? begins[0] : null);
    if (!found) throw new Refusal(`“${this.text}” is not one of the choices for “${this.option.name}”.`);
    return found.value;
  }

  readNumber() {
    const { name, type, min_value: least = -(2 ** 53), max_value: most = 2 ** 53 } = this.option;
    const number = Number(this.text.replace(",", "."));
    const whole = type === TYPES.integer;
    if (!Number.isFinite(number) || (whole && !Number.isInteger(number))) {
      throw new Refusal(`“${name}” takes a ${whole ? "whole number" : "number"}.`);
    }
    if (number < least || number > most) throw new Refusal(`“${name}” must be ${limits(this.option)}.`);
    return number;
  }

  readString() {
    const { name, min_length: least = 0 } = this.option;
    if (this.text.length < least) throw new Refusal(`“${name}” needs at least ${least} characters.`);
    return this.text;
  }
}

const bare = (text) => text.trim().replace(/^[@#]/, "").toLowerCase();

function limits({ min_value: least, max_value: most }) {
  if (most === undefined) return `${least} or more`;
  return least === undefined ? `${most} or less` : `between ${least} and ${most}`;
}

/** The only values an option takes, or null: choices given, yes and no, or what the server has of that kind. */
export function fixedValues(option, names, channelId) {
  if (option.choices?.length) return option.choices;
  if (option.type === TYPES.boolean)
    return [
      { name: "True", value: true },
      { name: "False", value: false },
    ];
  const kind = {
    [TYPES.user]: "user",
    [TYPES.channel]: "channel",
    [TYPES.role]: "role",
    [TYPES.mentionable]: "mentionable",
  }[option.type];
  return kind ? names.choices(kind, channelId, option.channel_types ?? null) : null;
}
