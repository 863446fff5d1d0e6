import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
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
  return mailOf(mailing, 'report.ready', {
    to: addresseeOf(actor),
    values: { rapport: title },
    facts: [
      ['Rapport', title],
      ['Form', exportForms[told.form].label],
      ['Antal rækker', formatNumber(rows)],
      ['Rapportnummer', told.reference],
      ['SHA-256', sha256],
      ['Kan hentes til', formatDateTime(expiresAt)],
    ],
    url: pageOf(told, mailing),
  });
}

export function stoppedMail(
  { title, reference }: Told,
  actor: Actor,
  reason: string,
  mailing: MailSetting,
): OutgoingMail {
  return mailOf(mailing, 'report.stopped', {
    to: addresseeOf(actor),
    values: { rapport: title, grund: reason },
    facts: [
      ['Rapport', title],
      ['Rapportnummer', reference],
    ],
    url: pageOf({ reference }, mailing),
  });
}

function addresseeOf(actor: Actor): OutgoingMail['to'] {
  return { name: fullName(actor), address: actor.email };
}

function pageOf({ reference }: Pick<Told, 'reference'>, mailing: MailSetting): URL {
  return new URL(`/rapporter/filer/${reference}`, mailing.sebadminOrigin);
}
