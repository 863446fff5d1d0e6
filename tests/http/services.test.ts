import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOutRetirements } from '../../src/services/carry-out-retirements.changes.ts';
import { danishDay, dayInDenmark } from '../../src/shared/dates.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { checksums, cvrs, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let owner: Browser;
let admin: Browser;

beforeAll(async () => {
  app = await startApp();
  owner = await app.signedIn('system-owner');
  admin = await app.signedIn('region-org-admin');
});
afterAll(() => app.close());

const service = { kode: 'proeve-1', navn: 'Prøveservicen', ejer: 'Sundhedsdatastyrelsen' };
const role = { kode: 'proeveLaeser', navn: 'Læser af prøver', sor: 'nej', cpr: 'nej', foelsomhed: 'NORMAL' };
const textOf = (reply: Reply): string => mainText(reply.text);

async function newService(kode: string): Promise<number> {
  const reply = await owner.submit('sebadmin', '/system/services/opret', { ...service, kode });
  expect(reply.status).toBe(303);
  return Number(reply.location?.split('/').at(-1));
}

async function newRole(serviceId: number, fields: Record<string, string> = {}): Promise<number> {
  const path = `/system/services/${serviceId}/roller/opret`;
  expect((await owner.submit('sebadmin', path, { ...role, ...fields })).status).toBe(303);
  const created = await app.rows<{ id: number }>('select max(id) as id from role where service_id = $1', [serviceId]);
  return only(created).id;
}

/** The organisation may give it from now on, and the users hold it. */
async function inUse(roleId: number, users: number[]): Promise<void> {
  await operate(
    app,
    `insert into organisation_role (organisation_id, role_id) select id, ${roleId} from organisation where cvr = '${cvrs.region}' on conflict do nothing;
     insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, id, ${roleId} from app_user where id = any ('{${users.join()}}')`,
  );
}

const eventsOf = (kind: string, code: string) =>
  app.rows<{ detail: Record<string, unknown>; organisation_id: number | null }>(
    `select detail, organisation_id from audit_event where kind = $1 and $2 in (detail ->> 'code', detail ->> 'role') order by id`,
    [kind, code],
  );

describe('services', () => {
  it('are listed with search, state and figures', async () => {
    const all = textOf(await owner.get('sebadmin', '/system/services'));
    expect(all).toContain('Fælles telemedicinsk infrastruktur');
    const found = textOf(await owner.get('sebadmin', '/system/services?soeg=citizen_enroller'));
    expect(found).toContain('Fælles telemedicinsk infrastruktur');
    expect(found).not.toContain('Forskermaskinen');
    expect(textOf(await owner.get('sebadmin', '/system/services?status=udfaset'))).toContain('Ingen services passer');
    expect((await owner.get('sebadmin', '/system/services?efterid=1&efternavn=%00%C3%98')).status).toBe(200);
  });

  it('go on to the next page by name', async () => {
    await operate(
      app,
      `insert into service (code, name, owner, source) select 'fyld-' || n, 'Fyld ' || n, 'Ingen', 'prøve' from generate_series(1, 60) n`,
    );
    const first = await owner.get('sebadmin', '/system/services?soeg=fyld');
    const next = /href="([^"]*efterid[^"]*)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = textOf(await owner.get('sebadmin', next));
    const names = (text: string): string[] => text.match(/Fyld \d+/g) ?? [];
    const both = [...names(textOf(first)), ...names(second)];
    expect(new Set(both).size).toBe(60);
  });

  it('are created and edited, with before and after in the log', async () => {
    const id = await newService('proeve-rediger');
    const path = `/system/services/${id}/rediger`;
    const support = {
      supportnavn: 'DNHF Support',
      supporttelefon: '+45 1234 5678',
      supportmail: 'support@eksempel.dk',
      supportlinks: 'Vejledninger: https://eksempel.dk/a\r\nDrift: https://eksempel.dk/#/drift',
    };
    expect((await owner.submit('sebadmin', path, { ejer: 'Danske Regioner', ...support })).status).toBe(303);
    const shown = textOf(await owner.get('sebadmin', `/system/services/${id}`));
    for (const word of ['Danske Regioner', 'DNHF Support', '+45 1234 5678', 'https://eksempel.dk/#/drift'])
      expect(shown).toContain(word);
    expect(only(await eventsOf('service.edited', 'proeve-rediger')).detail).toMatchObject({
      changes: {
        owner: { from: 'Sundhedsdatastyrelsen', to: 'Danske Regioner' },
        supportName: { from: null, to: 'DNHF Support' },
      },
    });
    const again = await owner.submit('sebadmin', path, {});
    expect(again.status).toBe(303);
    expect(await eventsOf('service.edited', 'proeve-rediger')).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a code in use, in whatever letters', { kode: 'FUT' }, 'Koden er allerede i brug'],
    ['a code with a stroke', { kode: 'a/b' }, 'Skriv koden med bogstaver'],
    ['no name', { navn: ' ' }, 'Skriv servicens navn'],
    ['a link without an address', { supportlinks: 'javascript:alert(1)' }, 'Skriv hvert link'],
    ['an address that is none', { supportmail: 'support' }, 'Skriv e-mailadressen som'],
  ])('are refused with %s, and keep what was typed', async (_, wrong, message) => {
    const reply = await owner.submit('sebadmin', '/system/services/opret', { ...service, kode: 'ny-kode', ...wrong });
    expect(reply.status).toBe(422);
    expect(textOf(reply)).toContain(message);
    expect(reply.text).toContain('value="Sundhedsdatastyrelsen"');
  });

  it('edited by two at once: the later sees both versions', async () => {
    const id = await newService('proeve-to');
    const path = `/system/services/${id}/rediger`;
    const { fields } = formOf((await owner.get('sebadmin', path)).text, path);
    await owner.submit('sebadmin', path, { navn: 'Først' });
    const late = await owner.post('sebadmin', path, { ...fields, navn: 'Sidst' });
    expect(late.status).toBe(409);
    expect(textOf(late)).toContain('Navn Først Sidst');
  });

  it('keep their code from the moment that an organisation may give a role, in the database too', async () => {
    const id = await newService('proeve-kode');
    const roleId = await newRole(id);
    await owner.submit('sebadmin', `/system/services/${id}/rediger`, { kode: 'proeve-kode2' });
    await owner.submit('sebadmin', `/system/roller/${roleId}/rediger`, { kode: 'proeveSkriver' });
    await inUse(roleId, []);
    const path = `/system/roller/${roleId}/rediger`;
    const reply = await owner.submit('sebadmin', path, { kode: 'proeveTredje', set: '1-0-0-0' });
    expect([reply.status, textOf(reply)]).toEqual([422, expect.stringContaining('Koden kan ikke ændres')]);
    await expect(operate(app, `update role set code = 'x' where id = ${roleId}`)).rejects.toThrow('role_code_in_use');
    await expect(operate(app, `update service set code = 'x' where id = ${id}`)).rejects.toThrow('service_code_in_use');
  });
});

describe('roles in use', () => {
  it('get other needs only after it was shown what that means, and what was given stays', async () => {
    const id = await newService('proeve-krav');
    const roleId = await newRole(id, { kode: 'kravRolle' });
    const [first = 0, second = 0] = await ordinaryUsers(app, cvrs.region, 2);
    await inUse(roleId, [first]);
    const path = `/system/roller/${roleId}/rediger`;
    const asked = await owner.submit('sebadmin', path, { sor: 'ja' });
    expect(asked.status).toBe(422);
    expect(textOf(asked)).toContain('1 organisation kan tildele rollen, og 1 bruger har den (1 tildeling)');
    expect(textOf(asked)).toContain('1 tildeling er uden SOR-enhed og bliver, som de er');
    expect(await eventsOf('service.roleEdited', 'kravRolle')).toEqual([]);
    // Somebody gives it to another meanwhile: the figures are old.
    await inUse(roleId, [second]);
    const form = formOf(asked.text, path);
    const late = await owner.post('sebadmin', path, { ...form.fields, sor: 'ja' });
    expect([late.status, textOf(late)]).toEqual([409, expect.stringContaining('2 brugere har den')]);
    const sure = formOf(late.text, path);
    expect((await owner.post('sebadmin', path, { ...sure.fields, sor: 'ja' })).status).toBe(303);
    const kept = await app.rows(
      'select from role_assignment where role_id = $1 and sor_code is null and valid_to is null',
      [roleId],
    );
    expect(kept).toHaveLength(2);
    expect(only(await eventsOf('service.roleEdited', 'kravRolle')).detail).toMatchObject({
      changes: { needsSor: { from: 'Nej', to: 'Ja' } },
    });
    await expect(inUse(roleId, [await idOf(app, 'region-user')])).rejects.toThrow('unit_required');
  });

  it('are described without being asked about, and the finder finds them by synonym', async () => {
    const id = await newService('proeve-ord');
    const roleId = await newRole(id, { kode: 'ordRolle' });
    await inUse(roleId, []);
    const changed = { beskrivelse: 'Til dem, der prøver.', synonymer: 'prøvekanin, forsøgsperson; testbruger' };
    expect((await owner.submit('sebadmin', `/system/roller/${roleId}/rediger`, changed)).status).toBe(303);
    const found = await admin.get(
      'sebadmin',
      `/organisationer/${cvrs.region}/roller?soeg=${encodeURIComponent('prøvekanin')}`,
    );
    expect(textOf(found)).toContain('Til dem, der prøver.');
  });
});

describe('retiring', () => {
  const today = (): string => danishDay(dayInDenmark());
  const retire = (path: string, fields: Record<string, string>) =>
    owner.submit('sebadmin', path, { begrundelse: 'Ny version', ...fields });
  const run = (): Promise<number> => carryOutRetirements({ database: app.database, queueMails: async () => undefined });

  it('shows whom it concerns, tells each organisation, and leaves what users have', async () => {
    const [id, next] = [await newService('gammel'), await newService('nyere')];
    const roleId = await newRole(id, { kode: 'gammelRolle' });
    await newRole(next, { kode: 'nyRolle', navn: 'Den nye' });
    const [user = 0] = await ordinaryUsers(app, cvrs.region, 1);
    await inUse(roleId, [user]);
    const path = `/system/roller/${roleId}/udfas`;
    const shown = textOf(await owner.get('sebadmin', path));
    expect(shown).toContain('Organisationer, der kan tildele den 1 Brugere, der har den 1');
    const reply = await retire(path, { dag: '31-12-2030', afloeser: 'nyere/nyRolle' });
    expect(reply.location).toBe(`/system/roller/${roleId}`);
    const front = textOf(await admin.get('sebadmin', '/'));
    expect(front).toContain('Rollen Læser af prøver udfases 31-12-2030');
    expect(front).toContain('Afløseren er Den nye: tildel den til dem, der skal have den.');
    const mails = await app.rows<{ to_address: string; text: string }>(
      `select to_address, text from mail_outbox where kind = 'service.retirement' and subject like '%Læser af prøver%'`,
    );
    expect(mails).toHaveLength(2);
    expect(only(mails).text).toContain('Den afløses af Den nye.');
    expect((await eventsOf('service.retirementTold', 'gammelRolle')).map((one) => one.detail)).toEqual([
      expect.objectContaining({ day: '2030-12-31', successor: 'Den nye', users: 1 }),
    ]);
    // Until the day it can be given, also after the day was moved.
    await retire(path, { dag: '30-11-2030', afloeser: 'nyere' });
    const open = await app.rows<{ facts: object }>(
      `select facts from todo where kind = 'role.retirement' and done_at is null and facts ->> 'id' = $1`,
      [String(roleId)],
    );
    expect(open.map(({ facts }) => facts)).toEqual([
      expect.objectContaining({ day: '2030-11-30', successor: 'Prøveservicen' }),
    ]);
    const [another = 0] = (await ordinaryUsers(app, cvrs.region, 3)).slice(1);
    await inUse(roleId, [another]);
    expect(await run()).toBe(0);
  });

  it('ends giving at the day, in the database at once and in the lists by the job, which runs once', async () => {
    const id = await newService('slut');
    const roleId = await newRole(id, { kode: 'slutRolle', navn: 'Slutrolle' });
    const [user = 0, other = 0] = await ordinaryUsers(app, cvrs.region, 5);
    await inUse(roleId, [user]);
    await retire(`/system/services/${id}/udfas`, { dag: '31-12-2030', afloeser: '' });
    await operate(app, `update service set retires_on = danish_today() where id = ${id}`);
    await expect(inUse(roleId, [other])).rejects.toThrow('role_not_givable');
    expect(await Promise.all([run(), run()]).then((counts) => counts.toSorted())).toEqual([0, 1]);
    expect(await eventsOf('service.retired', 'slut')).toHaveLength(1);
    const page = await admin.get('sebadmin', `/organisationer/${cvrs.region}/rettigheder?soeg=slutrolle`);
    expect(textOf(page)).toContain('Udfaset, kan ikke tildeles');
    const held = await app.rows('select from role_assignment where role_id = $1 and valid_to is null', [roleId]);
    expect(held).toHaveLength(1);
    const offered = await admin.get('sebadmin', `/organisationer/${cvrs.region}/tildel-roller?bruger=${other}`);
    expect(offered.text).toContain('<option value="');
    expect(offered.text).not.toContain(`<option value="${id}"`);
  });

  it('today works at once, and can be undone: to-dos go, and the role can be given again', async () => {
    const id = await newService('fortryd');
    const roleId = await newRole(id, { kode: 'fortrydRolle' });
    await inUse(roleId, []);
    const path = `/system/roller/${roleId}`;
    await retire(`${path}/udfas`, { dag: today() });
    expect(textOf(await owner.get('sebadmin', path))).toContain('Udfaset');
    expect((await owner.submit('sebadmin', `${path}/genaabn`, {})).location).toBe(path);
    const open = await app.rows(
      `select from todo where facts ->> 'id' = $1 and kind = 'role.retirement' and done_at is null`,
      [String(roleId)],
    );
    expect(open).toEqual([]);
    const [user = 0] = await ordinaryUsers(app, cvrs.region, 1);
    await inUse(roleId, [user]);
    expect(
      (await eventsOf('service.retirementCancelled', 'fortrydRolle')).map((one) => one.organisation_id === null),
    ).toEqual([true, false]);
    expect((await owner.get('sebadmin', `${path}/genaabn`)).location).toBe(path);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a day gone by', { dag: '01-01-2020' }, 'Dagen er gået'],
    ['no day', { dag: '' }, 'Skriv dagen som dd-mm-åååå'],
    ['a successor that is not there', { afloeser: 'findes-ikke' }, 'ingen åben service eller rolle'],
    ['itself as successor', { afloeser: 'fut' }, 'Vælg noget andet end det'],
    ['no reason', { begrundelse: '' }, 'Skriv en begrundelse'],
  ])('is refused with %s', async (_, wrong, message) => {
    const fut = only(await app.rows<{ id: number }>(`select id from service where code = 'fut'`)).id;
    const before = await checksums(app);
    const reply = await retire(`/system/services/${fut}/udfas`, { dag: '31-12-2030', ...wrong });
    expect([reply.status, textOf(reply)]).toEqual([422, expect.stringContaining(message)]);
    expect(await checksums(app)).toEqual(before);
  });

  it('is refused while others are concerned than were shown', async () => {
    const id = await newService('overhalet');
    const roleId = await newRole(id, { kode: 'overhaletRolle' });
    const path = `/system/roller/${roleId}/udfas`;
    const { fields } = formOf((await owner.get('sebadmin', path)).text, path);
    await inUse(roleId, []);
    const late = await owner.post('sebadmin', path, { ...fields, dag: '31-12-2030', begrundelse: 'x' });
    expect([late.status, textOf(late)]).toEqual([
      409,
      expect.stringContaining('Organisationer, der kan tildele den 1'),
    ]);
  });
});

it('nobody but the system owner changes services, whatever is posted', async () => {
  const fut = only(await app.rows<{ id: number }>(`select id from service where code = 'fut'`)).id;
  const roleId = only(await givableRoles(app, cvrs.region, false)).id;
  const before = await checksums(app);
  const full = {
    ...service,
    ...role,
    kode: 'kapret',
    version: '1',
    dag: '31-12-2030',
    begrundelse: 'x',
    organisationer: '0',
    brugere: '0',
  };
  for (const person of ['region-org-admin', 'region-user-admin', 'region-read-only', 'servicedesk']) {
    const browser = await app.signedIn(person);
    const own = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
    for (const path of [
      '/system/services/opret',
      `/system/services/${fut}/rediger`,
      `/system/services/${fut}/roller/opret`,
      `/system/services/${fut}/udfas`,
      `/system/services/${fut}/genaabn`,
      `/system/roller/${roleId}/rediger`,
      `/system/roller/${roleId}/udfas`,
      `/system/roller/${roleId}/genaabn`,
    ])
      expect((await browser.post('sebadmin', path, { ...own, ...full })).status).toBe(403);
  }
  expect(await checksums(app)).toEqual(before);
});
