import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from './client.ts';

/** Milliseconds of somebody's pages: half of them came within p50, all but one in a hundred within p99. */
export type Waits = { p50: number; p99: number; pages: number };

/** Opens a page again and again, as somebody at work, until told to stop. */
export function openPages(client: Client, path: string): { stop(): Promise<Waits> } {
  let goesOn = true;
  const taken: number[] = [];
  const opening = (async () => {
    while (goesOn) {
      const begun = performance.now();
      const { status } = await client.get(path);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      taken.push(performance.now() - begun);
      await wait(15);
    }
  })();
  opening.catch(() => undefined); // told by `stop`
  return {
    async stop() {
      goesOn = false;
      await opening;
      return waitsOf(taken);
    },
  };
}

function waitsOf(taken: number[]): Waits {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), pages: sorted.length };
}
