import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anyText } from '../support/any-text.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Form, Reply } from '../support/browser.ts';
import { decoded, formOf, mainText, request } from '../support/browser.ts';
import { assignForm } from '../support/flows.ts';
import type { GivableRole } from '../support/sector.ts';
import { checksums, cvrs, givableRoles, idOf, only, ordinaryUsers, unitOf } from '../support/sector.ts';

let app: App;
let admin: Browser;
let user: number;
let forms: Record<string, Form>;
let role: GivableRole;
let unit: string;
const organisation = `/organisationer/${cvrs.region}`;

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  user = only(await ordinaryUsers(app, cvrs.region, 1));
  role = only(await givableRoles(app, cvrs.region, true));
  unit = await unitOf(app, cvrs.region);
  const opened = async (path: string) => formOf((await admin.get('sebadmin', path)).text, path);
  const held = only(
    await app.rows<{ user_id: number; id: number }>(
      `select g.user_id, g.id from role_assignment g join organisation o on o.id = g.organisation_id join app_user u on u.id = g.user_id
     where o.cvr = $1 and g.withdrawn_at is null and g.valid_to is null and u.deleted_at is null and u.locked_from is null order by g.id limit 1`,
      [cvrs.region],
    ),
  );
  const assigning = await assignForm(
    admin,
    `${organisation}/tildel-roller?bruger=${user}&tildelservice=${role.serviceId}`,
    { rolle: String(role.id), sor: unit, omfang: 'UNIT_ONLY' },
  );
  forms = {
    opret: await opened(`${organisation}/brugere/opret`),
    rediger: await opened(`${organisation}/brugere/${user}/rediger`),
    'mine oplysninger': await opened('/mine-oplysninger'),
    tildel: assigning,
    fjern: await opened(`${organisation}/brugere/${held.user_id}/roller`),
  };
});
beforeEach(() => app.rows('delete from rate_limit'));
afterAll(() => app.close());

const formNamed = (name: string): Form => {
  const form = forms[name];
  if (form === undefined) throw new Error(`no form ${name}`);
  return form;
};

/** Good values of a form, to spoil one at a time. */
function goodFields(name: string): Record<string, string | string[]> {
  const { fields } = formNamed(name);
  if (name !== 'opret') return { ...fields, _key: crypto.randomUUID() };
  return {
    ...fields,
    _key: crypto.randomUUID(),
    firstName: 'Ny',
    lastName: 'Bruger',
    email: 'ny@region-eksempel.example',
    rid: 'BAD-1',
  };
}

/** What every refusal must be: 4xx, Danish, with nothing of our inside, and nothing changed. */
function expectRefused(what: string, reply: Reply): void {
  expect([what, reply.status >= 400 && reply.status < 500]).toEqual([what, true]);
  expect([what, reply.text]).toEqual([what, expect.stringMatching(/lang="da"/)]);
  expect([
    what,
    /node_modules|    at |Prisma|\bundefined\b|\bnull\b|select |ZodError/.exec(mainText(reply.text)),
  ]).toEqual([what, null]);
  expect(mainText(reply.text)).toMatch(/[a-zæøå]{3}/);
}

async function expectNothingChanged(act: () => Promise<void>): Promise<void> {
  const before = await checksums(app);
  await act();
  expect(await checksums(app)).toEqual(before);
}

const nasty: Record<string, string | string[]> = {
  NUL: 'a\u0000b',
  'a control character': 'a\u0007b',
  'a non-character': 'a\ufffeb',
  'a turn of direction': 'a\u202eb',
  twice: ['a', 'b'],
  'far too long': 'å'.repeat(5000),
};

const required: Record<string, Record<string, RegExp>> = {
  opret: {
    firstName: /Skriv fornavn/,
    lastName: /Skriv efternavn/,
    email: /Skriv e-mailadresse/,
    rid: /Skriv RID-nummer/,
  },
  rediger: {
    firstName: /Skriv fornavn/,
    lastName: /Skriv efternavn/,
    email: /Skriv e-mailadresse/,
    rid: /Skriv RID-nummer/,
    version: /Siden er for gammel/,
  },
  'mine oplysninger': { email: /Skriv e-mailadresse/, version: /Siden er for gammel/ },
  fjern: { tildeling: /Vælg mindst én rolle/ },
};

describe.each(['opret', 'rediger', 'mine oplysninger'])('the form %s', (name) => {
  it.each(Object.keys(required[name] ?? {}))('says when %s is missing or empty', async (field) => {
    await expectNothingChanged(async () => {
      for (const value of [undefined, '', '   ']) {
        const reply = await admin.post('sebadmin', formNamed(name).action, { ...goodFields(name), [field]: value });
        expectRefused(`${field} ${String(value)}`, reply);
        expect([reply.status, mainText(reply.text)]).toEqual([
          422,
          expect.stringMatching(required[name]?.[field] ?? /./),
        ]);
      }
    });
  });

  it('refuses in each of its fields what no text may hold, and shows the rest as it was typed', async () => {
    const typed = Object.keys(goodFields(name)).filter((field) => !field.startsWith('_') && field !== 'version');
    await expectNothingChanged(async () => {
      for (const field of typed) {
        for (const [what, value] of Object.entries(nasty)) {
          const good = goodFields(name);
          const reply = await admin.post('sebadmin', formNamed(name).action, { ...good, [field]: value });
          expectRefused(`${field}: ${what}`, reply);
          expect([field, what, reply.status]).toEqual([field, what, 422]);
          const shown = formOf(reply.text, formNamed(name).action).fields;
          for (const other of typed.filter((one) => one !== field)) expect(shown[other]).toBe(good[other]);
        }
      }
    });
  });

  it('keeps typed markup as text', async () => {
    const value = `"><script>alert(1)</script>'&amp;`;
    const reply = await admin.post('sebadmin', formNamed(name).action, { ...goodFields(name), email: value });
    expect(reply.text).not.toContain('<script>alert');
    expect(formOf(reply.text, formNamed(name).action).fields.email).toBe(value);
  });
});

describe('the form tildel', () => {
  const spoilt: [string, Fields | (() => Promise<Fields>), RegExp][] = [
    ['no service', { tildelservice: undefined }, /Vælg en service/],
    ['an unknown service', { tildelservice: '2147483647' }, /./],
    ['no role', { rolle: undefined }, /Vælg mindst én rolle/],
    ['an unknown role', { rolle: '2147483647' }, /kan ikke tildele en af rollerne/],
    ['a word for a role', { rolle: 'læge' }, /Vælg roller på listen/],
    ['a bracketed role', { rolle: undefined, 'rolle[id]': '1' }, /Vælg mindst én rolle/],
    ['no unit where one is needed', { sor: '' }, /SOR-enhed/],
    ['an unknown scope', { omfang: 'ALT' }, /Vælg/],
    ['too long a reason', { begrundelse: 'å'.repeat(501) }, /højst fylde 500 tegn/],
    ['a control character in the reason', { begrundelse: 'a\u0000' }, /tegn, der ikke kan bruges/],
    ['a case number twice', { sagsnummer: ['1', '2'] }, /kun sendes én gang/],
    [
      'a unit of another organisation',
      async () => ({ sor: await unitOf(app, cvrs.municipality) }),
      /hører ikke til organisationen/,
    ],
    ['a closed unit', async () => ({ sor: await unitOf(app, cvrs.region, true) }), /lukket/],
    ['an unknown unit with a right check digit', { sor: '90000000000016001' }, /./],
    [
      'a wrong check digit',
      () => Promise.resolve({ sor: unit.slice(0, -1) + String((Number(unit.at(-1)) + 1) % 10) }),
      /SOR/,
    ],
    ['a word for a unit', { sor: 'kirurgi' }, /SOR/],
  ];
  it.each(spoilt)('refuses %s in words, and keeps what was chosen', async (_what, spoil, words) => {
    const wrong = typeof spoil === 'function' ? await spoil() : spoil;
    await expectNothingChanged(async () => {
      const reply = await admin.post('sebadmin', formNamed('tildel').action, {
        ...goodFields('tildel'),
        begrundelse: 'Beholdes',
        ...wrong,
      });
      expectRefused(JSON.stringify(wrong), reply);
      expect(mainText(reply.text)).toMatch(words);
    });
  });

  it('takes no chosen users that are none', async () => {
    const path = `${organisation}/tildel-roller`;
    await expectNothingChanged(async () => {
      for (const query of [
        'bruger=x',
        'bruger=-1',
        'bruger=2147483648',
        `bruger[]=${user}`,
        'bruger=%00',
        `bruger=${user}&bruger=`,
        Array.from({ length: 600 }, (_, index) => `bruger=${index + 1}`).join('&'),
      ]) {
        for (const method of ['GET', 'POST'] as const) {
          const { action: _action, fields } = formNamed('tildel');
          const reply =
            method === 'GET'
              ? await admin.get('sebadmin', `${path}?${query}`)
              : await admin.post('sebadmin', `${path}?${query}`, fields);
          if (reply.status !== 303) expectRefused(query.slice(0, 40), reply);
        }
      }
    });
  });
});

describe('the form fjern', () => {
  it.each<[string, Fields, number]>([
    ['nothing chosen', { tildeling: undefined }, 422],
    ['a word', { tildeling: 'alle' }, 422],
    ['a bracket', { 'tildeling[]': '1' }, 422],
    ['an unknown id', { tildeling: '2147483647' }, 404],
    ['501 ids', { tildeling: Array.from({ length: 501 }, (_, index) => String(index + 1)) }, 422],
  ])('refuses %s', async (what, wrong, status) => {
    await expectNothingChanged(async () => {
      const { tildeling: _none, ...good } = goodFields('fjern');
      const reply = await admin.post('sebadmin', formNamed('fjern').action, { ...good, ...wrong });
      expectRefused(what, reply);
      expect(reply.status).toBe(status);
    });
  });
});

describe.each(['opret', 'rediger', 'mine oplysninger', 'tildel', 'fjern'])('every form, here %s,', (name) => {
  const send = (body: string | Buffer, type: string) =>
    admin.send('sebadmin', formNamed(name).action, { method: 'POST', body, headers: { 'Content-Type': type } });

  it.each([
    ['JSON', 'application/json', '{"firstName":{"$ne":1}}'],
    ['XML', 'application/xml', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    [
      'multipart',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="firstName"\r\n\r\nx\r\n--x--\r\n',
    ],
    ['plain text', 'text/plain', '_csrf=x'],
    ['nothing said', '', 'firstName=x'],
  ])('does not read %s (415)', async (what, type, body) => {
    await expectNothingChanged(async () => {
      const reply = await send(body, type);
      expectRefused(what, reply);
      expect(reply.status).toBe(415);
    });
  });

  it('does not read too much (413), and soon says so', async () => {
    await expectNothingChanged(async () => {
      for (const body of [
        `remark=${'x'.repeat(250_000)}`,
        Array.from({ length: 10_000 }, (_, index) => `rolle=${index}`).join('&'),
        'a'.repeat(1_000_000),
      ]) {
        const begun = performance.now();
        const reply = await send(body, 'application/x-www-form-urlencoded');
        expectRefused(body.slice(0, 20), reply);
        expect([413, 422, 403]).toContain(reply.status);
        expect(performance.now() - begun).toBeLessThan(1000);
      }
    });
  });

  it('does not stumble over broken encodings', async () => {
    const token = encodeURIComponent(String(goodFields(name)._csrf ?? String(goodFields(name)._form).split('~')[0]));
    await expectNothingChanged(async () => {
      for (const rest of [
        'firstName=%',
        'firstName=%ZZ',
        'email=%ff%fe',
        'rid=%ed%a0%80',
        '=&=&&&',
        'constructor=1&__proto__=2&toString=3',
        'firstName=a;lastName=b',
      ]) {
        const reply = await send(`_csrf=${token}&${rest}`, 'application/x-www-form-urlencoded');
        expectRefused(rest, reply);
      }
    });
  });

  it('needs its number', async () => {
    await expectNothingChanged(async () => {
      for (const _key of [undefined, '', 'x', "1' or '1'='1", ['a', 'b']]) {
        const { _form, ...fields } = goodFields(name);
        const [_csrf = '', , _for = ''] =
          typeof _form === 'string' ? _form.split('~') : [String(fields._csrf), '', String(fields._for)];
        const valid = name === 'fjern' ? { tildeling: '2147483647' } : {};
        const reply = await admin.post('sebadmin', formNamed(name).action, {
          ...fields,
          ...valid,
          city: 'Ny',
          _csrf,
          _for,
          _key,
        });
        expectRefused(String(_key), reply);
      }
    });
  });
});

describe('an address', () => {
  it.each([
    ['of 9 kB', `${organisation}/brugere?soeg=${'x'.repeat(9000)}`, [200]],
    ['of 70 kB', `${organisation}/brugere?soeg=${'x'.repeat(70_000)}`, [431]],
    ['with broken percent signs in its query', `${organisation}/brugere?soeg=%&status=%zz`, [200]],
    ['with broken percent signs in its path', `${organisation}/brugere/%`, [400]],
    ['with a NUL in its query', `${organisation}/brugere?soeg=%00&fra=%00&service=%00`, [200]],
    ['of a report with a NUL in its filter', `${organisation}/rapporter/alle-brugere?soeg=%00x`, [200]],
    ['of a file with a NUL in its number', '/rapporter/filer/SEB%00', [422]],
    [
      'of a report’s page at no moment',
      `${organisation}/rapporter/udloeber-snart?plads=${Buffer.from(JSON.stringify({ d: 'after', v: ['2026-99-99 99:99:99+00', '1'], i: 0, p: 1 })).toString('base64url')}`,
      [422],
    ],
    ['with fields twice', `${organisation}/brugere?soeg=a&soeg=b&status=aktiv&status=spaerret`, [200]],
    ['with brackets', `${organisation}/brugere?soeg[$ne]=1&soeg[]=2&__proto__[x]=1`, [200]],
    [
      'of another sort’s page',
      `${organisation}/brugere?sorter=email&fra=${Buffer.from('{"d":"after","v":["a","b"],"i":1,"p":1}').toString('base64url')}`,
      [200],
    ],
    ['of a log that is long past', `${organisation}/brugere/USER/log?foer=999999999999999999`, [200]],
    ['of a SOR unit that is none', `${organisation}/sor?enhed=1%27&find=%25&efterkode=x`, [200]],
  ])('%s is answered', async (_what, path, statuses) => {
    const reply = await admin.get('sebadmin', path.replace('USER', String(user)));
    expect(statuses).toContain(reply.status);
    expect(decoded(reply.text)).toMatch(/lang="da"/);
  });

  it('under another host name is refused, and plain localhost is led to the own one only', async () => {
    const { port, url } = app.portals.sebadmin;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      url.hostname,
      `${url.host}.evil.example`,
      `sebadmin.localhost:${port + 1}`,
    ])
      expect([host, (await request(port, '/', { headers: { Host: host } })).status]).toEqual([host, 421]);
    for (const path of ['/organisationer?soeg=a', '//evil.example/x', '/\\evil.example', 'http://evil.example/']) {
      const reply = await request(port, path, { headers: { Host: `localhost:${port}` } });
      expect([path, reply.status, new URL(reply.location ?? '', url).origin]).toEqual([path, 302, url.origin]);
    }
    expect(
      (await request(port, '/', { headers: { Host: `localhost:${port}` }, method: 'POST', body: 'a=b' })).status,
    ).toBe(421);
    const forwarded = await request(port, '/login', {
      headers: { Host: url.host, 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' },
    });
    expect([forwarded.status, forwarded.text.includes('evil.example')]).toEqual([200, false]);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    'answers %s like a page that is not there',
    async (method) => {
      await expectNothingChanged(async () => {
        const reply = await admin.send('sebadmin', `${organisation}/brugere/${user}/rediger`, { method });
        expect([200, 404, 405]).toContain(reply.status);
      });
    },
  );
});

it('breaks under nothing that is thrown at it', { timeout: 60_000 }, async () => {
  const text = fc.oneof(
    anyText(40),
    fc.constantFrom(
      '',
      '1',
      String(user),
      '-1',
      '2147483648',
      '\u0000',
      '\ud800',
      "'; drop table app_user --",
      '<%= 1 %>',
      '[object Object]',
      '../../etc/passwd',
      'NaN',
      '1e309',
    ),
  );
  const value = fc.oneof(text, fc.array(text, { maxLength: 4 }));
  const names = fc.constantFrom(
    'firstName',
    'lastName',
    'email',
    'rid',
    'postcode',
    'phone',
    'remark',
    'version',
    'rolle',
    'tildelservice',
    'sor',
    'omfang',
    'antal',
    'begrundelse',
    'sagsnummer',
    'tildeling',
    '_key',
    '_for',
    '__proto__',
    'constructor',
    'a[b][c]',
  );
  const fields = fc.dictionary(names, value, { maxKeys: 6 });
  const queryNames = fc.constantFrom(
    'soeg',
    'status',
    'administrator',
    'service',
    'fra',
    'sidste',
    'sorter',
    'faldende',
    'bruger',
    'alle',
    'tildelservice',
    'sor',
    'rolle',
    'enhed',
    'find',
    'efterkode',
    'efternavn',
    'efterid',
    'foer',
    'til',
    'idp',
    'fane',
  );
  const query = fc.dictionary(queryNames, value, { maxKeys: 4 });
  const pages = fc.constantFrom(
    '/',
    '/organisationer',
    '/login',
    '/login/start',
    '/logget-af',
    `${organisation}/brugere`,
    `${organisation}/brugere/${user}`,
    `${organisation}/brugere/${user}/log`,
    `${organisation}/brugere/${user}/roller`,
    `${organisation}/tildel-roller`,
    `${organisation}/sor`,
    `${organisation}/sor/find`,
    `${organisation}/roller`,
  );
  const { _csrf } = formNamed('opret').fields;
  const flat = (given: Record<string, string | string[]>) => Object.fromEntries(Object.entries(given));
  const begun = await idOf(app, 'region-org-admin');
  expect(begun).toBeGreaterThan(0);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('opret', 'rediger', 'mine oplysninger', 'tildel', 'fjern'),
      fields,
      pages,
      query,
      async (name, posted, page, asked) => {
        const path = `${page}?${new URLSearchParams(Object.entries(asked).flatMap(([key, one]) => [one].flat().map((single) => [key, single]))).toString()}`;
        const got = await admin.get('sebadmin', path);
        expect([path, got.status < 500]).toEqual([path, true]);
        const sent = await admin.post('sebadmin', formNamed(name).action, {
          ...goodFields(name),
          ...flat(posted),
          _csrf,
        });
        expect([name, posted, sent.status < 500]).toEqual([name, posted, true]);
        await app.rows('delete from rate_limit');
      },
    ),
    { seed: 20261121, numRuns: 60 },
  );
  expect(app.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});
