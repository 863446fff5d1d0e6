import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const compose = read('docker-compose.yml');
const services = blocksBelow('services');

/** The named blocks of a top-level section; the file is written with two spaces to a level. */
function blocksBelow(section: string): Map<string, string> {
  const body = new RegExp(`^${section}:\\n((?:(?:  .*)?\\n)+)`, 'm').exec(compose)?.[1] ?? '';
  const blocks = body.split(/^ {2}(?=\S)/m).slice(1);
  return new Map(blocks.map((block) => [block.slice(0, block.indexOf(':')), block]));
}

function service(name: string): string {
  const block = services.get(name);
  if (!block) throw new Error(`There is no service ${name}`);
  return block;
}

/** What an operator must give; made up here. */
const given = {
  SEBADMIN_HOST: 'sebadmin.example.dk',
  SEBANMOD_HOST: 'sebanmod.example.dk',
  SEB_APP_PASSWORD: 'app',
  SEB_OWNER_PASSWORD: 'owner',
  POSTGRES_PASSWORD: 'super',
  SESSION_SECRET: '0123456789abcdef'.repeat(2),
  SMTP_URL: 'smtp://mail.example.dk',
  MAIL_FROM: 'SEB <ingen-svar@example.dk>',
  SAML_SIGNING_KEY_FILE: '/tmp/key.pem',
  SAML_SIGNING_CERT_FILE: '/tmp/cert.pem',
  SAML_ENCRYPTION_KEY_FILE: '/tmp/key.pem',
  SAML_ENCRYPTION_CERT_FILE: '/tmp/cert.pem',
  AUDIT_SEAL_KEY_FILE: '/tmp/seal.pem',
};

describe('the compose file', () => {
  it('has the services of production, and those of a test environment behind a profile', () => {
    const inTest = [...services].filter(([, block]) => /^ {4}profiles: \[test\]$/m.test(block)).map(([name]) => name);
    expect([...services.keys()].filter((name) => !inTest.includes(name))).toEqual([
      'postgres',
      'migrate',
      'app',
      'proxy',
    ]);
    expect(inTest).toEqual(['demo-sector', 'identity-provider', 'mailpit']);
  });

  it('asks for every secret by name and holds none', () => {
    const obligatory = new Set([...compose.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name));
    expect([...obligatory].toSorted()).toEqual(Object.keys(given).toSorted());
    expect(compose).not.toMatch(/(PASSWORD|SECRET): (?!\$\{)/);
    expect(compose).not.toMatch(/:\/\/\w+:(?!\$\{)[^@\s]+@/);
  });

  it('runs two replicas after one migration, and only the migration knows the owner', () => {
    expect(service('app')).toMatch(/replicas: 2/);
    expect(service('app')).toMatch(/migrate:\n\s+condition: service_completed_successfully/);
    expect(service('migrate')).toMatch(/restart: 'no'/);
    const knowTheOwner = [...services]
      .filter(([, block]) => /seb_owner:|\*owner-url/.test(block))
      .map(([name]) => name);
    expect(knowTheOwner).toEqual(['migrate', 'demo-sector']);
  });

  it('lets people in through the proxy only, and nobody to the database', () => {
    const open = [...services].filter(([, block]) => /^ {4}ports:/m.test(block)).map(([name]) => name);
    expect(open).toEqual(['proxy']);
    expect(service('postgres')).toMatch(/networks: \[database\]/);
    expect(compose).toMatch(/^ {2}database:\n {4}internal: true/m);
  });

  it('proxies to ports that the application listens on', () => {
    const ports = [...read('docker/Caddyfile').matchAll(/import replicas (\d+)/g)].map(([, port]) => port);
    expect(ports).toEqual(['3000', '3001']);
    expect(compose).toMatch(/SEBADMIN_PORT: '3000'\n {2}SEBANMOD_PORT: '3001'/);
  });

  it('mounts files that exist', () => {
    const mounted = [...compose.matchAll(/- \.\/(docker[\w./-]*):/g)].map(([, file]) => file ?? '');
    expect(mounted).toEqual(['docker/create-roles.sh', 'docker']);
    expect(readdirSync(path.join(root, 'docker'))).toEqual(
      expect.arrayContaining(['Caddyfile', 'Caddyfile.test', 'create-roles.sh', 'health-check.js', 'test.env']),
    );
  });
});

it('names the test environment on every page, and never for production', () => {
  const test = read('docker/test.env');
  expect(test).toMatch(/^SEB_DEMO=test-environment$/m);
  expect(test).toMatch(/^SEB_ENVIRONMENT_NAME=Testmiljø$/m);
  expect(compose).toContain('SEB_DEMO: ${SEB_DEMO:-}');
  expect(read('Dockerfile')).toMatch(/FROM application AS production\nUSER root\nRUN rm -rf src\/demo\nUSER node\s*$/);
});

const command = [['docker-compose'], ['docker', 'compose']].find(
  ([program = '', ...args]) => spawnSync(program, [...args, 'version']).status === 0,
);

describe.skipIf(!command)('read by Compose itself', () => {
  const config = (env: Record<string, string>) => {
    const [program = '', ...args] = command ?? [];
    return spawnSync(program, [...args, '--profile', 'test', 'config'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    });
  };

  it('is valid with what it asks for', () => {
    const { status, stderr, stdout } = config(given);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('rror')]);
    expect(stdout).toContain('IDENTITY_PROVIDERS_FILE: /run/secrets/identity_providers');
  });

  it('is refused without the session secret', () => {
    const { SESSION_SECRET: _, ...rest } = given;
    const { status, stderr } = config(rest);
    expect(status).not.toBe(0);
    expect(stderr).toContain('at least 32 random characters');
  });
});
