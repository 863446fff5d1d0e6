import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailingOf } from '../../src/application.ts';
import { remindOfAgreements } from '../../src/agreements/reminders.changes.ts';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import { danishDay, dayInDenmark } from '../../src/shared/dates.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { multipart } from '../support/import-files.ts';
import { checksums, cvrs, idOf, only, operate } from '../support/sector.ts';
import { pdfOf, sendWithFile, signedFields, signedFile } from '../support/signed-forms.ts';

let app: App;
let owner: Browser;
let org: Browser;
const newCvr = '39911000';
const clinic = `/organisationer/${cvrs.clinic}`;
const practice = `/organisationer/${cvrs.practice}`;
const region = `/organisationer/${cvrs.region}`;
const namedUuid = 'e0e0e0e0-1111-4222-8333-00000000abcd';

beforeAll(async () => {
  app = await startApp();
  owner = await app.signedIn('system-owner');
  org = await app.signedIn('region-org-admin');
});
beforeEach(() => app.rows('delete from rate_limit'));
afterAll(async () => {
  const faults = app.log.filter((line) => line.includes('"level":50'));
  if (faults.length > 0) console.log(faults.join('\n').slice(0, 3000));
  await app.close();
});

/** Registers an agreement, which the answer leads to. */
async function register(
  path: string,
  more: Record<string, string>,
  file = signedFile(JSON.stringify(more)),
): Promise<Reply> {
  const reply = await sendWithFile(owner, path, await signedFields(app, more), file);
  expect([reply.status, reply.status === 303 ? '' : mainText(reply.text).slice(0, 500)]).toEqual([303, '']);
  return reply;
}

/** The address that appoints the nth person whom the agreement names. */
async function appointPath(agreement: string, kind: 'foerste' | 'ny', place = 1): Promise<string> {
  const id = /aftaler\/(\d+)/.exec(agreement)?.[1] ?? '0';
  const named = await app.rows<{ id: number }>(
    'select id from agreement_administrator where agreement_id = $1 and position = $2',
    [id, place],
  );
  return `${agreement}/${kind}/${only(named).id}`;
}

const mailsOf = (kind: string) =>
  app.rows<{ to: string; text: string }>('select to_address as to, text from mail_outbox where kind = $1 order by id', [
    kind,
  ]);
const kindsOf = (cvr: string) =>
  app
    .rows<{ kind: string }>(
      `select kind from audit_event e join organisation o on o.id = e.organisation_id where o.cvr = $1 order by e.id`,
      [cvr],
    )
    .then((rows) => rows.map(({ kind }) => kind));

const hidden = async (browser: Browser): Promise<Record<string, string>> => {
  const { _csrf, _key, _for } = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger')
    .fields as Record<string, string>;
  return { _csrf: _csrf ?? '', _key: _key ?? '', _for: _for ?? '' };
};

describe('the blank form', () => {
  it('can be had by everybody as a PDF to save', async () => {
    const reply = await app.browser().get('sebadmin', '/autorisationsblanket');
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="autorisationsblanket-seb.pdf"',
      'x-content-type-options': 'nosniff',
    });
    expect(reply.text).toMatch(/^%PDF-1\.7/);
  });
});

describe('a signed agreement', () => {
  it('is registered with its file, which only those with the right can fetch', async () => {
    const reply = await register(`${clinic}/aftaler/registrer`, { adm1rid: '77', gaeldertil: '31-12-2027' });
    const path = reply.location ?? '';
    const page = await owner.get('sebadmin', path);
    expect(mainText(page.text)).toContain('20-11-2026 – 31-12-2027');
    expect(mainText(page.text)).toContain('af systemejeren');
    expect(await faultsOfHtml(page.text)).toEqual([]);
    const file = await owner.get('sebadmin', `${path}/fil`);
    expect(file.text).toMatch(/^%PDF-1\.4/);
    expect(file.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="aftale-${cvrs.clinic}-2026-11-20.pdf"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    // Of another organisation, and of this one without the right.
    for (const rest of ['', '/fil', '/forny', '/afslut'])
      expect((await org.get('sebadmin', `${path}${rest}`)).status).toBe(404);
    expect((await org.get('sebadmin', `${path.replace(cvrs.clinic, cvrs.region)}/fil`)).status).toBe(404);
    const ownAdmin = await app.signedIn('two-organisations');
    expect((await ownAdmin.get('sebadmin', `${path}/fil`)).status).toBe(200);
    expect((await ownAdmin.get('sebadmin', `${path}/forny`)).status).toBe(403);
  });

  it('is not registered twice from one file, nor by a forged request of anybody else', async () => {
    const before = await checksums(app);
    const fields = await signedFields(app, { adm1rid: '77', gaeldertil: '31-12-2027' });
    const file = signedFile(JSON.stringify({ adm1rid: '77', gaeldertil: '31-12-2027' }));
    const twice = await sendWithFile(owner, `${clinic}/aftaler/registrer`, fields, file);
    expect([twice.status, mainText(twice.text)]).toEqual([409, expect.stringContaining('samme PDF')]);
    for (const who of ['servicedesk', 'region-org-admin', 'region-user-admin', 'region-read-only']) {
      const browser = await app.signedIn(who);
      const { body, headers } = multipart({ ...fields, ...(await hidden(browser)) }, signedFile('x'));
      const send = { method: 'POST', body, headers };
      expect((await browser.send('sebadmin', `${region}/aftaler/registrer`, send)).status).toBe(403);
    }
    expect(await checksums(app)).toEqual(before);
  });

  it.each([
    ['none', null, 422],
    ['text', 'hej', 422],
    ['half a PDF', pdfOf('x').subarray(0, 200), 422],
    ['100 MB', Buffer.alloc(100_000_000, '%PDF-1.4 '), 413],
  ])('is refused with a file that is %s', async (_what, content, status) => {
    const before = await checksums(app);
    const file = content === null ? null : { name: 'x.pdf', content };
    const reply = await sendWithFile(owner, `${clinic}/aftaler/registrer`, await signedFields(app), file);
    expect(reply.status).toBe(status);
    expect(reply.text).toContain('id="felt-fil-fejl"');
    expect(await checksums(app)).toEqual(before);
  });

  it('is renewed once, also by two at the same moment', async () => {
    const old = await register(`${clinic}/aftaler/registrer`, { gaelderfra: '01-01-2026', gaeldertil: '30-11-2026' });
    const path = `${old.location ?? ''}/forny`;
    const shown = await owner.get('sebadmin', path);
    expect(shown.text).toContain('value="01-12-2026"');
    const other = await app.signedIn('system-owner');
    const forms = await Promise.all(
      [owner, other].map(async (browser) => formOf((await browser.get('sebadmin', path)).text, path)),
    );
    const fields = await signedFields(app, { gaelderfra: '01-12-2026' });
    const replies = await Promise.all(
      [owner, other].map((browser, place) => {
        const { body, headers } = multipart(
          { ...(forms[place]?.fields as Record<string, string>), ...fields },
          signedFile(`forny ${place}`),
        );
        return browser.send('sebadmin', path, { method: 'POST', body, headers });
      }),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    expect((await owner.get('sebadmin', path)).status).toBe(303);
  });

  it('is ended with a day and a reason, and its contacts are told', async () => {
    const { location } = await register(`${clinic}/aftaler/registrer`, { gaelderfra: '01-02-2026' });
    const path = `${location ?? ''}/afslut`;
    expect((await owner.submit('sebadmin', path, { dag: '', begrundelse: 'x' })).status).toBe(422);
    expect((await owner.submit('sebadmin', path, { dag: '01-01-2020', begrundelse: 'x' })).status).toBe(422);
    expect((await owner.submit('sebadmin', path, { dag: '31-12-2026', begrundelse: 'x', version: '9' })).status).toBe(
      409,
    );
    expect((await owner.submit('sebadmin', path, { dag: '31-12-2026', begrundelse: 'Opsagt' })).status).toBe(303);
    expect((await mailsOf('agreement.ended')).map(({ to }) => to)).toContain('karl@laegerne-aakjaer.example');
    expect(await kindsOf(cvrs.clinic)).toContain('agreement.ended');
  });
});

describe('reminders of agreements that run out', () => {
  const remind = () =>
    remindOfAgreements({ database: app.database, queueMails: async () => undefined }, mailingOf(app.config));

  it('are sent once for each step, to the system owner and the organisationsadministratorer', async () => {
    // The municipality's runs out in 25 days: the 90 days' reminder is past, that of 30 stands for both.
    expect(await remind()).toMatchObject({ reminded: 1, failed: [] });
    const first = await mailsOf('agreement.reminder');
    expect(first.map(({ to }) => to)).toContain('birgitte.ahlgreen@sds-demo.example');
    expect(first.length).toBeGreaterThan(2);
    expect(first[0]?.text).toContain('om 25 dage');
    expect(await remind()).toMatchObject({ reminded: 0 });

    const agreement = `(select a.id from agreement a join organisation o on o.id = a.organisation_id where o.cvr = '${cvrs.municipality}')`;
    await operate(app, `update agreement set valid_to = danish_today() + 7 where id = ${agreement}`);
    expect(await Promise.all([remind(), remind()])).toEqual(
      expect.arrayContaining([expect.objectContaining({ reminded: 1 }), expect.objectContaining({ reminded: 0 })]),
    );
    expect(await mailsOf('agreement.reminder')).toHaveLength(first.length * 2);
    expect((await kindsOf(cvrs.municipality)).filter((kind) => kind === 'agreement.reminded')).toHaveLength(2);
  });

  it('are not sent of what was renewed, ended or closed', async () => {
    await operate(app, `delete from agreement_reminder`);
    await operate(app, `update organisation set closed_at = now() where cvr = '${cvrs.municipality}'`);
    expect(await remind()).toMatchObject({ reminded: 0 });
    await operate(app, `update organisation set closed_at = null where cvr = '${cvrs.municipality}'`);
  });
});

describe('the first organisationsadministrator', () => {
  let agreement: string;
  const claims = (more: Partial<LoginClaims> = {}): Partial<LoginClaims> => ({
    cvr: newCvr,
    organisationName: 'Lægerne Åkjær I/S',
    firstName: 'Bodil',
    lastName: 'Ærø',
    email: 'bodil@laegerne-aakjaer.example',
    rid: '0042',
    uuid: 'b0b0b0b0-0000-4000-8000-000000000042',
    level: 'Substantial',
    carriesCpr: false,
    ...more,
  });

  beforeAll(async () => {
    const path = '/system/organisationer/opret';
    const opened = formOf((await owner.get('sebadmin', `${path}?cvr=${newCvr}`)).text, path);
    const fields = await signedFields(app, {
      adm2fornavn: 'Ulrik',
      adm2efternavn: 'Ø',
      adm2mail: 'ulrik@laegerne-aakjaer.example',
      adm2uuid: namedUuid.toUpperCase(),
    });
    const { body, headers } = multipart({ ...(opened.fields as Record<string, string>), ...fields }, signedFile('ny'));
    agreement = (await owner.send('sebadmin', path, { method: 'POST', body, headers })).location ?? '';
    expect(agreement).toContain(newCvr);
  });

  it('is appointed as the agreement names them, once, and told how to begin', async () => {
    const path = await appointPath(agreement, 'foerste');
    const shown = await owner.get('sebadmin', path);
    expect(mainText(shown.text)).toContain('RID-nummer 0042');
    expect(await faultsOfHtml(shown.text)).toEqual([]);
    const form = formOf(shown.text, path);
    const replies = await Promise.all([owner, owner].map((browser) => browser.post('sebadmin', path, form.fields)));
    expect(replies.map(({ status }) => status)).toEqual([303, 303]);
    const begin = await mailsOf('administrator.begin');
    expect(begin.map(({ to }) => to)).toEqual(['bodil@laegerne-aakjaer.example']);
    expect(begin[0]?.text).not.toContain('0042');
    expect((await owner.post('sebadmin', path, { ...form.fields, ...(await hidden(owner)) })).status).toBe(409);
  });

  it.each([
    ['another CVR', { cvr: cvrs.clinic }, 'ikke oprettet'],
    ['another RID', { rid: '0043' }, 'ikke oprettet'],
    ['too low a level', { level: 'Low' as const }, 'sikringsniveau'],
  ])('is not let in with %s', async (_what, more, why) => {
    const reply = await app.signIn(app.browser(), 'sebadmin', claims(more));
    expect([reply.status, mainText(reply.text)]).toEqual([403, expect.stringContaining(why)]);
  });

  it('is not let in after fourteen days, on either portal, until the system owner gives a new time', async () => {
    await operate(app, `update awaited_login set expires_at = now() - interval '1 minute'`);
    for (const portal of ['sebadmin', 'sebanmod'] as const) {
      const reply = await app.signIn(app.browser(), portal, claims());
      expect([reply.status, mainText(reply.text)]).toEqual([403, expect.stringContaining('Fristen')]);
    }
    const unbound = await app.rows('select from app_user where rid = $1 and uuid is null', ['0042']);
    expect(unbound).toHaveLength(1);
    const page = await owner.get('sebadmin', `/organisationer/${newCvr}`);
    expect(mainText(page.text)).toContain('Fristen for det første login er udløbet');
    const action = /action="([^"]*\/foerste-login\/\d+\/forny)"/.exec(page.text)?.[1] ?? '';
    const form = formOf(page.text, action);
    expect((await owner.post('sebadmin', action, form.fields)).status).toBe(303);
    // The page was overtaken: nothing is given twice.
    const again = await owner.post('sebadmin', action, { ...form.fields, ...(await hidden(owner)) });
    expect(again.status).toBe(409);
    expect(await mailsOf('administrator.begin')).toHaveLength(2);
  });

  it('is let in with what the agreement names, and the login is bound and logged', async () => {
    const browser = app.browser();
    expect((await app.signIn(browser, 'sebadmin', claims())).status).toBe(303);
    expect((await browser.get('sebadmin', `/organisationer/${newCvr}/brugere`)).status).toBe(200);
    expect((await kindsOf(newCvr)).filter((kind) => kind === 'administrator.firstLogin')).toHaveLength(1);
    // The second login is an ordinary one.
    expect((await app.signIn(app.browser(), 'sebadmin', claims())).status).toBe(303);
    expect((await kindsOf(newCvr)).filter((kind) => kind === 'administrator.firstLogin')).toHaveLength(1);
  });

  it('once one has been at work the organisation appoints the others itself', async () => {
    const path = await appointPath(agreement, 'foerste', 2);
    expect((await owner.get('sebadmin', path)).status).toBe(303);
    const reply = await owner.post('sebadmin', path, { ...(await hidden(owner)), version: '1' });
    expect([reply.status, mainText(reply.text)]).toEqual([409, expect.stringContaining('har eller har haft')]);
  });

  it('named by the UUID alone gets the RID that the first login carries', async () => {
    // As if nobody had come yet.
    await operate(app, `update awaited_login set fulfilled_at = null, expires_at = now() + interval '1 day'`);
    const path = await appointPath(agreement, 'foerste', 2);
    expect((await owner.submit('sebadmin', path, {})).status).toBe(303);
    const other = claims({ uuid: namedUuid, rid: 'RID-9', firstName: 'Ulrik', lastName: 'Ø' });
    expect(
      (await app.signIn(app.browser(), 'sebadmin', { ...other, uuid: 'c0c0c0c0-0000-4000-8000-000000000001' })).status,
    ).toBe(403);
    expect((await app.signIn(app.browser(), 'sebadmin', other)).status).toBe(303);
    expect(await app.rows('select rid, uuid from app_user where uuid = $1', [namedUuid])).toEqual([
      { rid: 'RID-9', uuid: namedUuid },
    ]);
  });

  it.each(['servicedesk', 'region-org-admin', 'region-user-admin', 'region-read-only'])(
    'is not appointed by %s, whatever is posted',
    async (who) => {
      const browser = await app.signedIn(who);
      const before = await checksums(app);
      for (const kind of ['foerste', 'ny'] as const) {
        const path = await appointPath(agreement, kind);
        const fields = { ...(await hidden(browser)), version: '1', begrundelse: 'x', laasgammel: 'ja' };
        const reply = await browser.post('sebadmin', path, fields);
        expect(reply.status).toBe(who === 'servicedesk' ? 403 : 404);
      }
      expect(await checksums(app)).toEqual(before);
    },
  );
});

describe('a new administrator after a newly signed agreement', () => {
  const more = {
    adm1fornavn: 'Signe',
    adm1efternavn: 'Bøg',
    adm1mail: 'signe@laegehuset-proevegade.example',
    adm1rid: 'NY-1',
    kontakt1mail: 'kontakt@laegehuset-proevegade.example',
  };

  it('is refused while several could appoint, and on an agreement from before', async () => {
    const several = await register(`${region}/aftaler/registrer`, { adm1rid: 'NY-2' });
    const reply = await owner.post('sebadmin', await appointPath(several.location ?? '', 'ny'), {
      ...(await hidden(owner)),
      version: '1',
      begrundelse: 'x',
    });
    expect([reply.status, mainText(reply.text)]).toEqual([
      409,
      expect.stringContaining('flere organisationsadministratorer'),
    ]);
    const old = await register(`${practice}/aftaler/registrer`, { ...more, underskrevet: '01-01-2020' });
    const early = await owner.post('sebadmin', await appointPath(old.location ?? '', 'ny'), {
      ...(await hidden(owner)),
      version: '1',
      begrundelse: 'x',
    });
    expect([early.status, mainText(early.text)]).toEqual([409, expect.stringContaining('nyunderskrevet')]);
  });

  it('appoints the new and locks the old in one, and tells everybody', async () => {
    const doctor = await app.signedIn('practice-doctor');
    const { location } = await register(`${practice}/aftaler/registrer`, more);
    const path = await appointPath(location ?? '', 'ny');
    const shown = await owner.get('sebadmin', path);
    expect(await faultsOfHtml(shown.text)).toEqual([]);
    expect((await owner.submit('sebadmin', path, { begrundelse: ' ' })).status).toBe(422);
    const done = await owner.submit('sebadmin', path, { begrundelse: 'Anders er stoppet', laasgammel: 'ja' });
    expect([done.status, done.status === 303 ? '' : mainText(done.text)]).toEqual([303, '']);
    const old = await idOf(app, 'practice-doctor');
    expect(await app.rows('select lock_reason from app_user where id = $1 and locked_from <= now()', [old])).toEqual([
      { lock_reason: 'Anders er stoppet' },
    ]);
    expect((await doctor.get('sebadmin', '/')).location).toContain('/login');
    expect((await app.signIn(app.browser(), 'sebadmin', 'practice-doctor')).status).toBe(403);
    expect((await kindsOf(cvrs.practice)).slice(-4)).toEqual([
      'user.created',
      'user.locked',
      'administrator.appointedOnAgreement',
      'signIn.refused',
    ]);
    const told = (await mailsOf('administrator.appointedOnAgreement')).map(({ to }) => to);
    expect(told).toContain('kontakt@laegehuset-proevegade.example');
    expect(told.length).toBeGreaterThan(1);
    const signe = await app.signIn(app.browser(), 'sebadmin', {
      cvr: cvrs.practice,
      organisationName: 'Lægehuset Prøvegade',
      firstName: 'Signe',
      lastName: 'Bøg',
      email: 'signe@laegehuset-proevegade.example',
      rid: 'NY-1',
      uuid: 'd0d0d0d0-0000-4000-8000-000000000001',
      level: 'High',
      carriesCpr: false,
    });
    expect(signe.status).toBe(303);
  });

  it('frees a brugeradministrator whom it names from the services that limited them', async () => {
    await operate(
      app,
      `with u as (
         insert into app_user (organisation_id, username, rid, first_name, last_name, email)
         select id, 'limi999999', 'NY-3', 'Liv', 'Holm', 'liv@laegehuset-proevegade.example' from organisation where cvr = '${cvrs.practice}'
         returning id, organisation_id)
       insert into administrator (organisation_id, user_id, home_organisation_id, kind, limits_services)
       select organisation_id, id, organisation_id, 'USER', true from u;
       insert into administrator_service (administrator_id, organisation_id, service_id)
       select a.id, a.organisation_id, (select min(id) from service) from administrator a where a.limits_services`,
    );
    const today = danishDay(dayInDenmark());
    const { location } = await register(`${practice}/aftaler/registrer`, {
      ...more,
      adm1rid: 'NY-3',
      underskrevet: today,
      gaelderfra: today,
    });
    const path = await appointPath(location ?? '', 'ny');
    const done = await owner.submit('sebadmin', path, { begrundelse: 'Signe er stoppet' });
    expect([done.status, done.status === 303 ? '' : mainText(done.text)]).toEqual([303, '']);
    expect(
      await app.rows(`select a.kind, a.limits_services, (select count(*)::int from administrator_service x where x.administrator_id = a.id) as services
        from administrator a join app_user u on u.id = a.user_id where u.rid = 'NY-3'`),
    ).toEqual([{ kind: 'ORGANISATION', limits_services: false, services: 0 }]);
  });
});

describe('texts that are accepted online', () => {
  const drafts = '/system/aftaletekster/kladde';
  const accept = `${region}/aftaletekst`;

  it('are drafted, never overwritten unseen, published once, and then never changed', async () => {
    expect((await owner.submit('sebadmin', drafts, { aendringer: '', tekst: '' })).status).toBe(422);
    const stale = formOf((await owner.get('sebadmin', drafts)).text, drafts);
    const typed = { aendringer: 'Nyt afsnit om logning', tekst: 'Første afsnit.\n\nAndet afsnit.' };
    expect((await owner.submit('sebadmin', drafts, typed)).status).toBe(303);
    const wrong = await owner.post('sebadmin', drafts, { ...stale.fields, ...typed, tekst: '' });
    const late = await owner.post('sebadmin', drafts, { ...formOf(wrong.text, drafts).fields, tekst: 'Min egen' });
    expect([late.status, late.text.includes('Min egen')]).toEqual([409, true]);
    const front = mainText((await org.get('sebadmin', '/')).text);
    expect(front).not.toContain('Ny aftaletekst');
    const form = formOf((await owner.get('sebadmin', `${drafts}/udgiv`)).text, `${drafts}/udgiv`);
    const twice = [1, 2].map(() => owner.post('sebadmin', form.action, form.fields));
    expect((await Promise.all(twice)).map(({ status }) => status)).toEqual([303, 303]);
    await expect(operate(app, `update agreement_text set body = 'x' where number = 2`)).rejects.toThrow(
      /never changed/,
    );
  });

  it('are told to each organisationsadministrator of an open organisation by one mail', async () => {
    const told = await mailsOf('agreementText.published');
    expect(told[0]?.text).toContain('Nyt afsnit om logning');
    const heads = await app.rows<{ to: string }>(
      `select u.email as to from app_user u where u.deleted_at is null and exists (
         select from administrator a join organisation o on o.id = a.organisation_id
         where a.user_id = u.id and a.kind = 'ORGANISATION' and o.closed_at is null
           and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now()))`,
    );
    expect(heads.length).toBeGreaterThan(3);
    expect(told.map(({ to }) => to).toSorted()).toEqual(heads.map(({ to }) => to).toSorted());
  });

  it('wait on the front page of the organisationsadministrator until one accepts them', async () => {
    expect(mainText((await org.get('sebadmin', '/')).text)).toContain('Ny aftaletekst');
    const page = await org.get('sebadmin', accept);
    expect(mainText(page.text)).toContain('Nyt afsnit om logning');
    expect(await faultsOfHtml(page.text)).toEqual([]);
    expect((await org.submit('sebadmin', accept, {})).status).toBe(422);
    expect((await org.submit('sebadmin', accept, { accepterer: 'ja', tekst: '1' })).status).toBe(409);
    expect((await org.submit('sebadmin', accept, { accepterer: 'ja' })).status).toBe(303);
    expect(mainText((await org.get('sebadmin', '/')).text)).not.toContain('Ny aftaletekst');
    expect(mainText((await org.get('sebadmin', accept)).text)).toContain('Accepteret');
    expect(await kindsOf(cvrs.region)).toContain('agreement.accepted');
    const latest = only(await app.rows<{ id: number }>('select max(id) as id from agreement_text'));
    const list = await owner.get('sebadmin', `/system/aftaletekster/${latest.id}?vis=mangler`);
    expect(mainText(list.text)).toContain('Eksempel Kommune');
    expect(mainText(list.text)).not.toContain('Region Eksempel');
  });

  it.each(['system-owner', 'servicedesk', 'region-user-admin', 'region-read-only'])(
    'are not accepted by %s, whatever is posted',
    async (who) => {
      const browser = await app.signedIn(who);
      const before = await checksums(app);
      const fields = { ...(await hidden(browser)), accepterer: 'ja', tekst: '1' };
      expect((await browser.post('sebadmin', accept, fields)).status).toBe(403);
      expect(await checksums(app)).toEqual(before);
    },
  );
});
