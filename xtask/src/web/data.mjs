// What of a program's constant data its functions reach, so that data which only later parts reach travels with them.
//
// The linker's map says where each constant lies. Which of them a function reaches is read off the numbers in it: whatever could
// be the address of a constant counts as one, and so does each word of a constant, because constants point to constants. That
// takes too many, never too few, except where an address is worked out from a number outside of the constant, as a table that
// begins at another index than none does. So tables stay at the start: only texts, and constants that point somewhere, move.

const fail = (why) => {
  throw new Error(`the data of the program cannot be split: ${why}`);
};

/** Where each constant of read-only data lies, by the map of wasm-ld: `{ at, end, name }`, in the order of their places. */
export function constants(map) {
  const found = [];
  for (const line of map.split("\n")) {
    // Addr, Off, Size, then where it comes from: `path.o:(.rodata..Lanon.0123.4)`.
    const [, at, size, name] = /^\s*([0-9a-f]+)\s+[0-9a-f]+\s+([0-9a-f]+)\s+\S.*:\((\.rodata\.[^)]*)\)$/.exec(line) ?? [];
    if (at && parseInt(size, 16) > 0) found.push({ at: parseInt(at, 16), end: parseInt(at, 16) + parseInt(size, 16), name });
  }
  if (!found.length) fail("the map of the linker names no constants");
  return found.sort((one, other) => one.at - other.at);
}

/** The bytes that the active segments of a module put into memory: where they begin, and all of them in a row. */
export function memory(segments) {
  const parts = segments.map((form) => {
    const [, at, text] = /^ \(data (?:\$\S+ )?\(i32\.const (\d+)\) "((?:[^"\\]|\\[^])*)"\)\s*$/.exec(form) ?? fail(`a segment looks otherwise than expected: ${form.slice(0, 80)}`);
    return { at: Number(at), bytes: unquoted(text) };
  });
  const from = Math.min(...parts.map(({ at }) => at));
  const bytes = Buffer.alloc(Math.max(...parts.map(({ at, bytes }) => at + bytes.length)) - from);
  for (const part of parts) part.bytes.copy(bytes, part.at - from);
  return { from, bytes };
}

const LETTERS = { t: 9, n: 10, r: 13, '"': 34, "'": 39, "\\": 92 };

function unquoted(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== "\\") bytes.push(...Buffer.from(text[at]));
    else if (text[at + 1] in LETTERS) bytes.push(LETTERS[text[(at += 1)]]);
    else bytes.push(parseInt(text.slice(at + 1, (at += 2) + 1), 16));
  }
  return Buffer.from(bytes);
}

const quoted = (bytes) => [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");

/** Segments that put the bytes of some places into memory; `has(address)` says which. */
export function segments({ from, bytes }, has) {
  const out = [];
  for (let at = 0; at < bytes.length; ) {
    const begin = at;
    while (at < bytes.length && has(from + at)) at += 1;
    if (at > begin) out.push(` (data (i32.const ${from + begin}) "${quoted(bytes.subarray(begin, at))}")`);
    else at += 1;
  }
  return out;
}

/** Whether eight bytes could be a number with a fraction that somebody would write. */
const isFraction = (half) => {
  const exponent = Number((half >> 52n) & 0x7ffn);
  return exponent > 0x380 && exponent < 0x480;
};

/**
 * The numbers of types are 16 bytes that no compression makes smaller, hundreds of them. Their second half, which is what is hashed
 * of them, tells them apart as well: answers the first halves, and takes them out of `memory`. Where they stand in functions the
 * caller does.
 *
 * A number of a type is told by its looks: 16 bytes in which nothing is small, nothing a text, an address, or two fractions.
 */
export function typeNumbers(all, memory) {
  const { from, bytes } = memory;
  const isAddress = (word) => word >= from && word <= from + bytes.length;
  const found = all.filter(({ at, end, name }) => {
    const one = bytes.subarray(at - from, end - from);
    if (!name.startsWith(".rodata..Lanon.") || one.length !== 16 || isText(one)) return false;
    const words = [0, 4, 8, 12].map((place) => one.readUInt32LE(place));
    if (words.some((word) => word < 0x10000 || isAddress(word))) return false;
    return ![0, 8].every((place) => isFraction(one.readBigUInt64LE(place)));
  });
  const second = new Set(found.map(({ at }) => bytes.readBigUInt64LE(at + 8 - from)));
  if (second.size !== found.length) fail("two types have the same number");
  const numbers = found.map(({ at }) => Buffer.from(bytes.subarray(at - from, at + 16 - from)));
  for (const number of numbers) {
    // Also where it is a field of a larger constant.
    for (let at = bytes.indexOf(number); at >= 0; at = bytes.indexOf(number, at + 1)) bytes.fill(0, at, at + 8);
  }
  return new Set(numbers.map((number) => String(number.readBigInt64LE(0))));
}

const isText = (bytes) => Buffer.from(bytes.toString("utf8")).equals(bytes) && !bytes.some((byte) => byte < 9);

/**
 * The first part that needs each address, 0 being the start: a part is never here without those before it. `functions` are the
 * texts of all functions, each with its part.
 */
export function firstPartOf(all, { from, bytes }, functions) {
  const to = from + bytes.length;
  /** The constants that an address may belong to: one that it is in, and one that it is the end of. */
  const at = (address) => {
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle].at <= address) low = middle + 1;
      else high = middle;
    }
    return [low - 1, low - 2].filter((place) => place >= 0 && address <= all[place].end);
  };
  const pointers = ({ at: begin, end }) => {
    const found = [];
    for (let place = Math.ceil(begin / 4) * 4; place + 4 <= end; place += 4) {
      const word = bytes.readUInt32LE(place - from);
      if (word >= from && word < to) found.push(word);
    }
    return found;
  };
  /** A list of functions for a type: how to let go of it, its size, its alignment (a power of two), and what it can do. */
  const isVtable = ({ at: begin, end }) =>
    (end - begin) % 4 === 0 && end - begin >= 12 && [1, 2, 4, 8, 16].includes(bytes.readUInt32LE(begin + 8 - from)) && bytes.readUInt32LE(begin - from) < from;
  const moves = all.map((constant) => {
    if (!constant.name.startsWith(".rodata..Lanon.")) return false;
    return isText(bytes.subarray(constant.at - from, constant.end - from)) || pointers(constant).length > 0 || isVtable(constant);
  });
  const reached = all.map(() => Infinity);
  const reach = (address, part) => {
    const waiting = at(address);
    while (waiting.length) {
      const place = waiting.pop();
      if (reached[place] <= part) continue;
      reached[place] = part;
      waiting.push(...pointers(all[place]).flatMap(at));
    }
  };
  for (const { text, part } of functions) {
    for (const [, number] of text.matchAll(/(?:i32\.const |i64\.const |offset=)(\d+)/g)) {
      // Two words may be written as one.
      for (const word of number.length < 10 ? [Number(number)] : [BigInt(number) & 0xffffffffn, BigInt(number) >> 32n].map(Number)) {
        if (word >= from && word <= to) reach(word, part);
      }
    }
  }
  // What stays at the start, and all that is no constant of its own, keep what they point to.
  moves.forEach((does, place) => does || pointers(all[place]).forEach((address) => reach(address, 0)));
  let end = from;
  for (const constant of [...all, { at: to, end: to }]) {
    if (constant.at > end) pointers({ at: end, end: constant.at }).forEach((address) => reach(address, 0));
    end = Math.max(end, constant.end);
  }
  return (address) => {
    const places = at(address).filter((place) => address < all[place].end);
    const first = Math.min(...places.map((place) => reached[place]));
    return Number.isFinite(first) && places.every((place) => moves[place]) ? first : 0;
  };
}
