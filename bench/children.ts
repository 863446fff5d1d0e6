import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** A process of the bench that answers questions one at a time over its channel. */
export type Child = {
  /** What it said to the message that started it. */
  firstAnswer: unknown;
  ask<Answer>(question: object): Promise<Answer>;
  stop(): Promise<void>;
};

const running = new Set<ChildProcess>();

export async function startChild(file: string, start: object): Promise<Child> {
  const child = fork(path.join(import.meta.dirname, file), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const ask = <Answer>(question: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`${file} ended with ${String(code)}`));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer as Answer);
      });
      child.send(question);
    });
  return { firstAnswer: await ask(start), ask, stop: () => stop(child) };
}

export async function stopChildren(): Promise<void> {
  await Promise.all([...running].map(stop));
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
