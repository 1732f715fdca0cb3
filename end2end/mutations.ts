// Makes bad answers out of good ones, always the same for the same seed.

/** A number from 0 to 1 at each call, the same ones for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Mutation = {
  /** What was done, and where: `number 1e400 at /geo/latitude`. */
  what: string;
  body: string;
  contentType: string;
  /** Whether it can be read nevertheless, or cannot; absent where that depends on the place. */
  readable?: boolean;
};

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Place = { path: string; holder: Record<string, Json> | Json[]; name: string | number };

/** What `JSON.stringify` would not write, in the place of the string that stands for it. */
const RAW = "raw-json:";
const raw = (text: string): string => RAW + Buffer.from(text).toString("base64");
const written = (value: Json): string =>
  JSON.stringify(value).replace(/"raw-json:([^"]*)"/g, (_, text) => Buffer.from(text, "base64").toString());

function places(value: Json, path = ""): Place[] {
  if (value === null || typeof value !== "object") return [];
  const holder = value as Record<string, Json>;
  return Object.keys(holder).flatMap((name) => {
    const here = { path: `${path}/${name}`, holder, name: Array.isArray(value) ? Number(name) : name } as Place;
    return [here, ...places(holder[name]!, here.path)];
  });
}

const HTML = "<!doctype html><title>Sign in</title><h1>Welcome to the Wi-Fi of this train</h1>";
const PROBLEM = '{"type":"/problems/internal","title":"Broken","status":500,"detail":"It broke","request_id":"0"}';

/** The whole body is something else. */
const BODIES: [string, (good: string, random: () => number) => string, boolean | undefined][] = [
  ["nothing changed", (good) => good, true],
  ["a byte order mark", (good) => `\ufeff${good}`, true],
  ["spaces around it", (good) => `\r\n\t ${good} \n`, true],
  ["an empty body", () => "", false],
  ["a page", () => HTML, false],
  ["the beginning of it", (good, random) => good.slice(0, 1 + Math.floor(random() * (good.length - 2))), false],
  ["a list around it", (good) => `[${good}]`, false],
  ["null", () => "null", false],
  ["not a number", () => "NaN", false],
  ["a text", () => '"ok"', false],
  ["an empty object", () => "{}", undefined],
  ["a refusal with 200", () => PROBLEM, undefined],
  ["something behind it", (good) => `${good}{}`, false],
  ["100,000 brackets", () => "[".repeat(100_000), false],
  ["100,000 brackets in a field", (good) => good.replace("{", `{"deep":${"[".repeat(100_000)},`), false],
];

const NUMBERS = ["1e400", "-1e400", "-0", "-1", "1e308", "0.1", "9007199254740993", "99999999999999999999", '"12"', "NaN", "1e5"];
const OTHERS: Json[] = ["text", 7, true, {}, [], null, [[[[]]]], { a: { b: { c: null } } }];

/** One field is something else. */
const FIELDS: [string, (at: Place, random: () => number) => string | undefined][] = [
  [
    "is missing",
    ({ holder, name }) => {
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
      return "";
    },
  ],
  ["is null", (at) => put(at, null)],
  ["is of another kind", (at, random) => put(at, OTHERS[Math.floor(random() * OTHERS.length)]!)],
  ["is there twice", (at) => (Array.isArray(at.holder) ? undefined : put(at, raw(`null,${JSON.stringify(at.name)}:${JSON.stringify(value(at))}`)))],
  ["has one beside it that nobody knows", (at) => (Array.isArray(at.holder) ? undefined : ((at.holder[`${at.name}_v9`] = ["new"]), ""))],
  [
    "is an odd number",
    (at, random) => {
      const number = NUMBERS[Math.floor(random() * NUMBERS.length)]!;
      return typeof value(at) === "number" ? put(at, raw(number)) + number : undefined;
    },
  ],
  ["is a word that nobody knows", (at) => (typeof value(at) === "string" ? put(at, "zz_unheard_of") : undefined)],
  ["is empty", (at) => (typeof value(at) === "string" ? put(at, "") : Array.isArray(value(at)) ? put(at, []) : undefined)],
  ["is 10,000 letters", (at) => (typeof value(at) === "string" ? put(at, "W".repeat(10_000)) : undefined)],
  ["is an object for a list", (at) => (Array.isArray(value(at)) ? put(at, { "0": (value(at) as Json[])[0] ?? null }) : undefined)],
  [
    "is a list of 2,000",
    (at) => {
      const list = value(at);
      return Array.isArray(list) && list.length > 0 ? put(at, Array.from({ length: 2_000 }, (_, n) => list[n % list.length]!)) : undefined;
    },
  ],
];

const value = ({ holder, name }: Place): Json => (holder as Record<string | number, Json>)[name]!;
function put({ holder, name }: Place, value: Json): string {
  (holder as Record<string | number, Json>)[name] = value;
  return "";
}

/** So many bad answers, each of another kind than the one before it; those of which all is wrong come first. */
export function mutations(good: string, count: number, seed: number): Mutation[] {
  const random = dice(seed);
  const json = "application/json";
  const whole = BODIES.map(([what, make, readable]) => ({
    what,
    body: make(good, random),
    contentType: what === "a page" ? "text/html" : json,
    readable,
  }));
  const made: Mutation[] = whole.slice(0, count);
  for (let n = 0, tried = 0; made.length < count && tried < 10_000; tried++) {
    const copy = JSON.parse(good) as Json;
    const all = places(copy);
    const at = all[Math.floor(random() * all.length)]!;
    const [what, change] = FIELDS[n % FIELDS.length]!;
    const more = change(at, random);
    // Not every change is possible everywhere: another place is tried.
    if (more === undefined) continue;
    n += 1;
    made.push({ what: `${at.path} ${what} ${more}`.trim(), body: written(copy), contentType: json });
  }
  return made;
}
