import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    // The application is read and warmed up once a worker, not once a file: a third of the time. Files share no state but
    // modules, and each has a database of its own.
    isolate: false,
    // For two cores: one worker more than cores, since each waits now and then; more of them, and time-outs begin to lie.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/*.test.ts', 'tests/unit/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          // One project, so that its files share workers, which each read the application first.
          name: 'system',
          include: ['tests/{integration,http,e2e}/**/*.test.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
