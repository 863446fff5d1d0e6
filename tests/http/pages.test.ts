import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PortalName } from '../../src/pages/services.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, headingOf, linksOf, mainText, request } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { claimsOfPerson } from '../support/people.ts';
import { cvrs, givableRoles, only, ordinaryUsers, unitOf } from '../support/sector.ts';

let app: App;
const seen: { name: string; reply: Reply }[] = [];

beforeAll(async () => {
  app = await startApp();
  for (const key of ['region-org-admin', 'two-organisations', 'region-read-only', 'servicedesk', 'practice-doctor']) {
    await crawl(key, 'sebadmin');
  }
  await crawl('region-user', 'sebanmod');
  await collectSpecialPages();
}, 120_000);
afterAll(() => app.close());

const keep = (name: string, reply: Reply): Reply => {
  seen.push({ name, reply });
  return reply;
};

/** Follows every link of the pages until no page of a new kind turns up. */
async function crawl(key: string, portal: PortalName): Promise<void> {
  const browser = await app.signedIn(key, portal);
  const kinds = new Set<string>();
  const waiting = ['/', ...(portal === 'sebadmin' ? ['/organisationer'] : [])];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const kind =
      path
        .split('#')[0]
        ?.replace(/\d+/g, 'N')
        .replace(/mailtekster\/[A-Za-z.]+/, 'mailtekster/N')
        .replace(/=[^&]*/g, '=') ?? '';
    // A mail as it looks is no page of ours: tests/unit/mail-templates.test.ts examines it.
    if (kinds.has(kind) || kind.endsWith('/html')) continue;
    kinds.add(kind);
    const reply = keep(`${key} ${portal} ${path}`, await browser.get(portal, path.split('#')[0] ?? '/'));
    if (reply.location !== null) waiting.push(reply.location);
    waiting.push(...linksOf(reply.text, path).filter((link) => link.startsWith('/') && !link.startsWith('/login')));
  }
}

async function collectSpecialPages(): Promise<void> {
  const nobody = app.browser();
  for (const portal of ['sebadmin', 'sebanmod'] as const) {
    for (const path of [
      '/login',
      '/login?fane=lokal',
      '/login?fane=lokal&soeg=region',
      '/login?fane=lokal&soeg=qqq',
      '/logget-af',
      '/findes-ikke',
      '/mine-oplysninger/bekraeft/%ff',
    ])
      keep(`nobody ${portal} ${path}`, await nobody.get(portal, path));
  }
  const refused = claimsOfPerson('locked');
  keep('refused: locked', await app.signIn(app.browser(), 'sebadmin', refused));
  keep('refused: no role', await app.signIn(app.browser(), 'sebadmin', 'region-user'));
  keep('refused: level', await app.signIn(app.browser(), 'sebadmin', { ...refused, level: 'Low' }));
  keep('refused: no login under way', await app.browser().post('sebadmin', '/saml/acs', { SAMLResponse: 'x' }));
  const host = { Host: 'evil.example' };
  keep('other host', await request(app.portals.sebadmin.port, '/', { headers: host }));

  const admin = await app.signedIn('region-org-admin');
  const [user = 0] = await ordinaryUsers(app, cvrs.region, 1);
  const organisation = `/organisationer/${cvrs.region}`;
  await collectRejectedForms(admin, organisation, user);
  keep('403', await (await app.signedIn('region-read-only')).get('sebadmin', `${organisation}/brugere/opret`));
  keep('404', await admin.get('sebadmin', `${organisation}/brugere/2147483647`));
  keep(
    '415',
    await admin.send('sebadmin', '/mine-oplysninger', {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json' },
    }),
  );
  keep('413', await admin.post('sebadmin', '/mine-oplysninger', { email: 'x'.repeat(150_000) }));
  const saved = await admin.submit('sebadmin', `${organisation}/brugere/${user}/rediger`, {
    remark: `Skrevet af "en" <prøve> & 'to'`,
  });
  expect(saved.status).toBe(303);
  keep('flash', await admin.get('sebadmin', saved.location ?? ''));
}

async function collectRejectedForms(admin: Browser, organisation: string, user: number): Promise<void> {
  const bad = {
    firstName: '"><b>x',
    lastName: '',
    email: 'æ',
    rid: '',
    postcode: '1',
    phone: 'x',
    remark: '</textarea><script>1</script>',
  };
  for (const path of [`${organisation}/brugere/opret`, `${organisation}/brugere/${user}/rediger`, '/mine-oplysninger'])
    keep(`422 ${path}`, await admin.submit('sebadmin', path, bad));
  const stale = await admin.get('sebadmin', `${organisation}/brugere/${user}/rediger`);
  const form = formOf(stale.text, `${organisation}/brugere/${user}/rediger`);
  await admin.post('sebadmin', form.action, { ...form.fields, _key: crypto.randomUUID(), city: 'Ærøskøbing' });
  keep('409 stale', await admin.post('sebadmin', form.action, { ...form.fields, city: '"><i>Andeby' }));
  const role = only(await givableRoles(app, cvrs.region, true));
  const assign = `${organisation}/tildel-roller?bruger=${user}&tildelservice=${role.serviceId}`;
  for (const more of [
    '',
    `&sor=${await unitOf(app, cvrs.region)}&rolle=${role.id}`,
    `&sor=${await unitOf(app, cvrs.region, true)}`,
  ])
    keep(`assign ${more}`, await admin.get('sebadmin', assign + more));
  const preview = (more: Record<string, string>): string =>
    `${organisation}/tildel-roller/gennemse?${new URLSearchParams({ bruger: String(user), tildelservice: String(role.serviceId), ...more }).toString()}`;
  const wrong = { rolle: String(role.id), sor: '"><b>1', begrundelse: 'x'.repeat(600), sagsnummer: '\u0001' };
  keep('422 assign', await admin.get('sebadmin', preview(wrong)));
  keep('422 assign nothing', await admin.get('sebadmin', preview({})));
  for (const find of ['kirurg', 'qqqq', ''])
    keep(`sor ${find}`, await admin.get('sebadmin', `${organisation}/sor?bruger=${user}&tildelservice=1&find=${find}`));
}

const pagesSeen = () => seen.filter(({ reply }) => reply.text.startsWith('<!DOCTYPE html>'));

/** The same page under other filters and for other users is built alike; for other readers it is looked at where it holds something else. */
function oneOfEachPath(): { name: string; reply: Reply }[] {
  const paths = Map.groupBy(pagesSeen(), ({ name }) => (/^\w+(-\w+)* sebadmin /.test(name) ? shapeOf(name) : name));
  return [...paths.values()].flatMap((pages) => {
    const known = new Set<string>();
    const readers = Map.groupBy(pages, ({ name }) => name.split(' ')[0]);
    return [...readers.values()].flatMap((own) => own.slice(0, 1)).filter(({ reply }) => holdsMore(reply.text, known));
  });
}

/** Whether there is an element in an element that is not known yet, by their tags, attributes and classes. */
function holdsMore(html: string, known: Set<string>): boolean {
  const before = known.size;
  const open: string[] = [];
  for (const [tag, end, name = '', attributes = ''] of html.matchAll(
    /<(\/?)([a-z][a-z0-9]*)\b((?:[^>"]|"[^"]*")*)>/g,
  )) {
    if (end === '/')
      open.length = Math.max(
        0,
        open.findLastIndex((one) => one.startsWith(`${name} `)),
      );
    else {
      const kind = `${name} ${attributes.replace(/="[^"]*"/g, (value) => (/^="[a-z -]*"$/.test(value) ? value : '=')).trim()}`;
      known.add(`${open.at(-1) ?? ''} > ${kind}`);
      if (!/^(area|base|br|col|hr|img|input|link|meta|source|wbr|path|use)$/.test(name) && !tag.endsWith('/>'))
        open.push(kind);
    }
  }
  return known.size > before;
}

function shapeOf(name: string): string | undefined {
  return name.split('?')[0]?.replace(/^\S+ /, '').replace(/\d+/g, 'N');
}

it('has no dead link', () => {
  const visited = seen.filter(({ name }) => /^(region|two|servicedesk|practice)/.test(name));
  expect(visited.length).toBeGreaterThan(60);
  expect(
    visited
      .filter(({ reply }) => ![200, 303].includes(reply.status))
      .map(({ name, reply }) => `${reply.status} ${name}`),
  ).toEqual([]);
});

it('saw every kind of answer', () => {
  const statuses = new Set(seen.map(({ reply }) => reply.status));
  expect([...statuses].toSorted((a, b) => a - b)).toEqual([200, 303, 400, 403, 404, 409, 413, 415, 421, 422]);
});

it('is valid HTML that assistive technology can read, on every page', { timeout: 180_000 }, async () => {
  const faults: Record<string, string[]> = {};
  for (const { name, reply } of oneOfEachPath()) {
    for (const fault of await faultsOfHtml(reply.text)) (faults[fault.replace(/\d+/g, 'N')] ??= []).push(name);
  }
  expect(Object.entries(faults).map(([fault, names]) => `${fault} — ${names.length}×, e.g. ${names[0]}`)).toEqual([]);
});

it('names each element once, and points at none that is not there', () => {
  for (const { name, reply } of pagesSeen()) {
    const ids = [...reply.text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect([name, ids.filter((id, place) => ids.indexOf(id) !== place)]).toEqual([name, []]);
    const pointers = [...reply.text.matchAll(/ (?:for|aria-(?:labelledby|describedby))="([^"]*)"/g)];
    const targets = pointers.flatMap(([, target = '']) => target.split(' '));
    expect([name, targets.filter((target) => !ids.includes(target))]).toEqual([name, []]);
  }
});

it('is Danish, has one heading and a title, and shows no inside', () => {
  for (const { name, reply } of pagesSeen()) {
    expect([name, reply.text.match(/<h1[\s>]/g)?.length]).toEqual([name, 1]);
    expect(reply.text).toContain('<html lang="da">');
    expect([name, /<title>[^<]+ – SEB<\/title>/.test(reply.text)]).toEqual([name, true]);
    expect([
      name,
      /undefined|\[object|NaN|\bnull\b|    at |node_modules|Prisma|select .* from/.exec(mainText(reply.text)),
    ]).toEqual([name, null]);
    expect(headingOf(reply.text)).not.toBe('');
  }
});

describe('security', () => {
  it('headers stand on every page, exactly', () => {
    for (const { name, reply } of pagesSeen()) {
      expect([name, pick(reply)]).toEqual([
        name,
        {
          'content-security-policy':
            "default-src 'none';script-src 'self';style-src 'self';img-src 'self';font-src 'self';connect-src 'self';" +
            "form-action 'self';frame-ancestors 'none';base-uri 'none'",
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': 'same-origin',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
          'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
          'cache-control': 'no-store',
          'content-type': 'text/html; charset=utf-8',
          'x-powered-by': undefined,
          server: undefined,
        },
      ]);
      expect(reply.headers['x-request-id']).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    }
  });

  it('policy needs no exception: no inline script, style or handler, nothing from elsewhere', () => {
    for (const { name, reply } of pagesSeen()) {
      const inline = [
        ...reply.text.matchAll(/<script(?![^>]*\bsrc=)[^>]*>|<style[\s>]|\sstyle="|\son[a-z]+="|javascript:/gi),
      ].map(([found]) => found);
      expect([name, inline]).toEqual([name, []]);
      // The feed is only pointed at: a browser loads nothing of it.
      const sources = [
        ...reply.text.matchAll(/\b(?:src|srcset)="([^"]*)"|<link (?!rel="alternate")[^>]*href="([^"]*)"/g),
      ].map(([, src, href]) => src ?? href);
      for (const source of sources) expect(source).toMatch(/^\/assets\//);
    }
  });

  it('cookies belong to this host alone, and no script reads them', () => {
    const cookies = seen.flatMap(({ reply }) => reply.setCookies);
    expect(cookies.length).toBeGreaterThan(5);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-/);
      const attributes = cookie
        .split('; ')
        .slice(1)
        .map((one) => one.split('=')[0]);
      expect(attributes).toEqual(expect.arrayContaining(['Path', 'HttpOnly', 'Secure', 'SameSite']));
      expect(attributes).not.toContain('Domain');
      expect(cookie).toMatch(cookie.startsWith('__Host-seb-login=') ? /SameSite=None/ : /SameSite=Lax/);
    }
  });

  it('of what people typed: it is shown as text', () => {
    const typed = seen.filter(({ name }) => name.startsWith('422') || name === 'flash' || name.startsWith('409'));
    for (const { reply } of typed) expect(reply.text).not.toMatch(/<b>x|<script>1|<b>1|<i>Andeby|<prøve>/);
  });

  it('of TLS: strict transport security where the portal has https', async () => {
    const secure = await startApp({
      template: 'empty',
      env: { SEBADMIN_URL: 'https://sebadmin.seb.example', SEBANMOD_URL: 'https://sebanmod.seb.example' },
    });
    const reply = await request(secure.portals.sebadmin.port, '/login', { headers: { Host: 'sebadmin.seb.example' } });
    await secure.close();
    expect([reply.status, reply.headers['strict-transport-security']]).toEqual([
      200,
      'max-age=63072000; includeSubDomains',
    ]);
  });
});

it('keeps the design system’s and the own files for browsers to keep', async () => {
  const html = (await app.browser().get('sebadmin', '/login')).text;
  const files = [...html.matchAll(/"(\/assets\/[^"#]+)/g)].map(([, file]) => file ?? '');
  expect(files.length).toBeGreaterThan(3);
  for (const file of new Set(files)) {
    const reply = await app.browser().get('sebadmin', file);
    expect([file, reply.status, reply.headers['cache-control']]).toEqual([
      file,
      200,
      expect.stringMatching(/^public, max-age=31536000, immutable$/),
    ]);
  }
  for (const path of [
    '/assets/',
    '/assets/seb/',
    '/assets/seb/../../package.json',
    '/assets/dkfds/..%2f..%2fpackage.json',
    '/.env',
    '/src/main.ts',
  ])
    expect((await app.browser().get('sebadmin', path)).status).toBe(404);
});

function pick(reply: Reply): Record<string, unknown> {
  const names = [
    'content-security-policy',
    'x-content-type-options',
    'x-frame-options',
    'referrer-policy',
    'cross-origin-opener-policy',
    'cross-origin-resource-policy',
    'permissions-policy',
    'cache-control',
    'content-type',
    'x-powered-by',
    'server',
  ];
  return Object.fromEntries(names.map((name) => [name, reply.headers[name]]));
}
