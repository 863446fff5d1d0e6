import { fileURLToPath } from 'node:url';
import { pool } from 'workerpool';
import { Unavailable } from '../../shared/errors.ts';
import type { OpenResponse } from './open-response.ts';

export type ResponseWorkers = { openResponse: OpenResponse; close(): Promise<void> };

/** A response takes some 20 ms; one that takes this long is not a genuine one, and its thread is ended. */
const longest = 10_000;
/** More logins waiting than this are told to come back: their browsers would give up before their turn. */
const mostWaiting = 200;

/**
 * Opens responses in a worker thread, one after the other in the order of their coming, so that no page waits for the 20 ms
 * that a login's decryption and signature take. The first login starts the thread, which may not grow past 192 MB.
 */
export function startResponseWorkers(): ResponseWorkers {
  const workers = pool(fileURLToPath(new URL('./response-worker.ts', import.meta.url)), {
    workerType: 'thread',
    maxWorkers: 1,
    maxQueueSize: mostWaiting,
    workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: 192 } },
  });
  return {
    async openResponse(response) {
      try {
        return await workers.exec<OpenResponse>('openResponse', [response]).timeout(longest);
      } catch (error) {
        throw Object.assign(new Unavailable(), { cause: error });
      }
    },
    close: async () => {
      await workers.terminate(true);
    },
  };
}
