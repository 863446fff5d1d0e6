import { listSystemOwners } from '../agreements/appointing.queries.ts';
import type { AuditEvent } from '../audit/events.ts';
import { sentenceOf } from '../audit/events.ts';
import { systemName } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { MailSetting } from '../users/users.changes.ts';

/** `actor` is null where SEB took over metadata by itself. */
type About = { providerId: number; name: string; told: AuditEvent; actor: Actor | null };

const mostWords = 1500;

/** To the other system owners: whoever decides whom logins are taken from could let anybody in as anybody. */
export async function providerMails(
  tx: Tx,
  { providerId, name, told, actor }: About,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const owners = (await listSystemOwners(tx)).filter(({ userId }) => userId !== actor?.userId);
  const by = actor === null ? systemName : fullName(actor);
  const what = sentenceOf(told.kind, told.detail, { actor: by, target: '' });
  return owners.map((owner) =>
    mailOf(mailing, 'identityProvider.changed', {
      to: { name: fullName(owner), address: owner.email },
      values: { udbyder: name },
      facts: [
        ['Ændring', what.length > mostWords ? `${what.slice(0, mostWords)} …` : what],
        ['Ændret af', by],
        ['Tidspunkt', formatDateTime(new Date())],
      ],
      url: new URL(`/system/identitetsudbydere/${providerId}`, mailing.sebadminOrigin),
    }),
  );
}
