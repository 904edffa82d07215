// What a person does to the bot: commands, presses, choices, forms. Shows that it is under way and how it ended.

import { Refusal } from "./calls.js";
import { openForm } from "./form.js";

export class Acts {
  /** `names()` are the names as they are known now. */
  constructor(calls, log, names) {
    this.calls = calls;
    this.log = log;
    this.names = names;
  }

  async slash(command, options) {
    const channel = this.log.channel;
    const pending = this.log.pending(`/${command}`);
    await this.attempt("slash", { channel, command, options }, pending.fail, pending.settle);
  }

  press(message, customId, node) {
    return this.touch("press", { custom_id: customId }, message, node);
  }

  choose(message, customId, values, node) {
    return this.touch("choose", { custom_id: customId, values }, message, node);
  }

  menu(message, command, node) {
    return this.touch("menu", { command }, message, node);
  }

  say(text, fail) {
    return this.attempt("say", { channel: this.log.channel, text }, fail);
  }

  /** Something done to a control of a message; the control is busy until the bot answers. */
  async touch(path, body, message, node) {
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    this.log.fail(message.id, null);
    const where = { channel: message.channel_id ?? this.log.channel, message: message.id };
    await this.attempt(path, { ...where, ...body }, (text) => this.log.fail(message.id, text));
    node.removeAttribute("aria-busy");
  }

  async attempt(path, body, fail, settle = () => {}) {
    try {
      const reply = await this.calls.post(path, body);
      settle();
      if (reply.modal) this.open(reply.modal, body.channel);
    } catch (error) {
      fail(error instanceof Refusal ? error.message : "This page failed to do that.");
      if (!(error instanceof Refusal)) throw error;
    }
  }

  open(modal, channel) {
    const listed = (kind, component) => this.names().choices(kind, channel, component.channel_types);
    const opener = document.activeElement;
    openForm(modal, (values) => this.submit(modal, values, channel), listed, () => this.log.refocus(opener));
  }

  /** Send a filled-in form; raises Refusal for the form to show. */
  submit(modal, values, channel) {
    return this.calls.post("submit", { custom_id: modal.custom_id, values, channel });
  }
}
