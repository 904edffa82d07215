// Shows a modal of the bot as a dialog and collects what is written in it.

import { Refusal } from "./calls.js";
import { el } from "./dom.js";

const PARAGRAPH = 2;
const LISTED = { 5: "user", 6: "role", 7: "mentionable", 8: "channel" };

let opened = 0;

/**
 * `submit(values)` may raise Refusal: its words are shown and the form stays open with what was typed.
 * `listed(kind, component)` is what may be chosen where Discord itself lists people, roles or channels.
 * `closed()` is called when the form is gone, however it ended.
 */
export function openForm(modal, submit, listed, closed) {
  const titleId = `form-title-${++opened}`;
  const inputs = [];
  const trouble = el("p", { class: "failure", role: "alert" });
  const send = el("button", { type: "submit", class: "button primary" }, "Submit");
  const cancel = el("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel");
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", { id: titleId }, modal.title),
    drawRows(modal.components, inputs, listed),
    trouble,
    el("div", { class: "row" }, send, cancel),
  );
  const close = () => {
    dialog.remove();
    closed();
  };
  const dialog = el("dialog", { class: "form", "aria-labelledby": titleId, onclose: close }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    trouble.textContent = "";
    try {
      await submit(Object.fromEntries(inputs.map(({ id, read }) => [id, read()])));
      dialog.close();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      trouble.textContent = error.message;
    } finally {
      send.disabled = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}

function drawRows(components, inputs, listed) {
  return (components ?? []).flatMap((each) => {
    if (each.type === 1) return drawRows(each.components, inputs, listed);
    if (each.type === 10) return [el("p", { class: "form-text" }, each.content)];
    if (each.type === 18) return [drawInput(each.component, each.label, each.description, inputs, listed)];
    return [drawInput(each, each.label, null, inputs, listed)];
  });
}

function drawInput(component, label, description, inputs, listed) {
  const isText = component.type === 4;
  if (!isText && component.type !== 3 && !(component.type in LISTED))
    return el("p", { class: "small" }, `(This page cannot show a component of type ${component.type}.)`);
  const isSeveral = !isText && (component.max_values ?? 1) > 1;
  const control = isText
    ? textInputOf(component)
    : (isSeveral ? boxesOf : selectOf)(component, optionsOf(component, listed));
  const chosen = () => [...control.querySelectorAll(":checked")].map((each) => each.value).filter((each) => each !== "");
  const read = isText ? () => control.value : chosen;
  inputs.push({ id: component.custom_id, read });
  const optional = (component.required ?? true) ? null : el("small", {}, " (optional)");
  return el(
    isSeveral ? "div" : "label",
    { class: "form-field", role: isSeveral ? "group" : null, "aria-label": isSeveral ? label : null },
    el("span", {}, label, optional),
    description ? el("small", {}, description) : null,
    control,
  );
}

function textInputOf(component) {
  const control = el(component.style === PARAGRAPH ? "textarea" : "input", {
    rows: component.style === PARAGRAPH ? 5 : null,
    placeholder: component.placeholder ?? null,
    minlength: component.min_length ?? null,
    maxlength: component.max_length ?? 4000,
    required: component.required ?? true,
  });
  control.value = component.value ?? "";
  return control;
}

function optionsOf(component, listed) {
  if (component.type === 3) return component.options ?? [];
  const chosen = new Set((component.default_values ?? []).map((each) => String(each.id)));
  const options = listed(LISTED[component.type], component).map(({ name, value }) => ({
    label: name,
    value,
    default: chosen.has(String(value)),
  }));
  const isOne = (component.max_values ?? 1) === 1;
  return isOne && component.required === false ? [{ label: "(none)", value: "" }, ...options] : options;
}

function selectOf(component, choices) {
  const options = choices.map((each) => {
    const traits = { value: each.value, title: each.description ?? null, selected: Boolean(each.default) };
    return el("option", traits, each.label);
  });
  return el("select", { required: component.required ?? true }, options);
}

/** Where several may be chosen, each has a box: a list would take back all others when one is clicked. */
function boxesOf(_, choices) {
  const boxes = choices.map((each) =>
    el(
      "label",
      {},
      el("input", { type: "checkbox", value: each.value, checked: Boolean(each.default) }),
      el("span", {}, each.label, each.description ? el("small", {}, ` ${each.description}`) : null),
    ),
  );
  return el("div", { class: "boxes" }, boxes);
}
