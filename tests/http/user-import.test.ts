import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { personOf } from '../support/people.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, headingOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { multipart, workbookOf, xlsxOf } from '../support/import-files.ts';
import type { GivableRole } from '../support/sector.ts';
import { checksums, cvrs, givableRoles, only, ordinaryUsers, unitOf } from '../support/sector.ts';

let app: App;
let org: Browser;
let plain: GivableRole;
let placed: GivableRole;
let unit: string;
const start = `/organisationer/${cvrs.region}/brugere/indsaet`;
const header = 'Fornavn;Efternavn;E-mail;RID;Telefon;Rolle;SOR-kode;Omfang';

beforeAll(async () => {
  app = await startApp();
  org = await app.signedIn('region-org-admin');
  plain = only(await givableRoles(app, cvrs.region, false));
  placed = only(await givableRoles(app, cvrs.region, true));
  unit = await unitOf(app, cvrs.region);
});
afterAll(async () => {
  const faults = app.log.filter((line) => line.includes('"level":50'));
  if (faults.length > 0) console.log(faults.join('\n').slice(0, 3000));
  await app.close();
});

/** Sends rows (or a file) from a page that was just opened. */
async function send(
  browser: Browser,
  tekst: string,
  file: { name: string; content: string | Buffer } | null = null,
): Promise<Reply> {
  const { fields } = formOf((await browser.get('sebadmin', start)).text, start);
  const { body, headers } = multipart({ ...(fields as Record<string, string>), tekst }, file);
  return browser.send('sebadmin', start, { method: 'POST', body, headers });
}

async function dryRun(rows: string[], browser = org): Promise<{ path: string; page: Reply }> {
  const reply = await send(browser, [header, ...rows].join('\n'));
  expect([reply.status, mainText(reply.text).slice(0, 300)]).toEqual([303, expect.anything()]);
  const path = reply.location ?? '';
  return { path, page: await browser.get('sebadmin', path) };
}

const kindsOf = ({ text }: Reply): string[] =>
  [...text.matchAll(/<span class="(?:badge[^"]*|seb-kind)">(Ny|Ændres|Findes|Fejl)<\/span>/g)].map(
    ([, kind]) => kind ?? '',
  );
const confirm = (path: string, browser = org): Promise<Reply> => browser.submit('sebadmin', path, {});
const roleText = (role: GivableRole): Promise<string> =>
  app
    .rows<{ text: string }>(
      `select s.code || '/' || r.code as text from role r join service s on s.id = r.service_id where r.id = $1`,
      [role.id],
    )
    .then((rows) => only(rows).text);

describe('rows that were pasted', () => {
  it('are judged, carried out as shown, logged as by hand, and change nothing the second time', async () => {
    const existing = only(await ordinaryUsers(app, cvrs.region, 1));
    const before = only(
      await app.rows<{ first_name: string; last_name: string; email: string; rid: string }>(
        'select first_name, last_name, email, rid from app_user where id = $1',
        [existing],
      ),
    );
    const rows = [
      `Åse;Indsat;aase.indsat@eksempel.dk;NY-1;44 22 80 75;${await roleText(plain)};;`,
      `;;;NY-1;;${await roleText(placed)};${unit};Denne enhed`,
      `;;ny.adresse@eksempel.dk;${before.rid};12 34 56 78;;;`,
      `Fejl;Iadresse;ikke en adresse;NY-2;;;;`,
      `;;;NY-3;;;;`,
      `Åse;Indsat;aase.indsat@eksempel.dk;NY-1;;ukendt-rolle;;`,
    ];
    const { path, page } = await dryRun(rows);
    expect(kindsOf(page)).toEqual(['Ny', 'Ny', 'Ændres', 'Fejl', 'Fejl', 'Fejl']);
    expect(mainText(page.text)).toContain(`E-mailadresse: ${before.email} → ny.adresse@eksempel.dk`);
    expect(mainText(page.text)).toContain('Brugeren findes ikke endnu');
    expect(mainText(page.text)).toMatch(new RegExp(` ved [^()]+ \\(${unit}\\), denne enhed `));
    expect(mainText(page.text)).not.toContain('relevant for rollen');
    expect(mainText(page.text)).toContain('3 rækker har fejl og gennemføres ikke.');
    expect(mainText((await org.get('sebadmin', `${path}?vis=fejl`)).text)).not.toContain('Brugeren oprettes');

    const untouched = await checksums(app);
    expect((await org.get('sebadmin', path)).status).toBe(200);
    expect(await checksums(app)).toEqual(untouched);

    const done = await confirm(path);
    expect([done.status, done.location]).toEqual([303, path]);
    const result = await org.get('sebadmin', path);
    expect(mainText(result.text)).toContain('Det er gennemført');
    expect(mainText(result.text)).toContain('3 rækker har fejl og er ikke gennemført.');
    expect(mainText(result.text)).toMatch(/Hvad skete der.*Brugeren blev oprettet.*Fik rollen/s);
    expect(mainText(result.text)).not.toMatch(/sker der|Brugeren oprettes|Får rollen|Ændres/);
    const events = await app.rows<{ kind: string; target_name: string | null; detail: object }>(
      `select kind, target_name, detail from audit_event where request_id = $1 order by id`,
      [done.headers['x-request-id']],
    );
    expect(events.map(({ kind }) => kind)).toEqual([
      'user.created',
      'user.edited',
      'role.assigned',
      'role.assigned',
      'user.imported',
    ]);
    expect(events[0]).toMatchObject({
      target_name: 'Åse Indsat',
      detail: { rid: 'NY-1', username: expect.stringMatching(/^asin\d{6}$/) },
    });
    expect(events[1]?.detail).toMatchObject({
      changes: { email: { from: before.email, to: 'ny.adresse@eksempel.dk' } },
    });
    expect(events[4]?.detail).toMatchObject({ created: 1, changed: 1, assigned: 2, errors: 3 });
    const mails = await app.rows<{ to_address: string }>(
      `select to_address from mail_outbox where kind = 'email.changed' and failed_at is null`,
    );
    expect(mails).toEqual([{ to_address: before.email }]);

    const again = await dryRun(rows);
    expect(kindsOf(again.page)).toEqual(['Findes', 'Findes', 'Findes', 'Fejl', 'Fejl', 'Fejl']);
    expect(again.page.text).not.toContain('>Gennemfør<');
  });

  it('can be confirmed once, however often the button is pressed', async () => {
    const { path } = await dryRun(['To;Gange;to@eksempel.dk;TO-1;;;;']);
    const form = formOf((await org.get('sebadmin', path)).text, path);
    const replies = await Promise.all([1, 2, 3].map(() => org.post('sebadmin', path, form.fields)));
    expect(replies.map((reply) => reply.status)).toEqual([303, 303, 303]);
    expect(await app.rows(`select from app_user where rid = 'TO-1'`)).toHaveLength(1);
    const other = await org.post('sebadmin', path, { ...form.fields, _key: '6281da2f-6433-4486-9a3f-bd2363779ab4' });
    expect(other.status).toBe(409);
  });

  it('are refused with what differs when something changed meanwhile, and can be confirmed then', async () => {
    const { path } = await dryRun(['For;Sent;for.sent@eksempel.dk;SENT-1;;;;', 'Er;Der;er.der@eksempel.dk;SENT-2;;;;']);
    expect(
      (
        await org.submit('sebadmin', `/organisationer/${cvrs.region}/brugere/opret`, {
          firstName: 'For',
          lastName: 'Sent',
          email: 'for.sent@eksempel.dk',
          rid: 'SENT-1',
        })
      ).status,
    ).toBe(303);
    const form = formOf((await org.get('sebadmin', path)).text, path);
    const refused = await org.post('sebadmin', path, form.fields);
    expect([refused.status, mainText(refused.text)]).toEqual([
      409,
      expect.stringContaining('Række 2: “Ny” er blevet til “Findes”'),
    ]);
    expect(await app.rows(`select from app_user where rid = 'SENT-2'`)).toHaveLength(0);
    expect(
      (await org.post('sebadmin', path, { ...form.fields, _key: '6281da2f-6433-4486-9a3f-bd2363779ab5' })).status,
    ).toBe(409);
    expect((await confirm(path)).status).toBe(303);
    expect(await app.rows(`select from app_user where rid = 'SENT-2'`)).toHaveLength(1);
  });

  it('never change oneself, nor an administrator by a brugeradministrator', async () => {
    const own = personOf('region-user-admin').rid;
    const administrator = personOf('region-read-only').rid;
    const rows = [
      `;;;${own};11 22 33 44;;;`,
      `;;;${own};;${await roleText(plain)};;`,
      `;;;${administrator};11 22 33 44;;;`,
    ];
    const admin = await app.signedIn('region-user-admin');
    expect(kindsOf((await dryRun(rows, admin)).page)).toEqual(['Fejl', 'Fejl', 'Fejl']);
    expect(kindsOf((await dryRun(rows)).page)).toEqual(['Ændres', 'Ændres', 'Ændres']);
    expect(kindsOf((await dryRun([`;;;${personOf('region-org-admin').rid};11 22 33 44;;;`])).page)).toEqual(['Fejl']);
  });

  it('give only roles at open units of the organisation, to users who are not locked', async () => {
    const role = await roleText(placed);
    const locked = personOf('locked');
    const foreign = await unitOf(app, cvrs.municipality);
    const closed = await unitOf(app, cvrs.region, true);
    const rows = [
      `A;B;a@eksempel.dk;U-1;;${role};;`,
      `A;B;a@eksempel.dk;U-2;;${role};${foreign};Denne enhed`,
      `A;B;a@eksempel.dk;U-3;;${role};${closed};Denne enhed`,
      `A;B;a@eksempel.dk;U-4;;${role};${unit};`,
      `A;B;a@eksempel.dk;U-5;;${await roleText(plain)};${unit};Denne enhed`,
      `;;;${locked.rid};;${await roleText(plain)};;`,
    ];
    const { page } = await dryRun(rows);
    const text = mainText(page.text);
    expect(kindsOf(page)).toEqual(rows.map(() => 'Fejl'));
    for (const part of [
      'kræver en SOR-kode',
      'hører ikke til organisationen',
      'er lukket',
      'Skriv omfang',
      'skal ikke have en SOR-kode',
      'er spærret',
    ])
      expect(text).toContain(part);
  });

  it('that say the same role twice give it once, and warn of a shared address and of a namesake', async () => {
    const role = await roleText(plain);
    const { page, path } = await dryRun([
      `Dob;Belt;delt@eksempel.dk;D-1;;${role};;`,
      `;;;D-1;;${role};;`,
      `En;Anden;Delt@Eksempel.dk;D-2;;;;`,
      `Åse;Østergård;navne@eksempel.dk;D-3;;${role};;`,
    ]);
    expect(kindsOf(page)).toEqual(['Ny', 'Findes', 'Ny', 'Ny']);
    expect(mainText(page.text)).toContain('Flere brugere i filen har samme e-mailadresse');
    expect(mainText(page.text)).toContain('samme navn eller e-mailadresse som dig');
    const done = await confirm(path);
    const kinds = await app.rows<{ kind: string }>('select kind from audit_event where request_id = $1 order by kind', [
      done.headers['x-request-id'],
    ]);
    expect(kinds.map(({ kind }) => kind)).toContain('role.namesakeAssigned');
    expect(await app.rows(`select from mail_outbox where kind like '%self%'`)).not.toHaveLength(0);
  });
});

describe('a file', () => {
  it.each<[string, () => Promise<{ name: string; content: string | Buffer }>]>([
    [
      'CSV',
      async () => ({
        name: 'brugere.csv',
        content: Buffer.from(`${header}\r\nJørgen;Fil;jf@eksempel.dk;FIL-1;;;;\r\n`, 'latin1'),
      }),
    ],
    [
      'XLSX',
      async () => ({
        name: 'brugere.xlsx',
        content: await xlsxOf([header.split(';'), ['Jørgen', 'Fil', 'jf@eksempel.dk', 'FIL-1']]),
      }),
    ],
    [
      'XLSX called something else',
      async () => ({
        name: '../../x<b>.csv',
        content: await xlsxOf([header.split(';'), ['Jørgen', 'Fil', 'jf@eksempel.dk', 'FIL-1']]),
      }),
    ],
  ])('%s is read, and leaves nothing behind', async (_what, file) => {
    const reply = await send(org, '', await file());
    expect(reply.status).toBe(303);
    const page = await org.get('sebadmin', reply.location ?? '');
    expect(kindsOf(page)).toEqual(['Ny']);
    expect(mainText(page.text)).toContain('Jørgen Fil');
    expect(page.text).not.toContain('<b>.csv');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('seb-upload-'))).toEqual([]);
  });

  it.each<[string, string | Buffer, number, string]>([
    ['too big', Buffer.alloc(11_000_000, 'a;b;c;d\n'), 413, 'højst fylde 10 MB'],
    ['a zip bomb', workbookOf(' '.repeat(60_000_000)), 413, 'pakker mere ud'],
    ['not what it says', '%PDF-1.7', 415, 'hverken'],
    ['without columns of ours', 'a;b\n1;2', 422, 'genkende kolonnerne'],
  ])('that is %s is refused in words on the page', async (_what, content, status, message) => {
    const before = await checksums(app);
    const reply = await send(org, '', { name: 'brugere.xlsx', content });
    expect([reply.status, headingOf(reply.text), mainText(reply.text)]).toEqual([
      status,
      'Indsæt fra Excel',
      expect.stringContaining(message),
    ]);
    expect(await checksums(app)).toEqual(before);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('seb-upload-'))).toEqual([]);
  });

  it('of 100 MB is answered, and the next request as well', async () => {
    const reply = await send(org, '', { name: 'stor.csv', content: Buffer.alloc(100_000_000, 'x') });
    expect(reply.status).toBe(413);
    expect((await org.get('sebadmin', start)).status).toBe(200);
  });

  it('that was cut off on its way is a 4xx', async () => {
    const { fields } = formOf((await org.get('sebadmin', start)).text, start);
    const { body, headers } = multipart(fields as Record<string, string>, { name: 'x.csv', content: header });
    const reply = await org.send('sebadmin', start, { method: 'POST', body: body.subarray(0, -30), headers });
    expect(reply.status).toBe(400);
    const broken = await org.send('sebadmin', start, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'multipart/form-data' },
    });
    expect(broken.status).toBe(400);
  });

  it('from a form without the session’s token, or before login, is not received', async () => {
    const { fields } = formOf((await org.get('sebadmin', start)).text, start);
    const file = { name: 'x.csv', content: header };
    const post = (browser: Browser, sent: Record<string, string>): Promise<Reply> => {
      const { body, headers } = multipart(sent, file);
      return browser.send('sebadmin', start, { method: 'POST', body, headers });
    };
    const given = fields as Record<string, string>;
    expect((await post(org, { ...given, _csrf: 'x' })).status).toBe(303);
    expect((await post(org, { _csrf: 'x' })).status).toBe(403);
    expect((await post(app.browser(), given)).location).toContain('/login');
    expect((await post(await app.signedIn('region-read-only'), given)).status).toBe(403);
  });

  it('needs rows', async () => {
    expect((await send(org, ' ')).status).toBe(422);
  });
});

describe('the pages of an import', () => {
  it('are for the one who ordered it', async () => {
    const { path } = await dryRun(['Kun;Min;kun.min@eksempel.dk;MIN-1;;;;']);
    const id = path.split('/').at(-1) ?? '';
    const colleague = await app.signedIn('region-org-admin-2');
    const other = await app.signedIn('municipality-org-admin');
    const elsewhere = `/organisationer/${cvrs.municipality}/brugere/indsaet/${id}`;
    const fields = formOf((await org.get('sebadmin', path)).text, path).fields;
    const mine = (browser: Browser): Record<string, string> => ({ ...(fields as Record<string, string>), ...browser });
    for (const [browser, address] of [
      [colleague, path],
      [other, path],
      [other, elsewhere],
    ] as const) {
      expect((await browser.get('sebadmin', address)).status).toBe(404);
      expect((await browser.get('sebadmin', `${address}/fejl`)).status).toBe(404);
      const own = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
      const posted = { ...mine(browser), _csrf: String(own._csrf), _for: String(own._for) };
      expect((await browser.post('sebadmin', address, posted)).status).toBe(404);
    }
    expect(await app.rows(`select from app_user where rid = 'MIN-1'`)).toHaveLength(0);
  });

  it('have pages of 50 rows, forwards and back', async () => {
    const { path, page } = await dryRun(
      Array.from({ length: 120 }, (_, at) => `Side;Nr${at};side${at}@eksempel.dk;SIDE-${at};;;;`),
    );
    const next = (reply: Reply, rel: string): string =>
      new RegExp(`href="([^"]*)" rel="${rel}"`).exec(reply.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await org.get('sebadmin', next(page, 'next'));
    const third = await org.get('sebadmin', next(second, 'next'));
    expect([page, second, third].map((reply) => kindsOf(reply).length)).toEqual([50, 50, 20]);
    expect(next(third, 'next')).toBe('');
    const back = await org.get('sebadmin', next(third, 'prev'));
    expect(mainText(back.text)).toContain('Række 52–101');
    expect((await org.get('sebadmin', `${path}?efter=x&vis=nonsens&foer=-1`)).status).toBe(200);
  });

  it('hand out the rows with faults as a file that can be corrected and sent again', async () => {
    const { path } = await dryRun(['God;Række;god@eksempel.dk;G-1;;;;', '@Dårlig;Række;skidt;0012;+45 44;;;']);
    const file = await org.get('sebadmin', `${path}/fejl`);
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="seb-fejl-\d+\.csv"$/);
    expect(file.text).toMatch(/^\uFEFFFornavn;Efternavn;E-mail;RID;/);
    expect(file.text).toContain(`'@Dårlig;Række;skidt;"=""0012""";;;;'+45 44`);
    expect(file.text).not.toContain('God;Række');
    const reply = await send(org, '', {
      name: 'rettet.csv',
      content: file.text.replace('skidt', 'rettet@eksempel.dk'),
    });
    expect(kindsOf(await org.get('sebadmin', reply.location ?? ''))).toEqual(['Ny']);
  });

  it('are valid HTML: empty, refused, judged, under way and done', async () => {
    const { path, page } = await dryRun(['Gyldig;Side;gyldig@eksempel.dk;HTML-1;;;;', 'x;y;z;HTML-2;;;;']);
    const pages = [await org.get('sebadmin', start), await send(org, ''), page];
    await confirm(path);
    pages.push(await org.get('sebadmin', path));
    for (const { text } of pages) expect(await faultsOfHtml(text)).toEqual([]);
  });

  it('offer a template, and a link in Brugeroversigt', async () => {
    expect((await org.get('sebadmin', `${start}/skabelon`)).text).toContain('Fornavn;Efternavn;E-mail;RID');
    expect((await org.get('sebadmin', `/organisationer/${cvrs.region}/brugere`)).text).toContain(`href="${start}"`);
  });
});

it('gives nobody’s account that reaches beyond the organisation a new address', async () => {
  const [owner] = await app.rows<{ id: number; rid: string; email: string; cvr: string }>(
    `select u.id, u.rid, u.email, o.cvr from app_user u join organisation o on o.id = u.organisation_id
     join administrator a on a.user_id = u.id and a.organisation_id <> u.organisation_id where o.cvr = $1 limit 1`,
    [cvrs.region],
  );
  const { path, page } = await dryRun([`;;ny@eksempel.dk;${owner?.rid};;;;`]);
  expect(kindsOf(page)).toEqual(['Fejl']);
  expect(mainText(page.text)).toContain('rettigheder uden for organisationen');
  await confirm(path).catch(() => undefined);
  expect(await app.rows('select email from app_user where id = $1', [owner?.id])).toEqual([{ email: owner?.email }]);
});

it('lets no address that a user asked for before come back over the file’s', async () => {
  const user = only(await ordinaryUsers(app, cvrs.region, 1));
  await app.rows(
    `insert into email_change (user_id, organisation_id, token_digest, new_email, expires_at)
     select id, organisation_id, 'ventende', 'gammel@eksempel.dk', now() + interval '1 hour' from app_user where id = $1`,
    [user],
  );
  const [{ rid } = { rid: '' }] = await app.rows<{ rid: string }>('select rid from app_user where id = $1', [user]);
  const { path } = await dryRun([`;;rettet@eksempel.dk;${rid};;;;`]);
  expect((await confirm(path)).status).toBe(303);
  const waiting = await app.rows(`select from email_change where token_digest = 'ventende' and used_at is null`);
  expect(waiting).toEqual([]);
});

it('waits for a job when there is much to do, on a page that asks again by itself', async () => {
  const rows = Array.from({ length: 501 }, (_, at) => `Mange;Nr${at};mange${at}@eksempel.dk;MANGE-${at};;;;`);
  const { path } = await dryRun(rows);
  expect((await confirm(path)).status).toBe(303);
  const waiting = await org.get('sebadmin', path);
  expect(await faultsOfHtml(waiting.text)).toEqual([]);
  expect(waiting.headers.refresh).toBe('5');
  expect(mainText(waiting.text)).toContain('0 af 501 rækker er gennemført');
  expect(await app.rows(`select from app_user where rid like 'MANGE-%'`)).toHaveLength(0);
});
