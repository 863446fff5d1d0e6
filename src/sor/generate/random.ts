/** Numbers that look random and are the same for the same seed (a 32-bit xorshift). */
export type Random = {
  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number;
  /** True once in `times` on average. */
  oncePer(times: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
};

export function seededRandom(seed: number): Random {
  // Zero is the one state that an xorshift never leaves.
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (limit: number) => next() % limit;
  return {
    below,
    oncePer: (times) => below(times) === 0,
    pick: (items) => items[below(items.length)] ?? items[0],
  };
}
