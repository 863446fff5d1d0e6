import { defineConfig } from 'vitest/config';

const withDatabase = { globalSetup: ['tests/support/global-setup.ts'] };

export default defineConfig({
  test: {
    pool: 'forks',
    // The application is read and warmed up once a worker, not once a file: a third of the time. Files share no state but
    // modules, and each has a database of its own.
    isolate: false,
    // For two cores: one worker more than cores, since each waits now and then; more of them, and time-outs begin to lie.
    maxWorkers: 3,
    projects: [
      project('unit', { include: ['tests/*.test.ts', 'tests/unit/**/*.test.ts'], testTimeout: 20_000 }),
      project('integration', { ...withDatabase, testTimeout: 20_000, hookTimeout: 60_000 }),
      project('http', { ...withDatabase, testTimeout: 20_000, hookTimeout: 60_000 }),
      project('e2e', { ...withDatabase, testTimeout: 60_000, hookTimeout: 120_000 }),
    ],
  },
});

function project(name: string, settings: object) {
  return { extends: true as const, test: { name, include: [`tests/${name}/**/*.test.ts`], ...settings } };
}
