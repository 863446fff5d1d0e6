import { readdirSync, readFileSync } from 'node:fs';

/** CPU that a PostgreSQL server has used, in milliseconds: its living processes to the nanosecond, and its ended ones. */
export function serverCpu(postmaster: number): number {
  const ended = cpuOfEndedChildren(postmaster);
  const living = [postmaster, ...childrenOf(postmaster)].reduce((sum, pid) => sum + millisecondsOf(pid), 0);
  return ended + living;
}

/** In milliseconds. The kernel counts the ended children in hundredths of a second, the living ones in nanoseconds (schedstat). */
export function cpuOfEndedChildren(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function millisecondsOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;
  } catch {
    return 0; // it has ended meanwhile, and is now counted with the ended ones
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
}

function parentOf(pid: number): number | null {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return null;
  }
}

/** The fields of /proc/<pid>/stat from the third (the state) on; the second may hold blanks. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** The most memory that a process has held, in megabytes. */
export function peakMemory(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kilobytes) / 1024);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
