// Text as Chinese offices' spreadsheets save it. Node reads GB18030 but does not write it, so its reading is turned round.

const BYTES = new Map();
const decoder = new TextDecoder("gb18030", { fatal: true });
for (let high = 0x81; high <= 0xfe; high += 1) {
  for (let low = 0x40; low <= 0xfe; low += 1) {
    if (low === 0x7f) continue;
    try {
      BYTES.set(decoder.decode(Uint8Array.of(high, low)), [high, low]);
    } catch {
      // Not a character.
    }
  }
}

/** The bytes of a text whose characters are ASCII or have two bytes in GB18030. */
export function gb18030(text) {
  const bytes = [...text].flatMap((character) => {
    const code = character.codePointAt(0);
    const found = code < 0x80 ? [code] : BYTES.get(character);
    if (!found) throw new Error(`${character} has no two bytes in GB18030`);
    return found;
  });
  return Buffer.from(bytes);
}
