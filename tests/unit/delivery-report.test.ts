import { describe, expect, it } from 'vitest';
import { readDeliveryReport } from '../../src/mail/bounces/delivery-report.ts';
import { mailFaultText } from '../../src/mail/mail-fault.ts';
import { deliveryReport, qmailReport } from '../support/delivery-reports.ts';

const id = '11111111-2222-3333-4444-555555555555@seb';
const read = (parts: Parameters<typeof deliveryReport>[0]) => readDeliveryReport(deliveryReport(parts));

function nested(depth: number): string {
  return Array.from(
    { length: depth },
    (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\r\n\r\n--b${at}\r\n`,
  ).join('');
}

describe('a delivery report', () => {
  it('tells which mail it is about, by the envelope id or by the mail that came back', async () => {
    const failed = {
      messageId: `<${id}>`,
      outcome: 'failed',
      status: '5.1.1',
      diagnostic: '550 5.1.1 User unknown here',
    };
    expect(await read({ envelopeId: id })).toEqual(failed);
    expect(await read({ messageId: `<${id}>` })).toEqual(failed);
    expect(await read({ messageId: `<${id}>`, returnedAs: 'message/rfc822' })).toEqual(failed);
    expect(await read({ envelopeId: id.toUpperCase().replace('SEB', 'seb') })).toEqual(failed);
  });

  it.each([
    ['failed', 'failed'],
    ['delayed', 'underway'],
    ['relayed', 'underway'],
    ['delivered', 'arrived'],
  ])('says %s, which is %s', async (action, outcome) => {
    expect(await read({ envelopeId: id, action })).toMatchObject({ outcome });
  });

  it.each([
    ['Sorry, no mailbox here by that name. (#5.1.1)', '5.1.1'],
    ['10.5.1.1 does not like recipient.\nRemote host said: 550 5.2.2 Mailbox full\nGiving up on 10.5.1.1.', '5.2.2'],
    ["Sorry, I couldn't find any host by that name.", null],
  ])('is understood in qmail’s own form: %s', async (said, status) => {
    const diagnostic = said.replaceAll('\n', ' ');
    const report = { messageId: `<${id}>`, outcome: 'failed', status, diagnostic };
    expect(await readDeliveryReport(qmailReport(`<${id}>`, said))).toEqual(report);
    const withReturns = Buffer.from(String(qmailReport(`<${id}>`, said)).replaceAll('\n', '\r\n'));
    expect(await readDeliveryReport(withReturns)).toEqual(report);
  });

  const returned = String(qmailReport(`<${id}>`, 'No.'));
  it.each([
    ['about a mail of somebody else', returned.replace(id, 'abc@mail.example')],
    ['that opens as a person does', returned.replace('Hi. This', 'Hi. I say this')],
    ['that names no recipient', returned.replace('<gone@region.example>:\n', '')],
  ])('in qmail’s form %s is none of ours', async (_what, raw) => {
    expect(await readDeliveryReport(Buffer.from(raw))).toBeNull();
  });

  it.each([
    ['a mail of somebody else', { messageId: '<abc@mail.example>' }],
    ['no mail at all', {}],
    ['an id with more behind it', { envelopeId: `${id} or 1=1` }],
    ['an action that is none', { envelopeId: id, action: 'exploded' }],
  ])('about %s is none of ours', async (_what, parts) => {
    expect(await read(parts)).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['an absence note', 'Subject: Ikke på kontoret\r\n\r\nJeg er tilbage mandag.'],
    ['noise', '\0\0\0'],
    ['cut off', 'Content-Type: multipart/report; boundary="x"\r\n\r\n--x'],
    // Both are beyond what the parser takes, and must not keep the reports behind them from being read.
    ['nested without end', nested(300)],
    ['all head', `X: ${'y'.repeat(3_000_000)}\r\n\r\n`],
  ])('is not what is %s', async (_what, raw) => {
    expect(await readDeliveryReport(Buffer.from(raw))).toBeNull();
  });
});

describe('why mails do not come through', () => {
  it.each([
    ['5.1.1', 'adressen findes ikke'],
    ['5.2.2', 'postkassen er fuld'],
    ['4.2.2', 'postkassen er fuld'],
    ['5.2.1', 'postkassen er lukket'],
    ['4.4.7', 'kunne ikke nås'],
    ['5.7.1', 'afviser mails fra SEB'],
    [null, 'de er kommet retur'],
  ])('%s is “%s”', (status, text) => {
    expect(mailFaultText({ how: 'BOUNCED', status, since: '28-11-2026' })).toMatch(
      new RegExp(`siden 28-11-2026: .*${text}.*\\.$`),
    );
  });

  it('is told of an address that was refused', () => {
    expect(mailFaultText({ how: 'REFUSED', status: null, since: '28-11-2026' })).toContain('afviser adressen');
  });
});
