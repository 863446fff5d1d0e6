import { mailTitle } from '../mail/templates.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import { formatDateTime } from '../shared/dates.ts';
import { counted } from '../shared/text.ts';
import type { FailedMail, FailedState, Waiting } from './failed-mails.queries.ts';
import { failedPerPage, mostAtOnce, waitingLimit } from './failed-mails.queries.ts';

export const failedMailsPath = '/system/mails';

export type FailedShown = {
  mails: readonly FailedMail[];
  state: FailedState;
  isFirst: boolean;
  waiting: Waiting;
  mayManage: boolean;
  error: string | null;
};

/** Mails, der ikke kom frem. */
export function failedMailsPage({ mails, state, isFirst, waiting, mayManage, error }: FailedShown): Page {
  const shown = mails.slice(0, failedPerPage);
  const link = (more: Record<string, string>): string => {
    const query = new URLSearchParams({ ...(state === 'GIVEN_UP' ? { vis: 'opgivet' } : {}), ...more }).toString();
    return query === '' ? failedMailsPath : `${failedMailsPath}?${query}`;
  };
  const result = page(
    'failed-mails/index',
    'Mails, der ikke kom frem',
    {
      rows: shown.map(rowModel),
      isGivenUp: state === 'GIVEN_UP',
      waiting: waitingModel(waiting),
      may: { manage: mayManage && state === 'FAILED' },
      first: isFirst ? null : link({}),
      next: mails.length > failedPerPage ? link({ foer: String(shown.at(-1)?.id ?? '') }) : null,
      mostAtOnce: mostAtOnce.toLocaleString('da-DK'),
      errors: error === null ? [] : [{ field: 'mail', message: error }],
      paths: { failed: failedMailsPath, givenUp: `${failedMailsPath}?vis=opgivet`, form: failedMailsPath },
    },
    [home],
  );
  return error === null ? result : rejected(result);
}

function rowModel(mail: FailedMail): object {
  return {
    id: mail.id,
    title: mailTitle(mail.kind),
    toName: mail.toName,
    toAddress: mail.toAddress,
    organisation: mail.organisationName,
    createdAt: formatDateTime(mail.createdAt),
    failedAt: formatDateTime(mail.failedAt),
    attempts: counted(mail.attempts, 'forsøg', 'forsøg'),
    how: mail.isBounced ? 'Kom retur' : 'Ikke taget imod',
    lastError: mail.lastError,
    givenUp:
      mail.givenUpAt === null
        ? null
        : `${formatDateTime(mail.givenUpAt)}${mail.givenUpBy === null ? '' : ` af ${mail.givenUpBy}`}`,
  };
}

function waitingModel({ count, since, lastError }: Waiting): object | null {
  if (count === 0 || since === null) return null;
  const many =
    count > waitingLimit ? `Mere end ${counted(waitingLimit, 'mail', 'mails')}` : counted(count, 'mail', 'mails');
  return { text: `${many} venter på at blive sendt, den ældste fra ${formatDateTime(since)}.`, lastError };
}
