// Splits a program into the part that the first screens run and parts that come later (docs/adr/0007-parts.md).
//
// What came later was recorded in a browser (`cargo xtask profile`) and is kept as `start.profile`. It decides sizes only: a
// function that is called before its part is here fetches the part at once and waits for it, so that a profile of an older
// program makes a larger or slower start, and nothing else.

import { createHash } from "node:crypto";
import { firstPartOf, memory, segments, typeNumbers } from "./data.mjs";

const NAME = '\\$(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s()]+)';
const pattern = (text, flags) => new RegExp(text.replaceAll("NAME", NAME), flags);
const FUNCTION = pattern("^ \\(func (NAME)");
const CALL = pattern("\\((?:call|return_call|ref\\.func) (NAME)", "g");
const STACK = "$__stack_pointer";
const fail = (why) => {
  throw new Error(`the program cannot be split: ${why}`);
};
const kindOf = (form) => /^ \((\w+)/.exec(form)[1];

/** The fields of a module as wasm-dis prints them, one text for each. */
export function fields(wat) {
  return wat.slice(wat.indexOf("\n (") + 1, wat.lastIndexOf("\n)")).split(/\n(?= \()/);
}

/** What stays of a function's name from one build to the next, as eight digits. */
export function fingerprint(name) {
  const lasting = name
    .replace(/^\$"?|"$/g, "")
    .replace(/\[[0-9a-f]{12,16}\]/g, "")
    .replace(/\.llvm\.\d+/g, "")
    .replace(/(?:\.\d+|\[\d+\])+$/, "")
    .replace(/ shim_\d+$/, " shim");
  return createHash("sha256").update(lasting).digest("hex").slice(0, 8);
}

/** Whether a profile says where a function belongs. Smaller ones are many, and follow those that call them. */
const isLarge = (form) => form.length > 800;

/** The same program, which tells `__trace` each function that it runs; `names` are what a profile calls the large ones. */
export function traced(wat, module) {
  const names = [];
  const out = [];
  for (const form of fields(wat)) {
    if (kindOf(form) !== "func") {
      out.push(form);
      continue;
    }
    const name = FUNCTION.exec(form)[1];
    const lines = form.split("\n");
    const body = lines.findIndex((line, at) => at > 0 && !line.startsWith("  (local "));
    lines.splice(body, 0, `  (call $__trace (i32.const ${names.push(isLarge(form) ? fingerprint(name) : "") - 1}))`);
    out.push(lines.join("\n"));
  }
  const first = out.findIndex((form) => !["type", "import"].includes(kindOf(form)));
  out.splice(first, 0, ` (import "${module}" "__trace" (func $__trace (param i32)))`);
  return { wat: `(module\n${out.join("\n")}\n)\n`, names };
}

/**
 * The program in `parts + 1` modules. `partOf(fingerprint)` says which large functions come later, and where: 1 is the first of
 * the later parts. `name(text)` gives the short name of an import or export that the glue knows. The later modules import what
 * they need of the first as `p`. `constants` are those of the program's data (data.mjs).
 */
export function split(wat, parts, partOf, name, constants) {
  const whole = fields(wat);
  const data = memory(whole.filter((form) => kindOf(form) === "data"));
  const halves = typeNumbers(constants, data);
  const all = whole.map((form) => form.replace(/\(i64\.const (-?\d+)\)/g, (constant, number) => (halves.has(number) ? "(i64.const 0)" : constant)));
  const of = (kind) => all.filter((form) => kindOf(form) === kind);
  const functions = new Map(of("func").map((form) => [FUNCTION.exec(form)[1], form]));
  const imported = new Map();
  for (const form of of("import")) {
    const found = pattern('^ \\(import "[^"]*" "([^"]*)" \\(func (NAME)').exec(form) ?? fail("it imports something that is no function");
    imported.set(found[2], form.replace(/"[^"]*" "[^"]*"/, `"a" "${name.imported(found[1])}"`));
  }
  const exported = new Set(of("export").map((form) => pattern("\\(func (NAME)\\)").exec(form)?.[1]));
  const calls = new Map([...functions].map(([of, form]) => [of, new Set([...form.matchAll(CALL)].map((found) => found[1]))]));

  // What the table of functions holds, and where.
  if (of("elem").length !== 1) fail("it has another number of element segments than one");
  const element = pattern("^ \\(elem NAME (?:\\(table NAME\\) )?\\(i32\\.const (\\d+)\\) func ([^]*)\\)\\s*$").exec(of("elem")[0]);
  if (!element) fail("its element segment looks otherwise than expected");
  const base = Number(element[1]);
  const listed = [...element[2].matchAll(pattern("NAME", "g"))].map((found) => found[0]);
  const places = new Map(listed.map((of, at) => [at + base, of]));
  const placeOf = new Map([...places].reverse().map(([place, of]) => [of, place]));

  const part = new Map();
  for (const [of, form] of functions) {
    part.set(of, isLarge(form) && !exported.has(of) ? (partOf(fingerprint(of)) ?? 0) : 0);
  }
  // Whoever is called by name, and by later parts alone, goes with the first of them.
  const callers = new Map();
  for (const [caller, callees] of calls) for (const callee of callees) callers.set(callee, [...(callers.get(callee) ?? []), caller]);
  const free = [...functions].filter(([of, form]) => !isLarge(form) && !exported.has(of) && !placeOf.has(of) && callers.has(of)).map(([of]) => of);
  for (let moved = true; moved; ) {
    moved = false;
    for (const of of free) {
      const first = Math.min(...callers.get(of).filter((caller) => caller !== of).map((caller) => part.get(caller)));
      if (part.get(of) !== first && Number.isFinite(first)) {
        part.set(of, first);
        moved = true;
      }
    }
  }
  const signature = (of) => {
    const [head] = (functions.get(of) ?? imported.get(of)).split("\n");
    const list = (word) => [...head.matchAll(new RegExp(`\\(${word} (?:\\$\\S+ )?([^)]*)\\)`, "g"))].flatMap((found) => found[1].trim().split(/\s+/));
    const [takes, gives] = [list("param"), list("result")];
    const text = `${takes.length ? ` (param ${takes.join(" ")})` : ""}${gives.length ? ` (result ${gives.join(" ")})` : ""}`;
    return { text, count: takes.length };
  };

  // Functions that another part calls by name need a place in the table as well, behind those that are there.
  const across = new Set();
  for (const [caller, callees] of calls) {
    for (const callee of callees) if (part.get(callee) > 0 && part.get(callee) !== part.get(caller)) across.add(callee);
  }
  let end = base + listed.length;
  for (const of of across) {
    if (!placeOf.has(of)) {
      placeOf.set(of, end);
      places.set(end, of);
      end += 1;
    }
  }
  const more = end - base - listed.length;
  // Stands in for a function whose part is not here yet: makes sure of the part, and calls what then is in its place.
  const standIn = (of) => {
    const { text, count } = signature(of);
    const given = Array.from({ length: count }, (_, at) => ` (local.get ${at})`).join("");
    return ` (func ${of}${text}\n  (call $ensure${part.get(of)})\n  (call_indirect $0${text}${given} (i32.const ${placeOf.get(of)}))\n )`;
  };
  const standing = new Set([...across, ...listed.filter((of) => part.get(of) > 0)]);

  const numbers = Array.from({ length: parts }, (_, at) => at + 1);
  const wanted = new Set();
  for (const [caller, callees] of calls) {
    for (const callee of callees) if (functions.has(callee) && part.get(caller) > 0 && part.get(callee) !== part.get(caller)) wanted.add(callee);
  }
  const given = new Map([...functions.keys()].filter((of) => wanted.has(of)).map((of, at) => [of, name.given(at)]));

  const firstThatNeeds = firstPartOf(constants, data, [...functions].map(([of, text]) => ({ text, part: part.get(of) })));
  const dataOf = (number) => segments(data, (address) => firstThatNeeds(address) === number);

  const tables = of("table");
  if (tables.length !== 2 || !/\(table \$0 \d+ \d+ funcref\)/.test(tables[0])) fail("its tables look otherwise than expected");
  const references = pattern("\\(table (NAME)").exec(tables[1])[1];
  const start = all.map((form) => {
    switch (kindOf(form)) {
      case "import":
        return imported.get(pattern("\\(func (NAME)").exec(form)[1]);
      case "export":
        return form.replace(/"([^"]*)"/, (_, text) => `"${name.exported(text)}"`);
      case "table":
        return form === tables[0] ? form.replace(/\d+ \d+ funcref/, (size) => size.replace(/\d+/g, (number) => Number(number) + more)) : form;
      case "func": {
        const of = FUNCTION.exec(form)[1];
        if (part.get(of) === 0) return form;
        return standing.has(of) ? standIn(of) : "";
      }
      case "data":
        return "";
      default:
        return form;
    }
  });
  const first = start.findIndex((form) => form && !["type", "import"].includes(kindOf(form)));
  start.splice(first, 0, ` (import "a" "${name.imported("__part")}" (func $fetch_part (param i32)))`);
  for (const number of numbers) {
    start.push(
      ` (global $here${number} (mut i32) (i32.const 0))`,
      // Later parts read constants of earlier ones.
      ` (func $ensure${number}${number > 1 ? `\n  (call $ensure${number - 1})` : ""}\n  (if (i32.eqz (global.get $here${number}))\n   (then (call $fetch_part (i32.const ${number})))\n  )\n )`,
      ` (export "${name.given(`here${number}`)}" (global $here${number}))`,
    );
  }
  start.push(
    ` (export "${name.given("functions")}" (table $0))`,
    ` (export "${name.given("references")}" (table ${references}))`,
    ` (export "${name.given("stack")}" (global ${STACK}))`,
  );
  start.push(...dataOf(0));
  for (const [of, short] of given) start.push(` (export "${short}" (func ${of}))`);

  const shape = of("memory")[0]?.trim().replace(/\)$/, "") ?? fail("it has no memory");
  const shared = name.exported(/\(export "([^"]*)" \(memory/.exec(wat)?.[1] ?? fail("it shows no memory"));
  const later = numbers.map((number) => {
    const own = [...functions].filter(([of]) => part.get(of) === number);
    const names = new Set(own.map(([of]) => of));
    const needs = new Set(own.flatMap(([of]) => [...calls.get(of)]).filter((of) => !names.has(of)));
    const out = [
      ...of("type"),
      ` (import "p" "${shared}" ${shape}))`,
      ` (import "p" "${name.given("functions")}" (table $0 ${base + listed.length} funcref))`,
      ` (import "p" "${name.given("references")}" (table ${references} 1 externref))`,
      ` (import "p" "${name.given("stack")}" (global ${STACK} (mut i32)))`,
      ` (import "p" "${name.given(`here${number}`)}" (global $here (mut i32)))`,
    ];
    for (const of of needs) out.push(imported.get(of) ?? ` (import "p" "${given.get(of)}" (func ${of}${signature(of).text}))`);
    // Neighbours in the table share a segment.
    let run = [];
    const seal = () => {
      if (run.length) out.push(` (elem (table $0) (i32.const ${run[0]}) func ${run.map((place) => places.get(place)).join(" ")})`);
      run = [];
    };
    for (let place = base; place < end; place += 1) {
      if (names.has(places.get(place))) run.push(place);
      else seal();
    }
    seal();
    out.push(...dataOf(number), " (func $arrive\n  (global.set $here (i32.const 1))\n )", " (start $arrive)", ...own.map(([, form]) => form));
    return `(module\n${out.join("\n")}\n)\n`;
  });
  return [`(module\n${start.filter(Boolean).join("\n")}\n)\n`, ...later];
}
