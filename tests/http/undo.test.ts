import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { assign } from '../support/flows.ts';
import type { GivableRole } from '../support/sector.ts';
import {
  checksums,
  cvrs,
  endOfRoles,
  givableRoles,
  idOf,
  only,
  operate,
  ordinaryUsers,
  unitOf,
} from '../support/sector.ts';

let app: App;
let browser: Browser;
let colleague: Browser;
let users: number[];
let plain: GivableRole;
let atUnit: GivableRole;
let unit: string;
const region = `/organisationer/${cvrs.region}`;
const inRegion = `(select id from organisation where cvr = '${cvrs.region}')`;

beforeAll(async () => {
  app = await startApp();
  browser = await app.signedIn('region-user-admin');
  colleague = await app.signedIn('region-org-admin');
  users = await ordinaryUsers(app, cvrs.region, 4);
  plain = only(await givableRoles(app, cvrs.region, false));
  atUnit = only(await givableRoles(app, cvrs.region, true));
  unit = await unitOf(app, cvrs.region);
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.rows('delete from rate_limit');
  await operate(
    app,
    `${endOfRoles(users)};
     delete from administrator where user_id in (${users.join()});
     update organisation_role set withdrawn_at = null where organisation_id = ${inRegion} and role_id in (${plain.id}, ${atUnit.id});
     update app_user set locked_from = null where id in (${users.join()})`,
  );
});

type Held = {
  id: number;
  user_id: number;
  role_id: number;
  sor_code: string | null;
  scope: string;
  ends: string | null;
};

/** What the users hold now or from a later day, by the tables; the end to the millisecond. */
const held = (): Promise<Held[]> =>
  app.rows<Held>(
    `select id, user_id, role_id, sor_code, scope, valid_to::text as ends from role_assignment
     where user_id = any ($1) and withdrawn_at is null order by user_id, role_id, sor_code nulls first, valid_from`,
    [users],
  );
const withoutIds = (rows: Held[]) => rows.map(({ id: _id, ...row }) => row);

/** The users hold these from before, as the operator's doing. */
const given = (rows: { user: number; role: GivableRole; at?: string; ends?: string }[]): Promise<void> =>
  operate(
    app,
    rows
      .map(
        ({
          user,
          role,
          at,
          ends,
        }) => `insert into role_assignment (organisation_id, user_id, role_id, sor_code, valid_from, valid_to)
          select ${inRegion}, ${user}, ${role.id}, ${at === undefined ? 'null' : `'${at}'`}, now() - interval '10 days', ${ends ?? 'null'}`,
      )
      .join(';'),
  );

const selection = (ids: number[]): string => ids.map((id) => `bruger=${id}`).join('&');
const giveAll = (who: Browser = browser, ids = users, fields: Fields = {}): Promise<Reply> =>
  assign(who, `${region}/tildel-roller?${selection(ids)}&tildelservice=${plain.serviceId}`, {
    rolle: String(plain.id),
    ...fields,
  });

async function withdrawAll(role: GivableRole, place: string): Promise<Reply> {
  const path = `${region}/fjern-roller`;
  const query = `${selection(users)}&fraservice=${role.serviceId}&rolle=${role.id}_${place}`;
  const form = formOf((await browser.get('sebadmin', `${path}/gennemse?${query}`)).text, path);
  return browser.post('sebadmin', form.action, form.fields);
}

/** The reference of the change that a post made. */
function referenceOf(reply: Reply): string {
  expect(reply.status).toBe(303);
  return String(reply.headers['x-request-id']);
}

const pageOf = (reference: string): string => `${region}/aendringer/${reference}`;
const look = async (reference: string, who: Browser = browser): Promise<string> =>
  mainText((await who.get('sebadmin', pageOf(reference))).text);
const foresee = async (reference: string): Promise<string> =>
  mainText((await browser.get('sebadmin', `${pageOf(reference)}/fortryd`)).text);

async function undo(reference: string, fields: Fields = {}): Promise<Reply> {
  const path = `${pageOf(reference)}/fortryd`;
  return browser.submit('sebadmin', path, fields);
}

const eventsOf = (reply: Reply) =>
  app.rows<{ kind: string; reason: string | null; count: number }>(
    `select kind, detail ->> 'reason' as reason, count(*)::int from audit_event where request_id = $1 group by 1, 2 order by 1`,
    [referenceOf(reply)],
  );

describe('roles given to many', () => {
  it('have a page of their own, which the message, the list and the front page lead to', async () => {
    const done = await giveAll();
    const reference = referenceOf(done);
    const list = await browser.get('sebadmin', done.location ?? '');
    expect(list.text).toContain(`<a href="${pageOf(reference)}">Se eller fortryd ændringen</a>`);
    expect((await browser.get('sebadmin', '/')).text).toContain(`href="${region}/aendringer">Mine seneste ændringer`);
    const mine = await browser.get('sebadmin', `${region}/aendringer`);
    expect(mine.text).toContain(`href="${pageOf(reference)}">Tildelte rollen`);
    const shown = await look(reference);
    expect(shown).toContain('til 4 brugere');
    expect(shown).toContain('Mette-Marie Sørensen (dig)');
    expect(shown).toContain(reference);
    expect(shown.match(/Kan fortrydes Rollen fjernes\./g)).toHaveLength(4);
  });

  it('are withdrawn again, with an event each and one for the whole', async () => {
    const reference = referenceOf(await giveAll());
    expect(await foresee(reference)).toContain('Kan fortrydes 4 Kan ikke fortrydes 0');
    const undone = await undo(reference);
    expect(undone.location).toBe(pageOf(reference));
    expect(await held()).toEqual([]);
    expect(await eventsOf(undone)).toEqual([
      { kind: 'batch.undone', reason: null, count: 1 },
      { kind: 'role.withdrawn', reason: `Fortrudt ændring ${reference}`, count: 4 },
    ]);
    const shown = await look(reference);
    expect(shown).toContain('Ændringen er fortrudt: 4 roller er fjernet.');
    expect(shown).toContain('Alle roller i ændringen er fortrudt.');
    expect(shown).not.toContain('Fortryd ændringen');
    expect(mainText((await browser.get('sebadmin', `${region}/aendringer`)).text)).toContain(`${reference} Fortrudt`);
  });

  it('leaves what somebody has changed since, and says who and when', async () => {
    const reference = referenceOf(await giveAll());
    const [first, second] = await held();
    const edit = await colleague.submit('sebadmin', `${region}/brugere/${first?.user_id}/roller/${first?.id}`, {
      slutdato: '31-12-2030',
    });
    expect(edit.status).toBe(303);
    const path = `${region}/brugere/${second?.user_id}/roller`;
    expect((await colleague.submit('sebadmin', path, { tildeling: String(second?.id) })).status).toBe(303);
    const foreseen = await foresee(reference);
    expect(foreseen).toContain('Kan fortrydes 2 Kan ikke fortrydes 2');
    expect(foreseen).toContain('2 rækker: Ændret siden.');
    const shown = await look(reference);
    expect(shown).toMatch(/Ændret siden af Åse Østergård \d\d-\d\d-\d{4} kl\. \d\d\.\d\d\./);
    expect(shown).toMatch(/Fjernet siden af Åse Østergård/);
    expect((await undo(reference)).status).toBe(303);
    expect((await held()).map(({ id }) => id)).toEqual([first?.id]);
  });

  it('are judged anew when the preview is old, and done once when sent twice', async () => {
    const reference = referenceOf(await giveAll());
    const path = `${pageOf(reference)}/fortryd`;
    const form = formOf((await browser.get('sebadmin', path)).text, path);
    const [first] = await held();
    await colleague.submit('sebadmin', `${region}/brugere/${first?.user_id}/roller`, { tildeling: String(first?.id) });
    const late = await browser.post('sebadmin', form.action, form.fields);
    expect(late.status).toBe(409);
    expect(mainText(late.text)).toContain('Kan fortrydes 3 Kan ikke fortrydes 1');
    expect(await held()).toHaveLength(3);
    const anew = formOf(late.text, path);
    const replies = await Promise.all([1, 2].map(() => browser.post('sebadmin', anew.action, anew.fields)));
    expect(replies.map(({ status }) => status)).toEqual([303, 303]);
    expect(await held()).toEqual([]);
    const told = await app.rows(`select from audit_event where kind = 'batch.undone' and detail ->> 'batch' = $1`, [
      reference,
    ]);
    expect(told).toHaveLength(1);
  });

  it('are undone by one of two tabs only', async () => {
    const reference = referenceOf(await giveAll());
    const path = `${pageOf(reference)}/fortryd`;
    const forms = await Promise.all([1, 2].map(async () => formOf((await browser.get('sebadmin', path)).text, path)));
    const replies = await Promise.all(forms.map((form) => browser.post('sebadmin', form.action, form.fields)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    const lost = replies.find(({ status }) => status === 409);
    expect(mainText(lost?.text ?? '')).toContain('Der er intet, der kan fortrydes.');
    const again = await browser.post('sebadmin', path, { ...forms[0]?.fields, _key: crypto.randomUUID(), antal: '0' });
    expect(again.status).toBe(409);
  });

  it('and edited at the same moment keep one of the two outcomes whole', async () => {
    const reference = referenceOf(await giveAll());
    const path = `${pageOf(reference)}/fortryd`;
    const undoing = formOf((await browser.get('sebadmin', path)).text, path);
    const [first] = await held();
    const where = `${region}/brugere/${first?.user_id}/roller/${first?.id}`;
    const editing = formOf((await colleague.get('sebadmin', where)).text, where);
    const [undone, edited] = await Promise.all([
      browser.post('sebadmin', undoing.action, undoing.fields),
      colleague.post('sebadmin', editing.action, { ...editing.fields, slutdato: '31-12-2030' }),
    ]);
    expect([undone.status, edited.status].toSorted()).toEqual([303, 409]);
    expect(await held()).toHaveLength(undone.status === 303 ? 0 : 4);
  });

  it('can be had back by undoing the undoing', async () => {
    const reference = referenceOf(await giveAll(browser, users, { slutdato: '31-12-2030' }));
    const before = withoutIds(await held());
    const undone = referenceOf(await undo(reference));
    expect(await look(undone)).toContain(`Fortrød ændringen ${reference}: 4 roller fjernet`);
    expect(await held()).toEqual([]);
    expect((await undo(undone)).status).toBe(303);
    expect(withoutIds(await held())).toEqual(before);
    expect(await look(reference)).toContain('Alle roller i ændringen er fortrudt.');
  });
});

describe('roles taken from many', () => {
  it('come back for the rest of their period, to the moment', async () => {
    await given(
      users.map((user, index) => ({
        user,
        role: atUnit,
        at: unit,
        ...(index === 0 ? { ends: `now() + interval '100 days 3 hours'` } : {}),
      })),
    );
    const before = withoutIds(await held());
    const reference = referenceOf(await withdrawAll(atUnit, unit));
    expect(await held()).toEqual([]);
    expect(await foresee(reference)).toContain('4 roller tildeles igen fra nu af, hver i resten af sin periode.');
    const undone = await undo(reference);
    expect(withoutIds(await held())).toEqual(before);
    expect(await eventsOf(undone)).toEqual([
      { kind: 'batch.undone', reason: null, count: 1 },
      { kind: 'role.assigned', reason: `Fortrudt ændring ${reference}`, count: 4 },
    ]);
    const restored = await app.rows(
      `select from role_assignment g join role_assignment b on b.id = g.restores_id
       where g.user_id = any ($1) and b.withdrawn_at is not null and g.user_id = b.user_id`,
      [users],
    );
    expect(restored).toHaveLength(4);
  });

  it('stay away from whom nothing can be given now, each with its reason', async () => {
    await given(users.map((user) => ({ user, role: plain })));
    const reference = referenceOf(await withdrawAll(plain, '0'));
    const [locked = 0, holder = 0, administrator = 0] = users;
    await operate(
      app,
      `update app_user set locked_from = now() where id = ${locked};
       insert into administrator (organisation_id, user_id, home_organisation_id, kind) values (${inRegion}, ${administrator}, ${inRegion}, 'USER')`,
    );
    expect((await giveAll(colleague, [holder])).status).toBe(303);
    const shown = await look(reference);
    for (const reason of [
      'Brugeren er spærret.',
      'Brugeren har allerede fået rollen samme sted igen.',
      'Kun en organisationsadministrator kan ændre en administrator.',
    ])
      expect(shown).toContain(reason);
    expect(await foresee(reference)).toContain('Kan fortrydes 1 Kan ikke fortrydes 3');
    expect((await undo(reference)).status).toBe(303);
    expect((await held()).map(({ user_id }) => user_id)).toEqual([holder, users[3]]);
    const rest = await look(reference);
    expect(rest).toContain('Der er ikke mere at fortryde nu. Se hvorfor ud for hver række.');
    expect(rest).not.toContain('Fortryd resten');
    await operate(
      app,
      `delete from administrator where user_id = ${administrator}; update app_user set locked_from = null where id = ${locked}`,
    );
    expect(await look(reference)).toContain('Fortryd resten');
    expect((await undo(reference)).status).toBe(303);
    expect(await held()).toHaveLength(4);
  });

  it('stay away when the role is withdrawn from the organisation, or the unit is closed', async () => {
    await given(users.map((user) => ({ user, role: atUnit, at: unit })));
    const reference = referenceOf(await withdrawAll(atUnit, unit));
    const before = await checksums(app);
    const obstacles = [
      [
        `update organisation_role set withdrawn_at = VALUE where role_id = ${atUnit.id}`,
        'kan ikke længere tildele rollen',
      ],
      [`update sor_unit set closed_on = (VALUE)::date - 2 where code = '${unit}'`, 'SOR-enheden er lukket'],
    ] as const;
    for (const [statement, reason] of obstacles) {
      await operate(app, statement.replace('VALUE', 'now()'));
      expect(await foresee(reference)).toContain(
        `4 rækker: ${reason === 'SOR-enheden er lukket' ? '' : 'Organisationen '}${reason}`,
      );
      await operate(app, statement.replace('VALUE', 'null'));
    }
    expect((await checksums(app)).role_assignment).toBe(before.role_assignment);
    expect(await foresee(reference)).toContain('Kan fortrydes 4');
  });

  it('stay away when their period has ended since', async () => {
    await given([{ user: users[0] ?? 0, role: plain, ends: `now() + interval '3 seconds'` }]);
    const reference = referenceOf(await withdrawAll(plain, '0'));
    await expect
      .poll(() => foresee(reference), { timeout: 15_000, interval: 200 })
      .toContain('1 række: Tildelingens periode er udløbet.');
    expect(await foresee(reference)).toContain('Der er intet, der kan fortrydes.');
  });
});

describe('an assignment that was edited', () => {
  const editFirst = async (fields: Fields): Promise<{ reference: string; before: object[] }> => {
    const [first] = await held();
    const before = withoutIds(await held());
    const path = `${region}/brugere/${first?.user_id}/roller/${first?.id}`;
    return { reference: referenceOf(await browser.submit('sebadmin', path, fields)), before };
  };

  it('gets its terms back', async () => {
    await given([{ user: users[0] ?? 0, role: atUnit, at: unit, ends: `now() + interval '50 days 1 hour'` }]);
    const { reference, before } = await editFirst({ omfang: 'UNIT_ONLY' });
    expect(withoutIds(await held())).not.toEqual(before);
    const undone = await undo(reference);
    expect(withoutIds(await held())).toEqual(before);
    expect(await eventsOf(undone)).toEqual([
      { kind: 'batch.undone', reason: null, count: 1 },
      { kind: 'role.assignmentChanged', reason: `Fortrudt ændring ${reference}`, count: 1 },
    ]);
    expect(await look(reference)).toContain('1 tildeling er rettet tilbage');
  });

  it('gets its end back also when the user is locked, but no wider terms', async () => {
    const [user = 0] = users;
    await given([{ user, role: plain, ends: `((danish_today() + 31)::timestamp at time zone 'Europe/Copenhagen')` }]);
    const longer = await editFirst({ slutdato: '31-12-2030' });
    await operate(app, `update app_user set locked_from = now() where id = ${user}`);
    expect((await undo(longer.reference)).status).toBe(303);
    expect(withoutIds(await held())).toEqual(longer.before);
    await operate(app, `update app_user set locked_from = null where id = ${user}`);
    const shorter = await editFirst({ slutdato: danish(3) });
    await operate(app, `update app_user set locked_from = now() where id = ${user}`);
    expect(await foresee(shorter.reference)).toContain('1 række: Brugeren er spærret.');
  });
});

const danish = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv-SE').split('-').toReversed().join('-');

describe('a clone', () => {
  it('is taken back, with what it removed', async () => {
    const [source = 0, ...receivers] = users;
    await given([
      { user: source, role: atUnit, at: unit },
      { user: source, role: plain },
      { user: receivers[0] ?? 0, role: atUnit, at: unit, ends: `now() + interval '9 days'` },
      { user: receivers[1] ?? 0, role: plain, ends: `now() + interval '19 days'` },
    ]);
    const before = withoutIds(await held());
    const path = `${region}/brugere/${source}/klon`;
    const chosen = [
      ['valgt', '1'],
      ['slet', '1'],
      ...(await held()).filter((row) => row.user_id === source).map(({ id }) => ['tildeling', String(id)]),
      ...receivers.map((id) => ['modtager', String(id)]),
    ];
    const preview = await browser.get('sebadmin', `${path}/gennemse?${new URLSearchParams(chosen).toString()}`);
    const form = formOf(preview.text, path);
    const reference = referenceOf(await browser.post('sebadmin', form.action, form.fields));
    expect(await look(reference)).toContain('Klonede roller til 3 brugere');
    expect(withoutIds(await held())).not.toEqual(before);
    expect(await foresee(reference)).toContain('Kan ikke fortrydes 0');
    expect((await undo(reference)).status).toBe(303);
    expect(withoutIds(await held())).toEqual(before);
  });
});

describe('an import from Excel', () => {
  it('loses the roles that it gave; who was created is named with a link', async () => {
    const { rid, email } = only(
      await app.rows<{ rid: string; email: string }>('select rid, email from app_user where id = $1', [users[0]]),
    );
    const { service } = only(
      await app.rows<{ service: string }>('select code as service from service where id = $1', [plain.serviceId]),
    );
    const head = ['Fornavn', 'Efternavn', 'E-mail', 'RID', 'Service', 'Rolle'];
    const known = only(
      await app.rows<{ f: string; l: string }>('select first_name as f, last_name as l from app_user where id = $1', [
        users[0],
      ]),
    );
    const lines = [
      head,
      ['Ny', 'Importeret', 'ny.importeret@region-eksempel.example', 'FORTRYD-1', service, plain.code],
      [known.f, known.l, email, rid, service, plain.code],
    ];
    const start = `${region}/brugere/indsaet`;
    const read = await browser.submit('sebadmin', start, { tekst: lines.map((line) => line.join('\t')).join('\n') });
    expect(read.status).toBe(303);
    const confirmed = await browser.submit('sebadmin', read.location ?? '', {});
    const reference = referenceOf(confirmed);
    expect((await browser.get('sebadmin', confirmed.location ?? '')).text).toContain(pageOf(reference));
    const shown = await look(reference);
    expect(shown).toContain('Indsatte fra Excel: 1 bruger oprettet og 2 roller tildelt');
    expect(shown).toContain('Brugeren blev oprettet. Spær eller slet brugeren selv.');
    expect(await foresee(reference)).toContain('Kan fortrydes 2 Kan ikke fortrydes 1');
    expect((await undo(reference)).status).toBe(303);
    const left = await app.rows(
      `select from role_assignment g join app_user u on u.id = g.user_id where u.rid = any ($1) and g.withdrawn_at is null`,
      [['FORTRYD-1', rid]],
    );
    expect(left).toEqual([]);
    expect(await app.rows(`select from app_user where rid = 'FORTRYD-1' and deleted_at is null`)).toHaveLength(1);
  });
});

describe('what cannot be undone', () => {
  it('is somebody else’s: seen by organisationsadministratorer, undone by nobody else', async () => {
    const own = referenceOf(await giveAll());
    expect(await look(own, colleague)).toContain('Kun Mette-Marie Sørensen kan fortryde ændringen');
    for (const who of [colleague]) {
      expect((await who.get('sebadmin', `${pageOf(own)}/fortryd`)).status).toBe(403);
      const path = `${pageOf(own)}/fortryd`;
      const form = formOf((await browser.get('sebadmin', path)).text, path);
      const hidden = formOf((await who.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
      expect((await who.post('sebadmin', path, { ...form.fields, ...hidden })).status).toBe(403);
    }
    expect(await held()).toHaveLength(4);
    await undo(own);
    const others = referenceOf(await giveAll(colleague));
    expect((await browser.get('sebadmin', pageOf(others))).status).toBe(403);
    expect(mainText((await browser.get('sebadmin', `${region}/aendringer`)).text)).not.toContain(others);
  });

  it('is another organisation’s: there is no such page', async () => {
    const reference = referenceOf(await giveAll());
    const stranger = await app.signedIn('municipality-org-admin');
    const elsewhere = `/organisationer/${cvrs.municipality}/aendringer/${reference}`;
    expect((await stranger.get('sebadmin', elsewhere)).status).toBe(404);
    expect((await stranger.get('sebadmin', `${elsewhere}/fortryd`)).status).toBe(404);
    expect((await stranger.get('sebadmin', pageOf(reference))).status).toBe(404);
    for (const odd of ['x', '..', '%00', "a'b", 'a'.repeat(70)])
      expect((await browser.get('sebadmin', pageOf(odd))).status).toBe(404);
    expect((await browser.get('sebadmin', `${region}/aendringer?foer=x`)).status).toBe(200);
    expect((await browser.get('sebadmin', `${pageOf(reference)}?side=x`)).status).toBe(200);
  });

  it('is older than 24 hours', async () => {
    await given([{ user: users[0] ?? 0, role: plain }]);
    const [one] = await held();
    const actor = await idOf(app, 'region-user-admin');
    await app.rows(
      `insert into audit_event (at, kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role,
         target_user_id, target_name, detail, request_id)
       select now() - interval '24 hours 1 second', 'role.assigned', u.organisation_id, o.name, 'PERSON', $1, 'Mette-Marie Sørensen', 'userAdministrator',
         u.id, u.first_name || ' ' || u.last_name, jsonb_build_object('assignmentId', $2::int, 'role', $3::text, 'roleName', 'Rolle', 'service', 'fut',
           'sorCode', null, 'unitName', null, 'scope', 'UNIT_AND_SUBUNITS'), 'GAMM-ELAE-NDR1'
       from app_user u join organisation o on o.id = u.organisation_id where u.id = $4`,
      [actor, one?.id, plain.code, users[0]],
    );
    const shown = await look('GAMM-ELAE-NDR1');
    expect(shown).toContain('Ændringen er mere end 24 timer gammel og kan ikke længere fortrydes.');
    const late = await browser.get('sebadmin', `${pageOf('GAMM-ELAE-NDR1')}/fortryd`);
    expect(late.status).toBe(409);
    const hidden = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
    const forced = await browser.post('sebadmin', `${pageOf('GAMM-ELAE-NDR1')}/fortryd`, { ...hidden, antal: '1' });
    expect(forced.status).toBe(409);
    expect(await held()).toHaveLength(1);
    expect(mainText((await browser.get('sebadmin', `${region}/aendringer`)).text)).not.toContain('GAMM');
  });

  it('is a role of a service that one no longer answers for', async () => {
    const reference = referenceOf(await giveAll());
    const self = await idOf(app, 'region-user-admin');
    const limit = (isLimited: boolean) =>
      operate(
        app,
        `update administrator set limits_services = ${isLimited} where user_id = ${self};
         delete from administrator_service;
         insert into administrator_service (administrator_id, organisation_id, service_id)
         select a.id, a.organisation_id, s.id from administrator a join service s on s.id <> ${plain.serviceId} where a.user_id = ${self} and ${isLimited}`,
      );
    await limit(true);
    expect(await foresee(reference)).toContain('4 rækker: Rollen hører til en service uden for dit ansvarsområde.');
    const hidden = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
    expect((await browser.post('sebadmin', `${pageOf(reference)}/fortryd`, hidden)).status).toBe(409);
    expect(await held()).toHaveLength(4);
    await limit(false);
    expect((await undo(reference)).status).toBe(303);
    expect(await held()).toEqual([]);
  });

  it('is a deletion', async () => {
    const [extra = 0] = (await ordinaryUsers(app, cvrs.region, 5)).slice(4);
    await given([{ user: extra, role: plain }]);
    const gone = await browser.submit('sebadmin', `${region}/brugere/${extra}/slet`, { bekraeft: '1' });
    const reference = referenceOf(gone);
    const shown = await look(reference);
    expect(shown).toContain('Slettede 1 bruger');
    expect(shown).toContain('En sletning kan ikke fortrydes.');
    expect(await foresee(reference)).toContain('Brugeren er slettet. En sletning kan ikke fortrydes.');
  });
});

describe('one’s own roles', () => {
  it('come back only where the organisation allows it, with a written reason, and told to the others', async () => {
    const self = await idOf(app, 'region-user-admin');
    await operate(
      app,
      `${endOfRoles([self])};
       insert into role_assignment (organisation_id, user_id, role_id) values (${inRegion}, ${self}, ${plain.id})`,
    );
    const [mine] = await app.rows<{ id: number }>('select id from role_assignment where user_id = $1', [self]);
    const path = `${region}/brugere/${self}/roller`;
    const reference = referenceOf(await browser.submit('sebadmin', path, { tildeling: String(mine?.id) }));
    expect(await foresee(reference)).toContain('Du kan ikke give dig selv roller.');
    await operate(app, `update organisation set self_assignment_allowed = true where cvr = '${cvrs.region}'`);
    const silent = await undo(reference);
    expect(silent.status).toBe(422);
    expect(mainText(silent.text)).toContain('Skriv en begrundelse');
    const undone = await undo(reference, { begrundelse: 'Fjernet ved en fejl' });
    expect(await eventsOf(undone)).toContainEqual({
      kind: 'role.selfAssigned',
      reason: `Fortrudt ændring ${reference}: Fjernet ved en fejl`,
      count: 1,
    });
    const mails = await app.rows(`select from mail_outbox where text like '%Fjernet ved en fejl%'`);
    expect(mails.length).toBeGreaterThan(1);
    await operate(app, `update organisation set self_assignment_allowed = false where cvr = '${cvrs.region}'`);
  });
});

describe('the page of a large change', () => {
  it('is read page by page, forwards and back, each user once', async () => {
    const many = await ordinaryUsers(app, cvrs.region, 120);
    await operate(app, `${endOfRoles(many)} and role_id = ${plain.id}`);
    const reference = referenceOf(await giveAll(browser, many));
    const namesOn = (reply: Reply): string[] => [...reply.text.matchAll(/brugere\/(\d+)">/g)].map(([, id = '']) => id);
    const link = (reply: Reply, rel: string): string =>
      (new RegExp(`href="([^"]+)" rel="${rel}"`).exec(reply.text)?.[1] ?? '').replaceAll('&amp;', '&');
    const first = await browser.get('sebadmin', pageOf(reference));
    const second = await browser.get('sebadmin', link(first, 'next'));
    const third = await browser.get('sebadmin', link(second, 'next'));
    const seen = [first, second, third].flatMap(namesOn);
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
    expect(mainText(third.text)).toContain('Side 3 af 3 (120 rækker)');
    expect(link(third, 'next')).toBe('');
    expect(namesOn(await browser.get('sebadmin', link(third, 'prev')))).toEqual(namesOn(second));
    expect((await undo(reference)).status).toBe(303);
  });
});
