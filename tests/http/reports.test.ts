import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { cvrs, idOf, only, operate } from '../support/sector.ts';

let app: App;
let admin: Browser;

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
});
beforeEach(() => app.rows('delete from rate_limit'));
afterAll(() => app.close());

const base = `/organisationer/${cvrs.region}/rapporter`;
const unescaped = (text: string): string => text.replaceAll('&amp;', '&');
const linkTo = (reply: Reply, label: string): string =>
  unescaped(new RegExp(`<a href="([^"]*)"[^>]*>${label}<`).exec(reply.text)?.[1] ?? `no link ${label}`);
const show = (path: string, browser = admin): Promise<Reply> => browser.get('sebadmin', path);
/** The cells of the table's rows, as text. */
const rowsOf = ({ text }: Reply): string[][] =>
  [...text.matchAll(/<tr[^>]*>(<td.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => cell.replaceAll(/<[^>]+>/g, '')),
  );
const made = (): Promise<{ detail: { report: string; rows: number; hasMore: boolean; filters: object[] } }[]> =>
  app.rows(`select detail from audit_event where kind = 'report.made' order by id`);

describe('a report on the screen', () => {
  it('has pages by key, forwards and back, and is one event of the log for all of them', async () => {
    const before = (await made()).length;
    const first = await show(
      `${base}/alle-brugere?status=aktiv&kolonne=fornavn&kolonne=efternavn&kolonne=rid&kolonne=rolle`,
    );
    expect(first.status).toBe(200);
    expect(rowsOf(first)).toHaveLength(50);
    expect(mainText(first.text)).toMatch(/Side 1 \([\d.]+ rækker\)/);
    const second = await show(linkTo(first, 'Næste'));
    expect(mainText(second.text)).toContain('Side 2');
    expect(rowsOf(second)[0]).not.toEqual(rowsOf(first)[0]);
    const back = await show(linkTo(second, 'Forrige'));
    expect(rowsOf(back)).toEqual(rowsOf(first));
    expect(mainText(back.text)).toContain('Side 1');
    const events = (await made()).slice(before);
    expect(events).toMatchObject([
      { detail: { report: 'alle-brugere', hasMore: false, filters: [{ label: 'Status', value: 'Aktiv' }] } },
    ]);
    expect(only(events).detail.rows).toBeGreaterThan(50);
  });

  it('is gone to the end of at once, and back from there', async () => {
    const path = `${base}/alle-brugere?kolonne=efternavn&kolonne=rid&kolonne=rolle`;
    const last = await show(linkTo(await show(path), 'Sidste'));
    expect(mainText(last.text)).toMatch(/Sidste side \([\d.]+ rækker\)/);
    expect(last.text).not.toMatch(/>(Næste|Sidste)<\/a>/);
    const falling = await show(`${path}&sorter=efternavn&faldende=1`);
    expect(rowsOf(last)).toEqual(rowsOf(falling).toReversed());
    const before = await show(linkTo(last, 'Forrige'));
    expect(rowsOf(before)).toHaveLength(50);
    expect(rowsOf(await show(linkTo(before, 'Næste')))).toEqual(rowsOf(last));
    expect(rowsOf(await show(linkTo(last, 'Første')))).toEqual(rowsOf(await show(path)));
  });

  it('tells which roles the organisation might give on a former day', async () => {
    const [right] = await app.rows<{ role_id: number; code: string; day: string; before: string }>(
      `select p.role_id, r.code, to_char(p.valid_from at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as day,
         to_char(p.valid_from at time zone 'Europe/Copenhagen' - interval '1 day', 'DD-MM-YYYY') as before
       from right_period p join role r on r.id = p.role_id join organisation o on o.id = p.organisation_id
       where o.cvr = $1 and p.valid_to is null order by p.role_id limit 1`,
      [cvrs.region],
    );
    const codesOf = async (day: string): Promise<string[]> =>
      rowsOf(await show(`${base}/rettigheder-til-roller?dag=${day}&kolonne=rollekode&soeg=${right?.code}`)).map(
        ([code = '']) => code,
      );
    expect(await codesOf(right?.day ?? '')).toContain(right?.code);
    expect(await codesOf(right?.before ?? '')).toEqual([]);
    await operate(
      app,
      `update organisation_role set withdrawn_at = now() where role_id = ${right?.role_id} and organisation_id = (select id from organisation where cvr = '${cvrs.region}')`,
    );
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' });
    expect(await codesOf(today)).toEqual([]);
    expect(await codesOf(right?.day ?? '')).toContain(right?.code);
  });

  it('is an event of its own again where the proof of the first is missing, of somebody else or of another filter', async () => {
    const first = await show(`${base}/alle-brugere`);
    const next = linkTo(first, 'Næste');
    const before = (await made()).length;
    await show(next.replace(/&?vist=[^&]*/, ''));
    await show(next.replace('status=', 'status=aktiv'));
    await show(next, await app.signedIn('region-read-only'));
    expect((await made()).length).toBe(before + 3);
    await show(next);
    expect((await made()).length).toBe(before + 3);
  });

  it('is sorted by what an index carries, and marks it', async () => {
    const first = await show(`${base}/alle-brugere?kolonne=efternavn&kolonne=email`);
    const falling = await show(`${base}/alle-brugere?kolonne=email&sorter=email&faldende=1`);
    const emails = rowsOf(falling).map(([email = '']) => email);
    expect(emails).toEqual(emails.toSorted().toReversed());
    expect(first.text).toContain('aria-sort="ascending"');
    expect(falling.text).toContain('aria-sort="descending"');
  });

  it('finds through the whole report, one after the other, and says when there is no more', async () => {
    const users = await app.rows<{ last_name: string }>(
      `select u.last_name from app_user u join organisation o on o.id = u.organisation_id where o.cvr = $1 and u.deleted_at is null
       order by u.last_name desc, u.first_name desc, u.id desc limit 1`,
      [cvrs.region],
    );
    const { last_name: last } = only(users);
    const path = `${base}/alle-brugere?kolonne=efternavn&kolonne=rid&find=${encodeURIComponent(last)}&soeg-nu=1`;
    let reply = await show(path);
    expect(mainText(reply.text)).toContain(`Fundet: “${last}”`);
    expect(reply.text).toContain(`<mark>${last}</mark>`);
    expect(rowsOf(reply)[0]?.[0]).toBe(last);
    const back = await show(linkTo(reply, 'Forrige'));
    expect([back.status, rowsOf(back).length]).toEqual([200, 50]);
    let finds = 1;
    for (; mainText(reply.text).includes('Fundet:') && finds < 60; finds += 1)
      reply = await show(linkTo(reply, 'Næste'));
    expect(mainText(reply.text)).toContain(`Der er ikke flere med “${last}”`);
    expect(mainText((await show(`${base}/alle-brugere?find=qqqzzz&soeg-nu=1`)).text)).toContain(
      'findes ikke i rapporten',
    );
  });

  it('takes what is no cursor, column or order for the beginning, and tells what is wrong with a day', async () => {
    for (const odd of [
      'plads=x',
      'efter=..',
      'kolonne=nej',
      'sorter=nej',
      'faldende=9',
      `plads=${Buffer.from('{"d":"after","v":["a","b","x","y"],"i":0,"p":1}').toString('base64url')}`,
    ])
      expect([odd, (await show(`${base}/alle-brugere?${odd}`)).status]).toEqual([odd, 200]);
    const wrong = await show(`${base}/adgang-paa-dato?dag=31-02-2026`);
    expect([wrong.status, mainText(wrong.text)]).toEqual([422, expect.stringContaining('fx 31-12-2026')]);
    const future = await show(`${base}/adgang-paa-dato?dag=01-01-2126`);
    expect([future.status, mainText(future.text)]).toEqual([
      422,
      expect.stringContaining('i dag eller en tidligere dag'),
    ]);
    const changes = `aendringer-paa-bruger?bruger=${await idOf(app, 'region-user')}`;
    for (const report of ['forskelle?', `${changes}&`])
      expect((await show(`${base}/${report}fra=02-01-2026&til=01-01-2026`)).status).toBe(422);
    expect((await show(`${base}/findes-ikke`)).status).toBe(404);
    expect((await show(`${base}/tal-pr-service`)).status).toBe(404);
  });

  it('asks for the person it is about, and knows nobody of another organisation', async () => {
    const before = (await made()).length;
    const asked = await show(`${base}/aendringer-paa-bruger?person=N%C3%B8rg%C3%A5rd`);
    expect(mainText(asked.text)).toContain('Søren Ægidius Nørgård');
    const own = await idOf(app, 'region-user');
    const foreign = await idOf(app, 'municipality-org-admin');
    expect(rowsOf(await show(`${base}/enkelt-bruger?bruger=${foreign}`))).toEqual([]);
    expect((await made()).length).toBe(before);
    const shown = await show(`${base}/enkelt-bruger?bruger=${own}`);
    expect(mainText(shown.text)).toContain('Bruger: Søren Ægidius Nørgård');
    const [event] = await app.rows<{ target_user_id: number; target_name: string }>(
      `select target_user_id, target_name from audit_event where kind = 'report.made' order by id desc limit 1`,
    );
    expect(event).toEqual({ target_user_id: own, target_name: 'Søren Ægidius Nørgård' });
  });

  it('tells a brugeradministrator nothing that was done to administrators, and an organisationsadministrator all', async () => {
    const owner = await idOf(app, 'region-read-only');
    const region = `(select id from organisation where cvr = '${cvrs.region}')`;
    await operate(
      app,
      `insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, target_user_id, target_name, detail)
       select 'user.locked', id, name, 'SYSTEM', 'SEB', 'system', ${owner}, 'Ulla Ærø', '{"from": null, "until": null, "reason": "Kanin"}' from organisation where id = ${region}`,
    );
    const path = `${base}/aendringer-paa-bruger?bruger=${owner}`;
    expect(mainText((await show(path)).text)).toContain('Kanin');
    expect(mainText((await show(path, await app.signedIn('region-user-admin'))).text)).not.toContain('Kanin');
    // What names administrators without being about one user, and what is about who stands in for one, the log withholds as well.
    const by = await idOf(app, 'region-org-admin-2');
    const standIn = await idOf(app, 'region-user');
    await operate(
      app,
      `insert into administrator_substitute (organisation_id, administrator_id, user_id, valid_to)
       select organisation_id, id, ${standIn}, now() + interval '1 day' from administrator where user_id = ${by};
       insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role, target_user_id, target_name, detail)
       select 'user.locked', id, name, 'PERSON', ${by}, 'Åse', 'organisationAdministrator', ${standIn}, 'Vikar', '{"from": null, "until": null, "reason": "Hare"}'::jsonb from organisation where id = ${region}
       union all select 'agreement.ended', id, name, 'PERSON', ${by}, 'Åse', 'systemOwner', null, null, '{"agreementId": 1, "lastDay": "2026-12-31", "reason": "Ræv"}'::jsonb from organisation where id = ${region}`,
    );
    const doneBy = `${base}/aendringer-af-bruger?bruger=${by}`;
    const told = async (browser = admin) =>
      (mainText((await show(doneBy, browser)).text).match(/Hare|Ræv/g) ?? []).toSorted();
    expect(await told()).toEqual(['Hare', 'Ræv']);
    expect(await told(await app.signedIn('region-user-admin'))).toEqual([]);
    const reader = await app.signedIn('region-read-only');
    expect((await show(path, reader)).status).toBe(200); // her own
    expect((await show(`${base}/aendringer-paa-bruger?bruger=${await idOf(app, 'region-user')}`, reader)).status).toBe(
      403,
    );
  });
});

describe('the front page of reports', () => {
  it('lists what one may have, has the successor of the old report in its place, and shows the figures in picture and table', async () => {
    const { text, status } = await show(base);
    expect(status).toBe(200);
    for (const title of ['Alle brugere i et CVR', 'Hvem havde adgang den …', 'Udløber snart', 'En enkelt gruppe'])
      expect(mainText(text)).toContain(title);
    // One entry, in the old one's place, that says what it was called.
    expect(text.match(/brugere-med-rolle/g)).toHaveLength(1);
    expect(mainText(text)).toContain(
      'Brugere med en bestemt rolle Alle, der har én rolle nu, og hvor de har den. Hed før “En enkelt gruppe”.',
    );
    expect(text.match(/<svg role="img"/g)).toHaveLength(4);
    const [figure] = await app.rows<{ users: string }>(
      `select count(*)::text as users from app_user u join organisation o on o.id = u.organisation_id where o.cvr = $1 and u.deleted_at is null`,
      [cvrs.region],
    );
    expect(text).toMatch(new RegExp(`<td class="seb-number">${Number(figure?.users).toLocaleString('da-DK')}</td>`));
    const reader = await show(base, await app.signedIn('region-read-only'));
    expect(mainText(reader.text)).not.toContain('Ændringer udført af bruger');
    expect(mainText((await show('/rapporter', await app.signedIn('servicedesk'))).text)).toContain('Tal pr. service');
  });

  it('keeps a view under a name that is one’s own, to be renamed and deleted', async () => {
    const shown = await show(`${base}/udloeber-snart?dage=400&kolonne=efternavn`);
    const form = formOf(shown.text, `${base}/udloeber-snart/visninger`);
    const save = (navn: string, browser = admin): Promise<Reply> =>
      browser.post('sebadmin', form.action, { ...form.fields, _key: crypto.randomUUID(), navn });
    expect((await save('Min liste')).status).toBe(303);
    const refused = await save('min LISTE');
    expect(mainText((await show(refused.location ?? '')).text)).toContain('allerede en visning med det navn');
    const front = await show(base);
    const link = linkTo(front, 'Min liste');
    expect(link).toContain('dage=400');
    expect((await show(link)).status).toBe(200);
    const edit = unescaped(/href="([^"]*visninger\/\d+)"/.exec(front.text)?.[1] ?? '');
    const others = await app.signedIn('region-user-admin');
    expect((await show(edit, others)).status).toBe(404);
    expect(mainText((await show(base, others)).text)).not.toContain('Min liste');
    expect((await admin.submit('sebadmin', edit, { navn: 'Udløber' })).status).toBe(303);
    expect(mainText((await show(base)).text)).toContain('Udløber');
    expect((await admin.submit('sebadmin', edit, { navn: '' })).status).toBe(422);
    const gone = formOf((await show(edit)).text, `${edit}/slet`);
    const theirs = { ...formOf((await show('/mine-oplysninger', others)).text, '/mine-oplysninger').fields };
    expect((await others.post('sebadmin', gone.action, theirs)).status).toBe(404);
    expect((await admin.post('sebadmin', gone.action, gone.fields)).status).toBe(303);
    expect((await show(edit)).status).toBe(404);
  });
});

describe('reports about oneself, in sebanmod', () => {
  it('tell what one has and had, as page and file, and nothing of anybody else', async () => {
    const me = await app.signedIn('region-user', 'sebanmod');
    const get = (path: string, by = me): Promise<Reply> => by.get('sebanmod', path);
    expect(mainText((await get('/')).text)).toContain('Hvad havde jeg adgang til en bestemt dag?');
    const held = await app.rows<{ name: string }>(
      `select r.name from role_assignment g join role r on r.id = g.role_id join service s on s.id = r.service_id
       where g.user_id = $1 and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now()) order by s.name, r.name, g.id`,
      [await idOf(app, 'region-user')],
    );
    const path = '/mine-rapporter/mine-roller';
    const shown = await get(`${path}?kolonne=rolle`);
    expect(held.length).toBeGreaterThan(0);
    expect(rowsOf(shown)).toEqual(held.map(({ name }) => [name]));
    const stranger = await idOf(app, 'region-user-admin');
    expect(rowsOf(await get(`${path}?kolonne=rolle&bruger=${stranger}`))).toEqual(rowsOf(shown));
    const day = await get('/mine-rapporter/min-adgang-paa-dato?kolonne=rolle&kolonne=efternavn');
    expect(new Set(rowsOf(day).map(([name]) => name))).toEqual(new Set(['Ægidius Nørgård']));
    expect((await get('/mine-rapporter/min-adgang-paa-dato?dag=01-01-1990')).text).toContain('Ingen rækker passer');
    const file = formOf(shown.text, `${path}/hent`);
    const made = await me.post('sebanmod', file.action, { ...file.fields, form: 'CSV' });
    expect(made.status).toBe(303);
    const csv = await get(made.location ?? '');
    expect([csv.status, csv.text.trim().split('\r\n').length]).toEqual([200, held.length + 1]);
    expect((await get(made.location ?? '', await app.signedIn('region-user-admin', 'sebanmod'))).status).toBe(404);
    for (const other of ['alle-brugere', 'adgang-paa-dato', 'enkelt-bruger'])
      expect((await get(`/mine-rapporter/${other}`)).status).toBe(404);
    const forged = await me.post('sebanmod', '/mine-rapporter/alle-brugere/hent', {
      ...file.fields,
      _key: crypto.randomUUID(),
      form: 'CSV',
    });
    expect(forged.status).toBe(404);
    expect((await show(`${base}/mine-roller`)).status).toBe(404);
    const told = await app.rows<{ detail: { report: string } }>(
      `select detail from audit_event where kind in ('report.made', 'report.downloaded') and actor_user_id = $1 order by id`,
      [await idOf(app, 'region-user')],
    );
    expect(told.map(({ detail }) => detail.report)).toEqual(
      expect.arrayContaining(['mine-roller', 'min-adgang-paa-dato']),
    );
  });
});
