// Finds what to suggest for a field: its fixed values at once, or the bot's, asked for when the typing pauses.

import { Refusal } from "./calls.js";

const PAUSE = 120;

export class Completion {
  constructor(calls, choices) {
    this.calls = calls;
    this.choices = choices;
    this.timer = null;
    this.asking = null;
  }

  /** Forget what was asked; a late answer is dropped. */
  stop() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
  }

  /** Suggest for a field; `others()` are the values already filled in, `pick(choice)` takes one. */
  suggest(field, { channel, command, others, pick }) {
    this.stop();
    const { name, description, required, autocomplete } = field.option;
    const head = `${name}${required ? "" : " (optional)"}: ${description ?? ""}`;
    if (field.fixed !== null) {
      const items = field.fitting();
      const first = Boolean(field.text || required) && !field.picked;
      const note = items.length ? "" : "None of the choices fits.";
      return this.choices.show(field.input, items, { head, note, first, pick });
    }
    if (!autocomplete || field.picked) return this.choices.show(field.input, [], { head, pick });
    if (this.choices.owner !== field.input) this.choices.show(field.input, [], { head, note: "Looking …", pick });
    const asking = (this.asking = new AbortController());
    const ask = () =>
      this.ask(
        field,
        asking,
        { channel, command, option: name, text: field.input.value, options: others() },
        { head, pick },
      );
    this.timer = setTimeout(ask, PAUSE);
  }

  async ask(field, asking, body, { head, pick }) {
    let items = [];
    let note = "";
    try {
      const reply = await this.calls.post("complete", body, asking.signal);
      items = (reply.choices ?? []).map(({ name, value }) => ({ name: String(name), value }));
      if (!items.length) note = body.text ? "Nothing to suggest. Enter sends what you typed." : "";
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof Refusal)) throw error;
      note = error.message;
    }
    if (this.asking === asking) this.choices.show(field.input, items, { head, note, pick });
  }
}
