import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { formOf, headingOf, mainText, request } from '../support/browser.ts';
import { withTableLocked } from '../support/table-lock.ts';
import { withServer } from '../support/test-databases.ts';
import { checksums, cvrs, only, ordinaryUsers } from '../support/sector.ts';

let app: App;
let admin: Browser;
const list = `/organisationer/${cvrs.region}/brugere`;

beforeAll(async () => {
  app = await startApp({ env: { DATABASE_POOL_SIZE: '3' } });
  admin = await app.signedIn('region-org-admin');
});
afterAll(() => app.close());

/** Takes the database away for the time of the work: nobody may connect, and who was connected is cut off. */
async function withoutDatabase(work: () => Promise<void>): Promise<void> {
  const { name } = app.testDatabase;
  await withServer(inject('postgres'), async (server) => {
    await server.query(`alter database ${name} allow_connections false`);
    await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    try {
      await work();
    } finally {
      await server.query(`alter database ${name} allow_connections true`);
    }
  });
}

async function cutConnections(): Promise<void> {
  const { name } = app.testDatabase;
  await withServer(inject('postgres'), (server) =>
    server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]),
  );
}

describe('health', () => {
  it('is 200 while the database answers, under any host name, and tells nothing else', async () => {
    const reply = await request(app.portals.sebadmin.port, '/health', { headers: { Host: '10.0.0.7' } });
    expect([reply.status, reply.text, reply.headers['cache-control']]).toEqual([200, '{"status":"ok"}', 'no-store']);
  });

  it('is 503 while it does not, and 200 again after', async () => {
    await withoutDatabase(async () => {
      for (const portal of ['sebadmin', 'sebanmod'] as const)
        expect((await app.browser().get(portal, '/health')).status).toBe(503);
    });
    expect((await app.browser().get('sebadmin', '/health')).status).toBe(200);
  });
});

describe('a database that is away', () => {
  it('gives pages that say so, with when to come back, and loses nobody’s session', async () => {
    const form = formOf((await admin.get('sebadmin', `${list}/opret`)).text, `${list}/opret`);
    const before = await checksums(app);
    await withoutDatabase(async () => {
      for (const path of ['/', list, '/mine-oplysninger', '/login/start?idp=nemlog-in']) {
        const reply = await admin.get('sebadmin', path);
        expect([path, reply.status, reply.headers['retry-after']]).toEqual([path, 503, '5']);
        expect(mainText(reply.text)).toMatch(/SEB kan ikke svare lige nu.+referencenummeret/);
      }
      const posted = await admin.post('sebadmin', form.action, {
        ...form.fields,
        firstName: 'A',
        lastName: 'B',
        email: 'a@b.dk',
        rid: 'DOWN',
      });
      expect([posted.status, mainText(posted.text)]).toEqual([503, expect.stringContaining('Intet er gemt')]);
      expect((await app.browser().get('sebadmin', '/login')).status).toBe(200);
    });
    expect((await admin.get('sebadmin', list)).status).toBe(200);
    expect(await checksums(app)).toEqual(before);
  });

  it('whose connections are cut answers the next request', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await cutConnections();
      await wait(50);
      expect((await admin.get('sebadmin', list)).status).toBe(200);
    }
  });

  it('that is busy keeps nobody waiting for long', async () => {
    const hogs = await Promise.all([1, 2, 3].map(() => app.database.pool.connect()));
    const begun = performance.now();
    const reply = await admin.get('sebadmin', list);
    const waited = performance.now() - begun;
    for (const hog of hogs) hog.release();
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '5']);
    expect(waited).toBeLessThan(10_000); // 2.5 s of patience, and a busy machine
    expect((await admin.get('sebadmin', list)).status).toBe(200);
  });

  it('where a table is locked gives up on it in words', async () => {
    const path = `${list}/${only(await ordinaryUsers(app, cvrs.region, 1))}`;
    await withTableLocked(app, 'user_login', async () => {
      const reply = await admin.get('sebadmin', path);
      expect([reply.status, mainText(reply.text)]).toEqual([503, expect.stringContaining('Vent et øjeblik')]);
    });
    expect((await admin.get('sebadmin', path)).status).toBe(200);
  });
});

describe('when the log cannot be written', () => {
  it('no change is made, and reading goes on', async () => {
    const path = `${list}/${only(await ordinaryUsers(app, cvrs.region, 1))}/rediger`;
    await app.rows('revoke insert on audit_event from seb_app');
    const columns =
      'kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role, on_behalf, target_user_id, target_name, detail, request_id, network_address';
    const before = await checksums(app);
    for (const [page, fields] of [
      [path, { city: 'Uden log' }],
      [`${list}/opret`, { firstName: 'A', lastName: 'B', email: 'a@b.dk', rid: 'NOLOG' }],
      ['/mine-oplysninger', { city: 'Uden log' }],
    ] as const)
      expect((await admin.submit('sebadmin', page, fields)).status).toBe(500);
    expect(await checksums(app)).toEqual(before);
    expect((await admin.get('sebadmin', list)).status).toBe(200);
    await app.rows(`grant insert (${columns}) on audit_event to seb_app`);
    expect((await admin.submit('sebadmin', path, { city: 'Med log' })).status).toBe(303);
  });
});

describe('an unexpected error', () => {
  it('is a page with a reference that the log knows, and nothing of our inside', async () => {
    await app.rows('alter function danish_today() rename to danish_today_away');
    const reply = await admin.get('sebadmin', `/organisationer/${cvrs.region}/sor`);
    await app.rows('alter function danish_today_away() rename to danish_today');
    expect([reply.status, headingOf(reply.text)]).toEqual([500, 'Der skete en uventet fejl']);
    expect(reply.text).not.toMatch(/danish_today|does not exist|node_modules|\.ts:/);
    const reference = /referencenummeret ([2-9A-Z-]{14})/.exec(mainText(reply.text))?.[1];
    expect(reference).toBe(reply.headers['x-request-id']);
    const logged = app.log
      .filter((line) => line.includes(reference ?? 'none'))
      .map((line) => JSON.parse(line) as { level: number; err?: { message: string } });
    expect(logged.some(({ level, err }) => level === 50 && err?.message.includes('danish_today'))).toBe(true);
    expect((await admin.get('sebadmin', `/organisationer/${cvrs.region}/sor`)).status).toBe(200);
  });
});

describe('the request log', () => {
  it('has one line of JSON each, with neither query, cookie, body nor name', async () => {
    const before = app.log.length;
    await admin.get('sebadmin', `${list}?soeg=Hemmelighed`);
    await admin.submit('sebadmin', `${list}/opret`, { firstName: 'Hemmelighed\n{"level":60}' });
    await admin.get('sebadmin', '/mine-oplysninger/bekraeft/hemmelighed-hemmelighed');
    const lines = app.log.slice(before);
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const line of lines) {
      expect(line.trim().split('\n')).toHaveLength(1);
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
    expect(lines.join('')).not.toMatch(/hemmelighed|Østergård|__Host|_csrf/i);
  });
});
