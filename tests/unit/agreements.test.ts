import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../src/agreements/agreement.ts';
import { appointableFrom, isInForce, statusOf } from '../../src/agreements/agreement.ts';
import { readRegistration } from '../../src/agreements/agreement-registration.forms.ts';
import { blankForm } from '../../src/agreements/blank-form.ts';
import { pdfFault } from '../../src/agreements/pdf.ts';
import { fontFiles } from '../../src/shared/typeface.ts';
import { firstLoginRefusal } from '../../src/sign-in/identity.ts';

const today = '2026-11-22';
const agreement: Agreement = {
  id: 1,
  renewsId: null,
  isRenewed: false,
  signerName: 'Åse',
  signerTitle: 'direktør',
  signedOn: '2026-01-01',
  validFrom: '2026-01-01',
  validTo: null,
  securityPolicy: 'DS484',
  securityPolicyName: null,
  endedOn: null,
  endReason: null,
  version: 1,
};

describe('an agreement', () => {
  it('says from when those whom it names can be appointed, while that lies ahead', () => {
    expect(appointableFrom({ validFrom: '2026-11-23' }, today)).toBe('23-11-2026');
    expect(appointableFrom({ validFrom: today }, today)).toBeNull();
  });

  it.each<[Partial<Agreement>, boolean, string]>([
    [{}, true, 'Gælder'],
    [{ validTo: today }, true, 'Gælder'],
    [{ validTo: '2026-11-21' }, false, 'Udløbet'],
    [{ validFrom: '2026-11-23' }, false, 'Gælder senere'],
    [{ endedOn: today }, true, 'Gælder til og med 22-11-2026, afsluttet før tid'],
    [{ endedOn: '2026-11-21' }, false, 'Afsluttet'],
    [{ validTo: '2027-01-01', endedOn: '2026-11-21' }, false, 'Afsluttet'],
    [{ isRenewed: true, validTo: '2026-12-31' }, true, 'Gælder, er fornyet'],
  ])('%j: in force %s, “%s”', (facts, inForce, status) => {
    expect(isInForce({ ...agreement, ...facts }, today)).toBe(inForce);
    expect(statusOf({ ...agreement, ...facts }, today)).toBe(status);
  });
});

describe('the blank form', () => {
  it('is a whole PDF, the same each time, with a language and a title', async () => {
    const form = await blankForm();
    expect(pdfFault(form)).toBeNull();
    expect(await blankForm()).toBe(form);
    const text = form.toString('latin1');
    expect(text).toContain('/Lang (da)');
    expect(text).toContain('/MarkInfo');
    expect(text).toMatch(/\/FontFile[23]/);
  });

  it('embeds a typeface that has every letter of European names', async () => {
    const fontkit = createRequire(import.meta.url)('fontkit') as {
      openSync(file: string): { hasGlyphForCodePoint(codePoint: number): boolean };
    };
    const letters = 'ÆØÅæøåÄÖÜäöüßÉÈÊËéèêëÇçÑñŠšŽžČčŘřĚěŮůŁłĄąĘęŃńŚśŹźŻżÐðÞþĐđĦħŐőŰűŢţȚțĂăĞğİıŞşĲĳŒœŸÿ–’“”';
    for (const file of Object.values(fontFiles)) {
      const font = fontkit.openSync(file);
      expect([...letters].filter((letter) => !font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0))).toEqual([]);
    }
  });

  it('has something on each of its pages', async () => {
    const text = (await blankForm()).toString('latin1');
    const streams = [...text.matchAll(/\/Filter \/FlateDecode[^>]*>>\s*stream\r?\n([\s\S]*?)endstream/g)].map(
      ([, body]) => {
        try {
          return inflateSync(Buffer.from(body ?? '', 'latin1')).toString('latin1');
        } catch {
          return '';
        }
      },
    );
    const pages = [...text.matchAll(/\/Type \/Page\b(?!s)/g)].length;
    expect(pages).toBeGreaterThan(1);
    expect(streams.filter((stream) => stream.includes('BT')).length).toBeGreaterThanOrEqual(pages);
  });
});

describe('what is sent as a signed form', () => {
  it('is refused unless it is a whole PDF', async () => {
    const whole = await blankForm();
    expect(pdfFault(whole)).toBeNull();
    expect(pdfFault(Buffer.concat([whole, Buffer.from('\r\n')]))).toBeNull();
    for (const broken of [
      Buffer.alloc(0),
      Buffer.from('hej'),
      Buffer.from('PK\x03\x04 a spreadsheet %%EOF'),
      Buffer.from('<html>%PDF-1.7</html> %%EOF'),
      Buffer.from('%PDF-1.7 and nothing more'),
      Buffer.from('%PDF-1.7\n%%EOF'),
      Buffer.from('%PDF-1.7\nstartxref\n999999\n%%EOF'),
      Buffer.from('%PDF-1.7\nstartxref\n0\n%%EOF'),
      Buffer.from(`%PDF-1.7\n${'x'.repeat(50)}\nstartxref\n12\n%%EOF`),
      whole.subarray(0, whole.length - 2000),
      Buffer.concat([Buffer.from('\n'), whole]),
      Buffer.concat([whole, Buffer.alloc(4000)]),
    ])
      expect(pdfFault(broken), broken.subarray(0, 30).toString('latin1')).toMatch(/PDF|tom/);
  });
});

describe('the fields of a signed form', () => {
  const typed = {
    underskriver: 'Åse Østergård',
    underskrivertitel: 'direktør',
    underskrevet: '01-11-2026',
    gaelderfra: '01-11-2026',
    gaeldertil: '',
    politik: 'DS484',
    andenpolitik: '',
    service: ['2', '1'],
    adm1fornavn: 'Bo',
    adm1efternavn: 'Ørn',
    adm1mail: 'bo@klinik.example',
    adm1rid: '0012',
    adm1uuid: '',
    kontakt1navn: 'Liv Å',
    kontakt1mail: 'liv@klinik.example',
  };

  it('are read as they stand', () => {
    expect(readRegistration(typed, 1)).toEqual({
      ok: true,
      value: {
        signerName: 'Åse Østergård',
        signerTitle: 'direktør',
        signedOn: '2026-11-01',
        validFrom: '2026-11-01',
        validTo: null,
        securityPolicy: 'DS484',
        securityPolicyName: null,
        services: [1, 2],
        contacts: [{ name: 'Liv Å', email: 'liv@klinik.example' }],
        administrators: [{ firstName: 'Bo', lastName: 'Ørn', email: 'bo@klinik.example', rid: '0012', uuid: null }],
      },
    });
  });

  it.each<[string, Record<string, string | string[]>, string]>([
    ['a signature of tomorrow', { underskrevet: '01-01-2999' }, 'underskrevet'],
    ['an end before the beginning', { gaeldertil: '31-10-2026' }, 'gaeldertil'],
    ['no policy', { politik: '' }, 'politik'],
    ['another policy without its name', { politik: 'OTHER' }, 'andenpolitik'],
    ['no service', { service: [] }, 'service'],
    ['nobody named', { adm1fornavn: '', adm1efternavn: '', adm1mail: '', adm1rid: '' }, 'adm1fornavn'],
    ['a named person without RID and UUID', { adm1rid: '' }, 'adm1rid'],
    ['a UUID that is none', { adm1uuid: 'x' }, 'adm1uuid'],
    ['half a person', { adm2fornavn: 'Ib' }, 'adm2efternavn'],
    [
      'the same RID twice',
      { adm2fornavn: 'Ib', adm2efternavn: 'Å', adm2mail: 'ib@klinik.example', adm2rid: '0012' },
      'adm2rid',
    ],
    ['half a contact', { kontakt1mail: '' }, 'kontakt1mail'],
  ])('refuse %s', (_what, change, field) => {
    const read = readRegistration({ ...typed, ...change }, 1);
    expect(read.ok ? {} : read.errors).toHaveProperty(field);
  });

  it('need nobody named where nobody must be', () => {
    const { adm1fornavn, adm1efternavn, adm1mail, adm1rid, ...nobody } = typed;
    expect(readRegistration(nobody, 0)).toMatchObject({ ok: true, value: { administrators: [] } });
    expect([adm1fornavn, adm1efternavn, adm1mail, adm1rid].length).toBe(4);
  });
});

describe('the first login of somebody whom an agreement names', () => {
  const uuid = '6281da2f-6433-4486-9a3f-bd2363779ab4';
  const login = { uuid, rid: '0012', level: 'Substantial' as const };
  const byRid = { isOver: false, namedRid: '0012', namedUuid: null };
  const byUuid = { isOver: false, namedRid: null, namedUuid: uuid };

  it.each([
    ['by its RID', login, byRid, null],
    ['by its UUID', login, byUuid, null],
    ['by its UUID without a RID', { ...login, rid: null }, byUuid, null],
    ['at a high level', { ...login, level: 'High' as const }, byRid, null],
    ['at a low level', { ...login, level: 'Low' as const }, byRid, 'firstLoginTooLow'],
    ['too late', login, { ...byRid, isOver: true }, 'firstLoginTooLate'],
    ['with another RID', { ...login, rid: '0013' }, byRid, 'firstLoginOfAnother'],
    ['without the RID', { ...login, rid: null }, byRid, 'firstLoginOfAnother'],
    ['with another UUID', { ...login, uuid: null }, byUuid, 'firstLoginOfAnother'],
  ])('%s', (_how, identity, awaited, refusal) => {
    expect(firstLoginRefusal(identity, awaited)).toBe(refusal);
  });
});
