// node shrink.mjs <glue.js> <program.wasm> [--parts=PROFILE --map=MAP | --trace=NAMES] [class …]: makes the program and its glue smaller
// together, in place. With a profile the program is split (split.mjs), and its later parts stand beside it; with names it tells
// which functions it runs, for such a profile.
//
// Exported classes that are not among those named (a dependency brings some that no script of ours uses) go, with what only
// they call; names that the two call each other by, of 40 letters with a hash, become one or two letters. wasm-bindgen is
// pinned; where its glue looks otherwise than this expects, the build fails.

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants } from "./data.mjs";
import { split, traced } from "./split.mjs";

const TOOLS = fileURLToPath(new URL("../../../node_modules/binaryen/bin/", import.meta.url));
const FEATURES = [
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-call-indirect-overlong",
  "--enable-extended-const",
  "--enable-multivalue",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-sign-ext",
];
// Measured by what travels, which is brotli: flat code first, and no function swallowed by its one caller. Rust puts the
// stack where memory begins, so its first kilobyte holds no data.
const PASSES = ["--flatten", "--rereloop", "-Oz", "-Oz", "--low-memory-unused", "--one-caller-inline-max-function-size=0"];

// Two functions that are alike become one under the name of either, and a profile goes by names: within its part only, once
// the program is split.
const APART = ["--skip-pass=duplicate-function-elimination", "--skip-pass=merge-similar-functions"];

const tool = (name, ...options) =>
  execFileSync(process.execPath, [join(TOOLS, name), ...FEATURES, ...options], { encoding: "utf8", maxBuffer: 1 << 26 });
const names = (of, program) => of(new WebAssembly.Module(readFileSync(program))).map((entry) => entry.name);
const fail = (why) => {
  throw new Error(`the glue of wasm-bindgen is not as expected: ${why}`);
};

/** Without the exported classes that nobody wants and what stands at the top for them alone. */
function withoutClasses(glue, wanted) {
  const classes = [...glue.matchAll(/^export class (\w+) \{$/gm)].map((found) => found[1]);
  for (const name of classes.filter((name) => !wanted.includes(name))) {
    glue = glue
      .replace(new RegExp(`^export class ${name} \\{\\n[^]*?^\\}\\n`, "m"), "")
      .replace(new RegExp(`^if \\(Symbol\\.dispose\\) ${name}\\..*\\n`, "m"), "")
      .replace(new RegExp(`^const ${name}Finalization = [^;]*;\\n`, "m"), "");
    if (new RegExp(`\\b${name}`).test(glue)) fail(`${name} is used by more than itself`);
  }
  return glue;
}

/** The program without exports that the glue does not name, and what only they needed. */
function prune(glue, program) {
  const used = names(WebAssembly.Module.exports, program).filter((name) => new RegExp(`\\bwasm\\.${name}\\b`).test(glue));
  const graph = used.map((name) => ({ name: `glue ${name}`, export: name, root: true }));
  const file = `${program}.graph`;
  writeFileSync(file, JSON.stringify(graph));
  tool("wasm-metadce", program, "--graph-file", file, "-g", "-o", program);
  rmSync(file);
}

/** Names for `names`: a, b, …, z, ba, bb, … */
function shortened(names) {
  const letters = (n) => (n < 26 ? "" : letters(Math.floor(n / 26))) + String.fromCharCode(97 + (n % 26));
  return new Map(names.map((name, n) => [name, letters(n)]));
}

/** The same program, with its imports (all of one module, which is `a` from now on) and exports named otherwise. */
function withNames(bytes, imports, exports) {
  const out = [];
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const name = () => {
    const length = number();
    return bytes.toString("utf8", (at += length) - length, at);
  };
  const numbered = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...numbered(value >>> 7)]);
  const text = (value) => [...numbered(value.length), ...Buffer.from(value)];
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    let content = bytes.subarray(at, end);
    if (section === 2 || section === 7) {
      const count = number();
      const parts = [...numbered(count)];
      for (let n = 0; n < count; n++) {
        if (section === 2) {
          name();
          parts.push(...text("a"));
        }
        parts.push(...text((section === 2 ? imports : exports).get(name())));
        const kind = bytes[at++];
        if (section === 2 && kind !== 0) fail("it imports something that is no function");
        parts.push(kind, ...numbered(number()));
      }
      content = Buffer.from(parts);
    }
    at = end;
    out.push(Buffer.from([section, ...numbered(content.length)]), content);
  }
  return Buffer.concat([bytes.subarray(0, 8), ...out]);
}

/** The glue with the new names, without what the program does not import any more. */
function glued(glue, imports, exports) {
  let kept = 0;
  const entry = /^ {8}(__(?:wb\w+|part)): function\([^]*?^ {8}\}.*,\n/gm;
  glue = glue.replace(entry, (whole, name) => {
    kept += imports.has(name);
    return imports.has(name) ? whole.replace(name, imports.get(name)) : "";
  });
  if (kept !== imports.size) fail(`${kept} of ${imports.size} imports were found`);
  glue = glue.replace(/\bwasm\.(\w+)/g, (_, name) => `wasm.${exports.get(name) ?? fail(`nobody exports ${name}`)}`);
  return glue.replace(/"\.\/\w[\w-]*_bg\.js": import0/, "a: import0");
}

/** What the glue needs to fetch the later parts: in peace, each behind the one before it, or at once where
 * a function of theirs is called already. */
const PARTS = (files) => `
const files = ${JSON.stringify(files)};
const coming = [];
let begin;
// A part is smaller than the start, and there before it.
const begun = new Promise((done) => begin = done);
const given = () => ({ a: forParts, p: wasm });
export function part(number) {
    const fetched = async () => {
        const before = number > 1 ? part(number - 1) : undefined;
        const response = await fetch(files[number - 1]);
        if (!response.ok) throw new Error(\`\${response.url}: \${response.status}\`);
        const compiled = await WebAssembly.compile(await response.arrayBuffer());
        await Promise.all([before, begun]);
        await WebAssembly.instantiate(compiled, given());
    };
    const come = coming[number] ??= fetched();
    come.catch(() => coming[number] = undefined);
    return come;
}
function partNow(number) {
    (globalThis.nearshelf ??= {}).early = [...(globalThis.nearshelf.early ?? []), number];
    const request = new XMLHttpRequest();
    request.open("GET", files[number - 1], false);
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    const bytes = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
    new WebAssembly.Instance(new WebAssembly.Module(bytes), given());
}
`;

/** Writes the start of the program over it and the later parts beside it; answers the glue that knows them. */
function splitUp(glue, program, profile, map) {
  const groups = readFileSync(profile, "utf8").split(/^\[.*\]\n/m).slice(1);
  const later = new Map(groups.flatMap((group, at) => group.split("\n").map((line) => [line, at + 1])));
  const imports = shortened([...names(WebAssembly.Module.imports, program), "__part"]);
  const exports = shortened(names(WebAssembly.Module.exports, program));
  const short = {
    imported: (name) => imports.get(name),
    exported: (name) => exports.get(name),
    // In capitals, so that they are none of those that the glue knows.
    given: (what) => `${typeof what === "number" ? what.toString(36).toUpperCase() : `_${what[0]}${what.at(-1)}`}`,
  };
  tool("wasm-dis", program, "-o", `${program}.wat`);
  const modules = split(readFileSync(`${program}.wat`, "utf8"), groups.length, (print) => later.get(print), short, constants(readFileSync(map, "utf8")));
  rmSync(`${program}.wat`);
  const files = modules.map((wat, at) => {
    const file = at === 0 ? program : program.replace(/_bg\.wasm$/, `_part${at}.wasm`);
    writeFileSync(`${file}.wat`, wat);
    tool("wasm-as", `${file}.wat`, "-o", file);
    rmSync(`${file}.wat`);
    tool("wasm-opt", file, "-Oz", "--low-memory-unused", "--one-caller-inline-max-function-size=0", "--strip-debug", "-o", file);
    return file;
  });
  if (!/^ {4}wasm = instance\.exports;$/m.test(glue)) fail("where does the program begin?");
  glue = glue.replace(/^ {4}wasm = instance\.exports;$/m, "$&\n    begin();");
  glue = glue.replace("const import0 = {", "const import0 = forParts = {\n        __part: function(number) {\n            partNow(number);\n        },");
  glue = glue.replace("function __wbg_get_imports()", "let forParts;\nfunction __wbg_get_imports()");
  glue += PARTS(files.slice(1).map((file) => `/${basename(file)}`));
  return glued(glue, imports, exports);
}

const words = process.argv.slice(2);
const option = (name) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const [script, program, ...wanted] = words.filter((word) => !word.startsWith("--"));
const [profile, trace] = [option("parts"), option("trace")];
const glue = withoutClasses(readFileSync(script, "utf8"), wanted);
prune(glue, program);
tool("wasm-opt", program, ...PASSES, ...(profile || trace ? [...APART, "-g"] : ["--strip-debug"]), "-o", program);
if (profile) {
  writeFileSync(script, splitUp(glue, program, profile, option("map")));
} else if (trace) {
  tool("wasm-dis", program, "-o", `${program}.wat`);
  const { wat, names: all } = traced(readFileSync(`${program}.wat`, "utf8"), /"(\.\/[\w-]*_bg\.js)": import0/.exec(glue)[1]);
  writeFileSync(`${program}.wat`, wat);
  tool("wasm-as", `${program}.wat`, "-o", program);
  rmSync(`${program}.wat`);
  writeFileSync(trace, JSON.stringify(all));
  const seen = "const import0 = {\n        __trace: function(place) {\n            (globalThis.__ran ??= new Set()).add(place);\n        },";
  writeFileSync(script, glue.replace("const import0 = {", seen));
} else {
  const imports = shortened(names(WebAssembly.Module.imports, program));
  const exports = shortened(names(WebAssembly.Module.exports, program));
  writeFileSync(program, withNames(readFileSync(program), imports, exports));
  writeFileSync(script, glued(glue, imports, exports));
}
