import { vi } from 'vitest';

/** What comes of the work so many seconds later, for whatever is kept fresh by the process's own clock. */
export async function later<Result>(seconds: number, work: () => Promise<Result>): Promise<Result> {
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + seconds * 1000);
  try {
    return await work();
  } finally {
    clock.mockRestore();
  }
}
