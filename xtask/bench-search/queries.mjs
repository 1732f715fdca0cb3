// Known-item queries: somebody remembers the telling words of one product, and mistypes one of them in half of the cases.

export const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/// Numbers that are the same in every run: a linear congruential generator, the upper bits of its state.
export function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % sides;
  };
}

/// A letter left out, two swapped, one too many, or a wrong one; never the first, and never in short words.
function mistyped(word, roll) {
  if (word.length < 5) return word;
  const at = 1 + roll(word.length - 2);
  const letter = () => String.fromCharCode(97 + roll(26));
  const [before, after] = [word.slice(0, at), word.slice(at + 1)];
  switch (roll(4)) {
    case 0: return before + after;
    case 1: return before + word[at + 1] + word[at] + word.slice(at + 2);
    case 2: return before + letter() + word.slice(at);
    default: return before + letter() + after;
  }
}

/// `count` queries of two to four words of a title, the rarest first, the last one perhaps not finished.
export function knownItems(rows, count, seed) {
  const roll = dice(seed);
  const documents = new Map();
  for (const row of rows) for (const word of new Set(words(row.title))) documents.set(word, (documents.get(word) ?? 0) + 1);
  const telling = (word) => word.length > 2 || /\d/.test(word);
  const queries = [];
  while (queries.length < count) {
    const row = rows[roll(rows.length)];
    const rarest = [...new Set(words(row.title))].filter(telling).sort((a, b) => documents.get(a) - documents.get(b));
    const chosen = rarest.slice(0, 2 + roll(3));
    if (chosen.length < 2) continue;
    const typo = queries.length % 2 === 1;
    if (typo) {
      const places = [...chosen.keys()].filter((at) => chosen[at].length >= 5 && !/\d/.test(chosen[at]));
      if (places.length === 0) continue;
      const at = places[roll(places.length)];
      chosen[at] = mistyped(chosen[at], roll);
    }
    const last = chosen.at(-1);
    if (last.length > 4) chosen[chosen.length - 1] = last.slice(0, 3 + roll(last.length - 3));
    queries.push({ q: chosen.join(" "), sku: row.sku, typo });
  }
  return queries;
}
