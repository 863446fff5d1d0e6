/** Chance that falls out the same way every time, so that every demo sector is alike. */
export type Random = {
  /** At least 0 and below 1. */
  fraction(): number;
  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  digits(count: number): string;
  uuid(): string;
};

/** Tommy Ettinger's mulberry32: short, and more than good enough for names and dates. */
export function seededRandom(seed: number): Random {
  let state = seed;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const whole = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1));
  const digits = (count: number): string => Array.from({ length: count }, () => whole(0, 9)).join('');
  const hex = (count: number): string => Array.from({ length: count }, () => whole(0, 15).toString(16)).join('');
  return {
    fraction,
    whole,
    digits,
    chance: (probability) => fraction() < probability,
    pick: (items) => pickAt(items, fraction()),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${whole(8, 11).toString(16)}${hex(3)}-${hex(12)}`,
  };
}

function pickAt<Item>(items: readonly Item[], fraction: number): Item {
  const [item] = items.slice(Math.floor(fraction * items.length));
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
