import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import { formatNumber } from '../shared/text.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { exportForms } from './report-export.ts';
import type { ReportExport } from './report-exports.queries.ts';

type Told = Pick<ReportExport, 'title' | 'reference' | 'form'>;
type Ready = Told & { rows: number; sha256: string; expiresAt: Date };

/** To the one who ordered it; the link asks for a login. */
export function readyMail(
  { title, rows, sha256, expiresAt, ...told }: Ready,
  actor: Actor,
  mailing: MailSetting,
): OutgoingMail {
  return mailOf(actor, mailing, told, {
    kind: 'report.ready',
    subject: `Din rapport er klar: ${title}`,
    paragraphs: ['Rapporten, du har bestilt i SEB, er klar. Kun du kan hente den, og du skal være logget på.'],
    facts: [
      ['Rapport', title],
      ['Form', exportForms[told.form].label],
      ['Antal rækker', formatNumber(rows)],
      ['Rapportnummer', told.reference],
      ['SHA-256', sha256],
      ['Kan hentes til', formatDateTime(expiresAt)],
    ],
  });
}

export function stoppedMail(
  { title, ...told }: Told,
  actor: Actor,
  reason: string,
  mailing: MailSetting,
): OutgoingMail {
  return mailOf(actor, mailing, told, {
    kind: 'report.stopped',
    subject: `Din rapport blev ikke lavet: ${title}`,
    paragraphs: [`Rapporten, du har bestilt i SEB, blev ikke lavet. ${reason}`],
    facts: [
      ['Rapport', title],
      ['Rapportnummer', told.reference],
    ],
  });
}

type Words = { kind: string; subject: string; paragraphs: string[]; facts: [string, string][] };

function mailOf(
  actor: Actor,
  mailing: MailSetting,
  { reference }: Pick<Told, 'reference'>,
  words: Words,
): OutgoingMail {
  return writeMail(mailing.views, {
    ...words,
    to: { name: fullName(actor), address: actor.email },
    link: { label: 'Se rapporten i SEB', url: new URL(`/rapporter/filer/${reference}`, mailing.sebadminOrigin) },
    contact: mailing.contact,
  });
}
