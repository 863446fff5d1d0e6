import type { FieldErrors, Posted } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import { errorList } from '../users/users.pages.ts';
import type { AccessRequest, Comment } from './access-request.ts';
import { isWaiting, kindNames, stateNames, stateTones, wishedText } from './access-request.ts';
import { factsOf, givenText } from './access-requests.mail.ts';
import type { RequestRow } from './access-requests.queries.ts';
import { requestsPerPage } from './access-requests.queries.ts';

export const ownRequestsPath = '/mine-anmodninger';

/** Whoever has the request, in words. */
export function holderText(request: Pick<AccessRequest, 'takenByName' | 'recipientName' | 'escalation'>): string {
  if (request.takenByName !== null) return request.takenByName;
  if (request.recipientName === null || request.escalation === 3) return 'Servicedesk';
  return request.escalation > 0 ? `${request.recipientName} og de andre administratorer` : request.recipientName;
}

/** Mine anmodninger. */
export function ownRequestsPage(rows: RequestRow[], isFirstPage: boolean): Page {
  const shown = rows.slice(0, requestsPerPage);
  const last = shown.at(-1);
  return page(
    'access-requests/own-list',
    'Mine anmodninger',
    {
      rows: shown.map((row) => ({
        ...row,
        kindText: kindNames[row.kind],
        rolesText: wishedText(row.roles),
        state: { tone: stateTones[row.state], text: stateNames[row.state] },
        holder: isWaiting(row) ? holderText(row) : '',
        href: `${ownRequestsPath}/${row.id}`,
      })),
      first: isFirstPage ? null : ownRequestsPath,
      next: rows.length > requestsPerPage && last !== undefined ? `${ownRequestsPath}?foer=${last.id}` : null,
    },
    [home],
  );
}

type Shown = { request: AccessRequest; comments: Comment[]; posted: Posted; errors: FieldErrors };

/** One own request: how far it is, who has it, the answer, and what was written about it. */
export function ownRequestPage({ request, comments, posted, errors }: Shown): Page {
  const path = `${ownRequestsPath}/${request.id}`;
  const isOpen = isWaiting(request);
  const shown = page(
    'access-requests/own-show',
    `Anmodning nr. ${request.id}`,
    {
      heading: `Anmodning nr. ${request.id}`,
      state: { tone: stateTones[request.state], text: stateNames[request.state] },
      holder: isOpen ? holderText(request) : null,
      sentAt: request.createdAt,
      answer:
        request.decidedAt === null || request.state === 'withdrawn'
          ? null
          : {
              by: request.decidedByName,
              at: request.decidedAt,
              reason: request.decisionReason,
              given: request.given.map(givenText),
            },
      withdrawnAt: request.state === 'withdrawn' ? request.decidedAt : null,
      facts: factsOf(request).map(([label, value]) => ({ label, value })),
      comments: comments.map((one) => ({ ...one, isOwn: one.authorId === null })),
      comment: fieldOf(
        {
          name: 'kommentar',
          label: 'Skriv en kommentar',
          kind: 'text',
          isRequired: true,
          hint: 'Skriv ikke CPR-numre.',
        },
        posted,
        errors,
      ),
      isOpen,
      errors: errorList(errors),
      paths: { comment: `${path}/kommentar`, withdraw: `${path}/traek-tilbage` },
    },
    [home, { label: 'Mine anmodninger', href: ownRequestsPath }],
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}
