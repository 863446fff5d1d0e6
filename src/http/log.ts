import type { Logger } from 'pino';
import pino from 'pino';

/**
 * The log of requests and faults, one JSON line each, to the file descriptor or path. Written some lines at a time, at the
 * latest after a quarter of a second and when the process ends: a system call for each line would cost a page a twentieth.
 */
export function openLog(level: string, dest: number | string = 1): Logger {
  const destination = pino.destination({ dest, sync: false, minLength: 4096, periodicFlush: 250 });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
