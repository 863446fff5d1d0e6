import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const sources = path.resolve(import.meta.dirname, '..');

export type Program = {
  name: string;
  /** The file to run, below src/. */
  entry: string;
  environment: NodeJS.ProcessEnv;
  /** Addresses that answer /health when the program is ready. */
  addresses: URL[];
};

export type RunningProgram = Program & { process: ChildProcess; logFile: string; ended: Promise<string> };

/** Starts a program with its output in a log file; `ended` tells, when it has ended, how. */
export function startProgram(program: Program, logFolder: string): RunningProgram {
  mkdirSync(logFolder, { recursive: true });
  const logFile = path.join(logFolder, `${program.name}.log`);
  const log = openSync(logFile, 'w');
  const endWithParent = path.join(import.meta.dirname, 'end-with-parent.ts');
  const child = spawn(process.execPath, ['--import', endWithParent, path.join(sources, program.entry)], {
    env: program.environment,
    stdio: ['ignore', log, log, 'ipc'],
    // Ctrl-C reaches the whole group of the terminal: we end the programs ourselves, in order.
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  });
  return { ...program, process: child, logFile, ended };
}

/** Waits until every address answers; rejects with the program's last words when it ends before that. */
export async function waitUntilReady(program: RunningProgram, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (const address of program.addresses) {
    while (!(await answers(address))) {
      // A program that has ended is reported by whoever watches `ended`.
      if (program.process.exitCode !== null || program.process.signalCode !== null) return;
      if (Date.now() > deadline)
        throw new Error(`${program.name} does not answer on ${address.href}.${lastWords(program)}`);
      await pause(100);
    }
  }
}

/** Asks the program to end, and ends it when it has not done so in time. */
export async function stopProgram(program: RunningProgram, graceMs: number): Promise<void> {
  const { process: child } = program;
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await program.ended;
  clearTimeout(late);
}

/** The end of the program's log, for the message that tells why it ended. */
export function lastWords({ logFile }: RunningProgram): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-25);
  return `\nThe end of ${logFile}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** Goes to 127.0.0.1 with the name in the Host header: not every resolver knows *.localhost. */
function answers(address: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port: address.port || 80, path: '/health', headers: { host: address.host }, timeout: 2_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    asked.once('error', () => resolve(false));
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.end();
  });
}
