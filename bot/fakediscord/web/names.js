// Knows what the people, channels and roles of the pretend Discord are called.

/** Lookups over one answer of /page/world. An unknown id reads as Discord shows it. */
export class Names {
  constructor(world) {
    this.world = world;
    this.people = new Map([...world.people, world.bot].map((each) => [each.id, each.name]));
    this.channels = new Map(world.guilds.flatMap((guild) => guild.channels).map((each) => [each.id, each]));
    this.roles = new Map(world.guilds.flatMap(rolesOf).map((each) => [each.id, each.name]));
  }

  person(id) {
    return this.people.get(String(id)) ?? "unknown-user";
  }

  role(id) {
    return this.roles.get(String(id)) ?? "unknown-role";
  }

  channel(id) {
    return this.channels.get(String(id))?.name ?? "unknown";
  }

  hasChannel(id) {
    return this.channels.has(String(id));
  }

  /** What may be chosen for an option or a select of this kind, as [{name, value, detail}], in one server. */
  choices(kind, channelId, channelKinds = null) {
    const guild = this.world.guilds.find((each) => each.channels.some((channel) => channel.id === channelId));
    const people = [...this.people].map(([value, name]) => ({ name: `@${name}`, value }));
    const roles = (guild ? rolesOf(guild) : []).map(({ id, name }) => ({ name: `@${name}`, value: id }));
    if (kind === "user") return people;
    if (kind === "role") return roles;
    if (kind === "mentionable") return [...people, ...roles];
    return (guild?.channels ?? [])
      .filter((each) => channelKinds === null || channelKinds.includes(kindNumber(each.kind)))
      .map((each) => ({ name: `#${each.name}`, value: each.id, detail: each.topic ?? "" }));
  }
}

// Every server has the role "everyone", whose id is the server's own.
const rolesOf = (guild) => guild.roles ?? [{ id: guild.id, name: "everyone" }];

const KINDS = {
  text: 0,
  dm: 1,
  voice: 2,
  category: 4,
  announcement: 5,
  announcement_thread: 10,
  public_thread: 11,
  private_thread: 12,
  forum: 15,
};
const kindNumber = (kind) => KINDS[kind] ?? 0;

export const isThread = (channel) => [10, 11, 12].includes(kindNumber(channel.kind));
