// Knows the registered slash commands: which match what is typed, and what typed text means. Pure.

export const TYPES = {
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  file: 11,
};

const TRIES = [
  ["search", "diffusion models"],
  ["paper show", "attention is all you need"],
  ["help", ""],
  ["about", ""],
  ["status", ""],
];

/** Every slash command a person can type, groups flattened: [{name: "paper show", description, options}]. */
export function flatten(commands) {
  return commands.filter((each) => (each.type ?? 1) === 1).flatMap((each) => leaves(each, ""));
}

function leaves(command, before) {
  const name = before + command.name;
  const options = command.options ?? [];
  const inner = options.filter((each) => each.type === 1 || each.type === 2);
  if (inner.length) return inner.flatMap((each) => leaves(each, `${name} `));
  const required = options.filter((each) => each.required);
  const optional = options.filter((each) => !each.required && each.type !== TYPES.file);
  return [{ name, description: command.description ?? "", options: [...required, ...optional] }];
}

/** Commands for a half-typed name, best first: names that begin so, then words in names, then descriptions. */
export function matching(list, typed) {
  const wanted = typed.trim().toLowerCase().replace(/\s+/g, " ");
  const rank = ({ name, description }) => {
    if (name.startsWith(wanted)) return 0;
    if (name.split(" ").some((word) => word.startsWith(wanted))) return 1;
    if (name.includes(wanted)) return 2;
    return description.toLowerCase().includes(wanted) ? 3 : 4;
  };
  const ranked = list.map((command) => ({ command, at: rank(command) })).filter(({ at }) => at < 4);
  ranked.sort((a, b) => a.at - b.at || (a.command.name < b.command.name ? -1 : 1));
  return ranked.map(({ command }) => command);
}

/** The command a text such as "/paper show attention" begins with and the text after it, or null. */
export function split(list, text) {
  const typed = text.replace(/^\/\s*/, "");
  const found = list.filter(({ name }) => typed === name || typed.startsWith(`${name} `));
  if (!found.length) return null;
  const command = found.reduce((a, b) => (b.name.length > a.name.length ? b : a));
  return { command, rest: typed.slice(command.name.length).trim() };
}

/** Whether a command can be sent with no option filled in. */
export const needsNothing = (command) => !command.options.some((each) => each.required);

/** The options of a command whose names begin with what is typed; all of them when nothing is. */
export const begun = (command, typed) => command.options.filter(({ name }) => name.startsWith(typed.toLowerCase()));

/** The one of these options whose name and a colon end a text, with the text before them; null when none's do. */
export function optionTyped(options, text) {
  const [, before, name] = text.match(/^(?:(.*)\s)?([^\s:]+):$/) ?? [];
  const option = options.find((each) => each.name === name?.toLowerCase());
  return option ? { option, before: before?.trim() ?? "" } : null;
}

/**
 * Option texts of what follows a command: `name:` of one of its options begins that option, the rest is the first
 * string option's. Null when there is text and no option to take it.
 */
export function readOptions(command, rest) {
  if (!rest) return {};
  const texts = {};
  const names = command.options.map((each) => each.name);
  const first = command.options.find((each) => each.type === TYPES.string)?.name ?? names[0];
  let current = first;
  for (const word of rest.split(/(?<=\s)/)) {
    const name = names.find((each) => word.startsWith(`${each}:`));
    if (name) current = name;
    if (current === undefined) return null;
    texts[current] = (texts[current] ?? "") + (name ? word.slice(name.length + 1) : word);
  }
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.trim()]));
}

/** Three things a newcomer may try, from the commands that are registered. */
export function tries(list) {
  const known = TRIES.filter(([name]) => list.some((each) => each.name === name));
  const others = list.filter(
    ({ name, options }) => !known.some(([each]) => each === name) && !options.some((each) => each.required),
  );
  return [...known, ...others.map(({ name }) => [name, ""])]
    .slice(0, 3)
    .map(([name, text]) => `/${name} ${text}`.trim());
}
