import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { unpackChromium } from './unpack-chromium.ts';

let shared: Promise<Browser> | undefined;

/** The worker's one browser: starting it takes as long as a dozen pages. What a file closes are its own windows. */
export function launchChromium(): Promise<Browser> {
  shared ??= startChromium().then((browser) =>
    Object.assign(browser, {
      close: async () => void (await Promise.all(browser.contexts().map((context) => context.close()))),
    }),
  );
  return shared;
}

/**
 * Starts a headless Chromium: the one that CHROMIUM_PATH names, else the one that comes with the packages.
 * It keeps web security, the sandbox (unless we are root) and separate processes, so that what is tested of
 * cookies and policies holds in people's browsers too.
 */
async function startChromium(): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH;
  const { executable, environment } = named ? { executable: named, environment: {} } : await packagedChromium();
  return chromium.launch({
    executablePath: executable,
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...process.env, ...environment },
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-domain-reliability',
      '--disable-sync',
      '--disable-gpu',
      '--no-pings',
      '--no-first-run',
      // Not every resolver knows that these names are this machine.
      '--host-resolver-rules=MAP *.localhost 127.0.0.1',
    ],
  });
}

async function packagedChromium(): Promise<{ executable: string; environment: Record<string, string> }> {
  const folder = await unpackChromium();
  const executable = path.join(folder, 'chromium');
  return {
    executable,
    environment: {
      ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: path.join(folder, 'fonts') }),
      ...(lacksLibraries(executable) ? { LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib') } : {}),
    },
  };
}

function lacksLibraries(executable: string): boolean {
  try {
    return execFileSync('ldd', [executable], { encoding: 'utf8', stdio: 'pipe' }).includes('not found');
  } catch {
    // No ldd, no answer: the libraries that come along do no harm.
    return true;
  }
}
