import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailingOf, sealKeyOf, trustedKeysOf } from '../../src/application.ts';
import { rootsIn } from '../../src/audit-seal/root-statement.ts';
import { sealLog } from '../../src/audit-seal/seal.changes.ts';
import { runVerifications } from '../../src/audit-seal/verification.changes.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Form } from '../support/browser.ts';
import { formOf, linksOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let user: number;
let administrator: number;
let region: number;
const browsers = new Map<string, Browser>();
const log = `/organisationer/${cvrs.region}/log`;

beforeAll(async () => {
  app = await startApp();
  for (const key of ['region-org-admin', 'region-user-admin', 'system-owner', 'municipality-org-admin'])
    browsers.set(key, await app.signedIn(key));
  user = only(await ordinaryUsers(app, cvrs.region, 1));
  administrator = await idOf(app, 'region-org-admin');
  region = only(await app.rows<{ id: number }>('select id from organisation where cvr = $1', [cvrs.region])).id;
  await write('user.edited', { changes: { phone: { from: '11111111', to: '22222222' } } }, user, '2040-02-03 12:00');
  await write('user.unlocked', { wasPlanned: false }, user, '2040-02-04 00:30');
  await write('user.unlocked', { wasPlanned: false }, administrator, '2040-02-05 12:00');
  await write('administrator.ended', { kind: 'USER', reason: 'Ny stilling' }, null, '2040-02-05 12:00');
});
afterAll(() => app.close());

/** An event of the region by its organisationsadministrator, at a Danish time to come: the log is numbered in the order of time, and so these come last. */
async function write(kind: string, detail: object, target: number | null, at: string): Promise<void> {
  await app.rows(
    `insert into audit_event (kind, at, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role, target_user_id,
       target_name, detail, request_id, network_address)
     select $1, $2::timestamp at time zone 'Europe/Copenhagen', $3, 'Region', 'PERSON', $4, 'Ældre Ansat', 'organisationAdministrator', $5, $6, $7,
       '7F3K-22QX-9ABM', '192.0.2.77'`,
    [kind, at, region, administrator, target, target === null ? null : 'Målet Selv', detail],
  );
}

async function open(key: string, address: string, status = 200) {
  const browser = browsers.get(key);
  const reply = await browser?.get('sebadmin', address);
  expect(reply?.status).toBe(status);
  expect(await faultsOfHtml(reply?.text ?? '')).toEqual([]);
  return { text: mainText(reply?.text ?? ''), links: linksOf(reply?.text ?? '') };
}

const nameOfUser = async (id: number): Promise<string> =>
  only(await app.rows<{ username: string }>('select username from app_user where id = $1', [id])).username;

describe('the log of an organisation', () => {
  it('is narrowed by day, both days included, in Danish time', async () => {
    const day = await open('region-org-admin', `${log}?fra=04-02-2040&til=04-02-2040`);
    expect(day.text).toContain('Ældre Ansat låste Målet Selv op.');
    expect(day.text.match(/04-02-2040/g)).toHaveLength(1);
    expect((await open('region-org-admin', `${log}?fra=03-02-2040&til=03-02-2040`)).text).toContain(
      'Ældre Ansat ændrede telefon fra “11111111” til “22222222” for Målet Selv.',
    );
  });

  it('is narrowed by kind, by whom and on whom, alone and together', async () => {
    const on = await nameOfUser(user);
    const by = await nameOfUser(administrator);
    const both = await open('region-org-admin', `${log}?hvem=${by}&paa=${on}&slags=brugere&til=01-01-2041`);
    expect(both.text).toContain('22222222');
    expect(both.text).not.toContain('05-02-2040');
    const roles = await open('region-org-admin', `${log}?paa=${on}&slags=roller&fra=01-01-2040`);
    expect(roles.text).toContain('Ingen hændelser passer');
    expect((await open('region-org-admin', `${log}?hvem=findesikke-zz`)).text).toContain('Ingen hændelser passer');
  });

  it('comes to every event once, page by page', async () => {
    const ids: string[] = [];
    for (let next: string | undefined = `${log}?slags=roller`; next !== undefined && ids.length < 100_000;) {
      const { links }: { links: string[] } = await open('region-org-admin', next);
      ids.push(...links.flatMap((link) => /\/log\/(\d+)$/.exec(link)?.[1] ?? []));
      next = ids.length > 150 ? undefined : links.find((link) => link.includes('foer='));
    }
    const wanted = await app.rows<{ id: string }>(
      `select id::text from audit_event where organisation_id = $1 and kind ~ '^(role|batch|bulkOrder)[.]' order by audit_event.id desc limit $2`,
      [region, ids.length],
    );
    expect(ids.length).toBeGreaterThan(100);
    expect(ids).toEqual(wanted.map(({ id }) => id));
  });

  it('shows one event with before and after side by side, reference and address', async () => {
    const id = only(
      await app.rows<{ id: string }>(
        `select id::text from audit_event where network_address = '192.0.2.77' and kind = 'user.edited'`,
      ),
    ).id;
    const { text, links } = await open('region-org-admin', `${log}/${id}`);
    for (const part of ['Telefon 11111111 22222222', '7F3K-22QX-9ABM', '192.0.2.77', 'Organisationsadministrator'])
      expect(text.replaceAll(/\s+/g, ' ')).toContain(part);
    expect(links).toContain(`/organisationer/${cvrs.region}/brugere/${user}/log`);
    await open('municipality-org-admin', `/organisationer/${cvrs.municipality}/log/${id}`, 404);
    for (const odd of ['0', 'x', '99999999999999999999', '1e3']) await open('region-org-admin', `${log}/${odd}`, 404);
  });

  it('tells which day it could not read, and shows nothing as if it were the answer', async () => {
    const { text } = await open('region-org-admin', `${log}?fra=31-02-2040`, 422);
    expect(text).toContain('Skriv datoen som dd-mm-åååå');
    await open('region-org-admin', `${log}?fra=02-02-2040&til=01-02-2040`, 422);
  });
});

describe('a brugeradministrator', () => {
  it('sees neither what is about administrators nor network addresses', async () => {
    const { text } = await open('region-user-admin', `${log}?til=01-01-2041&fra=01-01-2040`);
    expect(text).toContain('22222222');
    expect(text).not.toContain('05-02-2040');
    const whole = await open('region-org-admin', `${log}?til=01-01-2041&fra=01-01-2040`);
    expect(whole.text.match(/05-02-2040/g)).toHaveLength(2);
    const hidden = await app.rows<{ id: string }>(
      `select id::text from audit_event where network_address = '192.0.2.77' and (target_user_id = $1 or kind like 'administrator.%')`,
      [administrator],
    );
    expect(hidden).toHaveLength(2);
    for (const { id } of hidden) await open('region-user-admin', `${log}/${id}`, 404);
    const seen = only(
      await app.rows<{ id: string }>(
        `select id::text from audit_event where network_address = '192.0.2.77' and kind = 'user.edited'`,
      ),
    ).id;
    expect((await open('region-user-admin', `${log}/${seen}`)).text).not.toContain('192.0.2.77');
  });

  it('sees on an administrator’s own page no more than in the log', async () => {
    const page = (id: number) => `/organisationer/${cvrs.region}/brugere/${id}/log`;
    expect((await open('region-org-admin', page(administrator))).text).toContain('05-02-2040');
    expect((await open('region-user-admin', page(administrator))).text).not.toContain('05-02-2040');
    expect((await open('region-user-admin', page(user))).text).toContain('03-02-2040');
    const me = await idOf(app, 'region-user-admin');
    await write('user.unlocked', { wasPlanned: false }, me, '2040-02-06 12:00');
    expect((await open('region-user-admin', page(me))).text).toContain('06-02-2040');
  });
});

describe('the log of all organisations', () => {
  it('is narrowed by organisation, and tells of a CVR number that is nobody’s', async () => {
    const mine = await open('system-owner', `/log?cvr=${cvrs.municipality}`);
    expect(mine.text).toContain('Eksempel Kommune');
    expect(mine.text).not.toContain('Region Eksempel ');
    await open('system-owner', '/log?cvr=12345678', 422);
    await open('system-owner', '/log?cvr=123', 422);
    expect((await open('system-owner', '/log?fra=05-02-2040&til=05-02-2040')).text).toContain('Ældre Ansat');
  });

  it('asks for more of a name that too many have', async () => {
    expect((await open('system-owner', '/log?hvem=e')).text).toContain('For mange hedder sådan');
  });
});

it('the log of a deleted user stays, and says that the user is gone', async () => {
  const gone = only((await ordinaryUsers(app, cvrs.region, 2)).slice(1));
  await operate(app, `update app_user set deleted_at = now() where id = ${gone}`);
  expect((await open('region-org-admin', `/organisationer/${cvrs.region}/brugere/${gone}/log`)).text).toContain(
    'Brugeren blev slettet',
  );
  const name = await nameOfUser(gone);
  expect((await open('region-org-admin', `${log}?paa=${name}`)).text).toContain('opret');
});

it('everybody sees in sebanmod who changed their own, and nothing of others', async () => {
  const me = await idOf(app, 'region-user');
  await write('user.unlocked', { wasPlanned: false }, me, '2040-03-01 12:00');
  const browser = await app.signedIn('region-user', 'sebanmod');
  // A report about somebody changes nothing: it stands under "Hvem har set mine oplysninger?".
  const admin = await app.signedIn('region-org-admin');
  await admin.get('sebadmin', `/organisationer/${cvrs.region}/rapporter/enkelt-bruger?bruger=${me}`);
  const reply = await browser.get('sebanmod', '/mine-aendringer');
  expect(mainText(reply.text)).not.toContain('lavede rapporten');
  expect(reply.status).toBe(200);
  expect(mainText(reply.text)).toContain('01-03-2040 kl. 12.00');
  expect(mainText(reply.text)).not.toContain('22222222');
  expect(reply.text).not.toContain('192.0.2.77');
});

describe('the sealing of the log', () => {
  const changes = () => ({ database: app.database, queueMails: async () => undefined });

  async function order(rod: string, form?: Form['fields']) {
    const owner = browsers.get('system-owner');
    const shown = await owner?.get('sebadmin', '/log/forsegling');
    return owner?.post('sebadmin', '/log/forsegling', {
      ...(form ?? formOf(shown?.text ?? '', '/log/forsegling').fields),
      rod,
      handling: 'kontroller',
    });
  }

  it('is shown, checked by a job on order, and its result told', async () => {
    const key = sealKeyOf(app.config);
    const all = await open('region-user-admin', '/log/forsegling');
    expect(all.text).toContain(key.id);
    expect(all.text).toContain('hændelser er ikke forseglet endnu');
    expect((await order('SEB-rod 1 dag=i går'))?.status).toBe(422);
    const shown = await browsers.get('system-owner')?.get('sebadmin', '/log/forsegling');
    const stale = formOf(shown?.text ?? '', '/log/forsegling').fields;
    expect((await order(''))?.status).toBe(303);
    expect((await order('', stale))?.status).toBe(409);
    expect((await open('system-owner', '/log/forsegling')).text).toContain('En kontrol er i gang');
    await sealLog(changes(), key, mailingOf(app.config));
    await runVerifications(changes(), trustedKeysOf(app.config), mailingOf(app.config));
    expect((await open('system-owner', '/log/forsegling')).text).toContain('Passer Alt passer');
    expect((await open('system-owner', '/log?slags=andet')).text).toContain('kontrollerede loggen: alle');
  });

  it('mails the root of a closed day to the system owner, with which the page can check', async () => {
    const key = sealKeyOf(app.config);
    const mails = (): Promise<{ text: string }[]> =>
      app.rows(
        `select text from mail_outbox where kind = 'audit.root' and to_address = 'birgitte.ahlgreen@sds-demo.example'`,
      );
    for (let runs = 0; runs < 100 && (await mails()).length === 0; runs += 1)
      await sealLog(changes(), key, mailingOf(app.config)).then(() => setTimeout(50));
    const [mail] = await mails();
    expect(rootsIn(mail?.text ?? '')).toHaveLength(1);
    expect((await order(mail?.text ?? ''))?.status).toBe(303);
    await runVerifications(changes(), trustedKeysOf(app.config), null);
    expect((await open('system-owner', '/log/forsegling')).text).toContain('med rod udefra');
    const sealed = only(await app.rows<{ id: string }>('select event_id::text as id from audit_chain where seq = 1'));
    expect((await open('system-owner', `/log/${sealed.id}`)).text).toContain('Forseglet som nr. 1, SHA-256');
  });
});
