// node --test data.test.mjs

import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, firstPartOf, memory, segments, typeNumbers } from "./data.mjs";

const FROM = 0x100000;

/** A program's data: what each constant is called and holds. */
function program(list) {
  let at = FROM;
  const lines = ["    Addr      Off     Size Out     In      Symbol", `  ${at.toString(16)}   2204    7 .rodata`];
  const places = list.map(([name, bytes]) => {
    const place = at;
    lines.push(`  ${place.toString(16)}   2204  ${bytes.length.toString(16)}         /a b/c.o:(${name})`);
    at += bytes.length;
    return place;
  });
  const text = list.flatMap(([, bytes]) => [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`)).join("");
  return { all: constants(lines.join("\n")), memory: memory([` (data $.rodata (i32.const ${FROM}) "${text}")`]), places };
}

const words = (...numbers) => Buffer.from(new Uint32Array(numbers).buffer);
const lanon = (name) => `.rodata..Lanon.0123456789abcdef0123456789abcdef.${name}`;
const reading = (place) => ` (func $a (i32.load (i32.const ${place})))`;

test("a constant goes with the first that reaches it, and what it points to with it", () => {
  const text = (text) => Buffer.from(text);
  const { all, memory: data, places } = program([
    [lanon(0), text("of all..")],
    [lanon(1), text("of one..")],
    [lanon(2), words(FROM + 8, 8)],
    [lanon(3), words(77, 24, 4, 78)],
    [".rodata._RN5TABLE", words(1, 2, 3, 4)],
    [lanon(4), words(1, 2, 3, 4)],
    [lanon(5), text("nobody's")],
    [lanon(6), text("the end.")],
  ]);
  const [shared, one, pointer, vtable, named, table, nobody, last] = places;
  const first = firstPartOf(all, data, [
    { part: 0, text: reading(shared) },
    { part: 1, text: reading(shared) + reading(pointer) + reading(named) + reading(table) },
    { part: 2, text: reading(vtable) + reading(last + 8) + ` (i64.const ${(BigInt(one) << 32n) | 5n})` },
  ]);
  assert.equal(first(shared), 0);
  // The second part finds there what the first one brought.
  assert.equal(first(one), 1);
  assert.equal(first(pointer + 4), 1);
  // The named one begins where it ends.
  assert.equal(first(vtable), 1);
  assert.equal(first(last), 2);
  // A table may be read from before its beginning, and what nobody seems to read is not known to be read by nobody.
  for (const place of [named, table, nobody]) assert.equal(first(place), 0);
  const written = (part) => segments(data, (place) => first(place) === part).map((form) => memory([form]));
  assert.deepEqual(
    [0, 1, 2].map((part) => written(part).map(({ from, bytes }) => [from, bytes.length])),
    [
      [[shared, 8], [named, 40]],
      [[one, 32]],
      [[last, 8]],
    ],
  );
});

test("of the number of a type the half stays that is hashed; nothing else that is as long changes", () => {
  const number = Buffer.from("dfdb4e5460ba4f80cc551f642d1babef", "hex");
  const fractions = Buffer.from(new Float64Array([0.1, 1 / 3]).buffer);
  const list = [
    [lanon(0), number],
    [lanon(1), fractions],
    [lanon(2), Buffer.from("sixteen letters.")],
    [lanon(3), words(0x12345678, 5, 0x23456789, 0x34567890)],
    [lanon(4), words(FROM + 1, 0x23456789, 0x34567890, 0x45678901)],
    [".rodata._RN5SEEDS", Buffer.from(number).reverse()],
    // A field of a larger constant, which is compared with the others.
    [lanon(5), Buffer.concat([words(7), number])],
  ];
  const { all, memory: data } = program(list);
  assert.deepEqual([...typeNumbers(all, data)], [String(number.readBigInt64LE(0))]);
  assert.deepEqual(data.bytes, Buffer.concat([Buffer.alloc(8), number.subarray(8), ...list.slice(1, -1).map(([, bytes]) => bytes), words(7), Buffer.alloc(8), number.subarray(8)]));
});

test("numbers of types that the second half does not tell apart end the build", () => {
  const half = "cc551f642d1babef";
  const { all, memory: data } = program([
    [lanon(0), Buffer.from(`dfdb4e5460ba4f80${half}`, "hex")],
    [lanon(1), Buffer.from(`1fdb4e5460ba4f80${half}`, "hex")],
  ]);
  assert.throws(() => typeNumbers(all, data), /the same number/);
});
