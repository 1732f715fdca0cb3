// node weigh.mjs <program.wasm>: what each crate, and each module of ours, adds to a program that still has its names, such as
// wasm-bindgen writes. Brotli cannot be shared out exactly: here the code of each is compressed by itself, and the sizes are
// scaled so that together they are what the code is in one piece. docs/size.md shows a table of it.

import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

/** Crates whose modules are told apart. */
const OURS = ["nearshelf"];

const bytes = readFileSync(process.argv[2]);
let at = 8;
const number = () => {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
};
const text = () => {
  const length = number();
  at += length;
  return bytes.toString("utf8", at - length, at);
};

let imported = 0;
const bodies = [];
const names = new Map();
const sections = new Map();
while (at < bytes.length) {
  const kind = bytes[at++];
  const size = number();
  const end = at + size;
  sections.set(kind, (sections.get(kind) ?? 0) + size);
  if (kind === 2) {
    for (let left = number(); left > 0; left--) {
      text();
      text();
      const what = bytes[at++];
      if (what === 0) {
        number();
        imported += 1;
      } else if (what === 3) {
        at += 2;
      } else {
        // A table begins with its type, a memory with its limits.
        if (what === 1) at += 1;
        const limited = bytes[at++] & 1;
        number();
        if (limited) number();
      }
    }
  } else if (kind === 10) {
    for (let left = number(); left > 0; left--) {
      const length = number();
      bodies.push(bytes.subarray(at, at + length));
      at += length;
    }
  } else if (kind === 0 && text() === "name") {
    while (at < end) {
      const part = bytes[at++];
      const partEnd = number() + at;
      if (part === 1) for (let left = number(); left > 0; left--) names.set(number(), text());
      at = partEnd;
    }
  }
  at = end;
}

/** Whose a function is: the first crate that its name begins with, whatever it is generic over. */
function owner(name) {
  // What wasm-opt made of several that are alike.
  if (!name || /^\d+$/.test(name)) return "without a name";
  const plain = name.replace(/\[[0-9a-f]+\]/g, "");
  // `<A as B>::c` is A's code where A is ours, else what B makes of it.
  const paths = [...plain.matchAll(/[a-z_][\w]*(?:::[\w]+)*/g)].map((found) => found[0]).filter((path) => path.includes("::"));
  const ours = paths.find((path) => OURS.includes(path.split("::")[0]));
  const [crate, module, inner] = (ours ?? paths[0] ?? plain).split("::");
  if (OURS.includes(crate)) {
    const parts = module === "pages" ? [crate, module, inner] : [crate, module];
    return parts.filter((part) => part && /^[a-z_]+$/.test(part)).join("::");
  }
  return /^[a-z_][\w]*$/.test(crate) && paths.length ? crate : "glue and the like";
}

const brotli = (content) => brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }).length;
const groups = new Map();
bodies.forEach((body, place) => {
  const whose = owner(names.get(place + imported));
  groups.set(whose, [...(groups.get(whose) ?? []), body]);
});
const whole = brotli(Buffer.concat(bodies));
const rows = [...groups].map(([name, list]) => ({ name, functions: list.length, raw: list.reduce((sum, body) => sum + body.length, 0), alone: brotli(Buffer.concat(list)) }));
const alone = rows.reduce((sum, row) => sum + row.alone, 0);
rows.sort((a, b) => b.alone - a.alone);
const line = (name, functions, raw, share) => console.log(`| ${name} | ${functions} | ${(raw / 1_000).toFixed(1)} | ${(share / 1_000).toFixed(1)} |`);
console.log("| | functions | raw, kB | brotli share, kB |\n| --- | --- | --- | --- |");
const small = rows.filter((row, place) => place >= 36);
for (const row of rows.slice(0, 36)) line(row.name, row.functions, row.raw, (row.alone * whole) / alone);
const sum = (of) => small.reduce((total, row) => total + of(row), 0);
if (small.length) line(`${small.length} more`, sum((row) => row.functions), sum((row) => row.raw), (sum((row) => row.alone) * whole) / alone);
line("code together", bodies.length, rows.reduce((total, row) => total + row.raw, 0), whole);
console.log(`| data | | ${((sections.get(11) ?? 0) / 1_000).toFixed(1)} | |`);
