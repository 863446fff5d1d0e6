import { describe, expect, it } from 'vitest';
import { deliveredTexts } from '../../src/mail/templates.ts';
import { parseForm } from '../../src/http/forms.ts';
import { formatDateTime, momentInDenmark } from '../../src/shared/dates.ts';
import { rssFeed } from '../../src/status/rss.ts';
import type { BoardMessage } from '../../src/status/status-message.ts';
import { overallStatus, periodText, stateOf } from '../../src/status/status-message.ts';
import { publishForm } from '../../src/status/status.forms.ts';
import { statusMail } from '../../src/status/status.mail.ts';
import { serviceNotices, statusBox } from '../../src/status/status.pages.ts';

const now = new Date('2026-04-11T11:30:00Z');
const at = (time: string): Date => new Date(`2026-04-11T${time}:00Z`);
const message = (more: Partial<BoardMessage> = {}): BoardMessage => ({
  id: 1,
  title: 'Servicevindue',
  kind: 'WINDOW',
  severity: 'YELLOW',
  concernsAll: true,
  services: [],
  startsAt: at('11:00'),
  endsAt: at('12:00'),
  ...more,
});
const fmk = { id: 7, name: 'FMK-online' };

describe('a message', () => {
  it.each([
    ['planned', at('10:59'), {}],
    ['ongoing', at('11:00'), {}],
    ['ongoing', at('11:59'), {}],
    ['over', at('12:00'), {}],
    ['ongoing', at('23:00'), { endsAt: null }],
    ['cancelled', at('11:30'), { cancelledAt: at('10:00') }],
  ])('is %s at %s by the clock alone', (state, moment, more) => {
    expect(stateOf({ ...message(), cancelledAt: null, ...more }, moment)).toBe(state);
  });

  it('tells its period as one reads it', () => {
    expect(periodText(message())).toBe('11-04-2026 kl. 13.00 til kl. 14.00');
    expect(periodText(message({ endsAt: new Date('2026-04-12T01:00:00Z') }))).toBe(
      '11-04-2026 kl. 13.00 til 12-04-2026 kl. 03.00',
    );
    expect(periodText(message({ endsAt: null }))).toBe('fra 11-04-2026 kl. 13.00 indtil videre');
  });
});

describe('the status as a whole', () => {
  it.each<[string, string, BoardMessage[]]>([
    ['GREEN', 'SEB kører som normalt.', []],
    ['GREEN', 'SEB kører som normalt.', [message({ severity: 'GREEN' })]],
    ['GREEN', 'SEB kører som normalt.', [message({ severity: 'RED', startsAt: at('11:31') })]],
    ['YELLOW', 'Der er forstyrrelser i SEB.', [message(), message({ severity: 'GREEN' })]],
    ['RED', 'SEB er helt eller delvist nede.', [message(), message({ severity: 'RED' })]],
    [
      'YELLOW',
      'SEB kører, men der er forstyrrelser på FMK-online.',
      [message({ severity: 'RED', concernsAll: false, services: [fmk] })],
    ],
  ])('is %s: %s', (severity, sentence, board) => {
    expect(overallStatus(board, now)).toEqual({ severity, sentence });
  });

  it('names few services and counts the others', () => {
    const services = ['A', 'B', 'C', 'D', 'E'].map((name, id) => ({ id, name }));
    expect(overallStatus([message({ concernsAll: false, services })], now).sentence).toBe(
      'SEB kører, men der er forstyrrelser på A, B og 3 andre services.',
    );
  });

  it('says in words what is going on and what comes within a week, and to each service what concerns it', () => {
    const soon = message({
      id: 2,
      startsAt: new Date('2026-04-15T11:00:00Z'),
      endsAt: new Date('2026-04-15T12:00:00Z'),
    });
    const far = message({
      id: 3,
      startsAt: new Date('2026-04-19T11:00:00Z'),
      endsAt: new Date('2026-04-19T12:00:00Z'),
    });
    const own = message({ id: 4, kind: 'MESSAGE', concernsAll: false, services: [fmk], endsAt: null });
    expect(statusBox([message(), soon, far], now).messages.map(({ lead, href }) => [lead, href])).toEqual([
      ['Servicevindue nu', '/drift/1'],
      ['Planlagt servicevindue', '/drift/2'],
    ]);
    expect(serviceNotices([own, soon], 7, now).map(({ word }) => word)).toEqual(['Gul', 'Planlagt']);
    expect(serviceNotices([own], 8, now)).toEqual([]);
  });
});

describe('the form', () => {
  const typed = {
    type: 'WINDOW',
    titel: 'Vindue',
    tekst: 'Nede',
    alvor: 'RED',
    omfang: 'alt',
    fradato: '28-03-2027',
    fratid: '01.30',
    tildato: '28-03-2027',
    tiltid: '3:30',
  };

  it('reads Danish clock times, also on the night when the clock changes', () => {
    const read = parseForm(publishForm, typed);
    expect(read.ok && [read.value.startsAt, read.value.endsAt]).toEqual([
      new Date('2027-03-28T00:30:00Z'),
      new Date('2027-03-28T01:30:00Z'),
    ]);
    expect(momentInDenmark('2026-10-25', 2, 30)).toEqual(new Date('2026-10-25T00:30:00Z'));
    expect(formatDateTime(momentInDenmark('2027-03-28', 2, 30))).toBe('28-03-2027 kl. 03.30');
  });

  it.each([
    ['titel', { titel: ' ' }],
    ['titel', { titel: 'a\r\nBcc: x' }],
    ['titel', { titel: '\u202edrejet' }],
    ['tekst', { tekst: '' }],
    ['tekst', { tekst: 'a\u0007b' }],
    ['type', { type: 'X' }],
    ['alvor', { alvor: undefined }],
    ['omfang', { omfang: '' }],
    ['omfang', { service: ['7'] }],
    ['service', { omfang: 'services' }],
    ['service', { omfang: 'services', service: ['x'] }],
    ['fratid', { fratid: '' }],
    ['fradato', { fradato: '' }],
    ['fratid', { fratid: '24.00' }],
    ['fradato', { fradato: '31-02-2027' }],
    ['tildato', { tildato: '', tiltid: '' }],
    ['tildato', { tildato: '27-03-2027' }],
    ['tildato', { fradato: '', fratid: '', tildato: '01-01-2020' }],
  ])('refuses a bad %s', (field, more) => {
    const read = parseForm(
      publishForm,
      Object.fromEntries(Object.entries({ ...typed, ...more }).filter(([, v]) => v !== undefined)) as never,
    );
    expect(read.ok ? [] : Object.keys(read.errors)).toContain(field);
  });
});

describe('what leaves the house', () => {
  const hostile = '</title><script>alert("1")</script> & \u0001\u000bÆ]]>\ud800';
  const settings = {
    views: { render: (_view: string, model: object) => JSON.stringify(model) },
    contact: { email: 'a@b.example', phone: '1', hours: 'altid' },
    texts: deliveredTexts,
    sebadminOrigin: 'https://sebadmin.example',
  };

  it('is escaped in the feed, without what XML cannot hold', () => {
    const item = { ...message(), updateId: 1, messageId: 2, title: hostile, body: hostile, writtenAt: now };
    const xml = rssFeed([item], 'https://sebadmin.example', now);
    expect(xml).not.toContain('<script>');
    expect(xml).toContain('&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Æ]]&gt;</title>');
    // oxlint-disable-next-line no-control-regex
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/);
    expect(xml).toContain('<pubDate>Sat, 11 Apr 2026 11:30:00 GMT</pubDate>');
  });

  it('stays on one line in a mail’s subject, and leads to our own pages alone', () => {
    const told = { ...message(), cancelledAt: null, title: 'a\r\nBcc: evil@evil.example', body: 'Linje 1\n\nLinje 2' };
    const mail = statusMail(settings, told, 'updated', 'x'.repeat(48));
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.unsubscribeUrl).toBe(`https://sebadmin.example/drift/afmeld/${'x'.repeat(48)}`);
    expect(mail.text).toContain('Linje 1\n\nLinje 2');
    expect([...mail.text.matchAll(/https?:\/\/[^\s/]+/g)].map(([origin]) => origin)).toEqual([
      'https://sebadmin.example',
      'https://sebadmin.example',
    ]);
  });
});
