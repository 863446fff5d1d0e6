import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { decide } from '../permissions/can.ts';
import { levelName } from '../access-check/access-facts.ts';
import type { AssignmentRow } from '../role-assignments/assignment.ts';
import { assignmentModel } from '../role-assignments/assignment.ts';
import { counted, formatCvr } from '../shared/text.ts';
import { administratorLine } from '../sign-in/sign-in.pages.ts';
import { errorList, organisationLine, usersPath } from '../users/users.pages.ts';
import type { AccessRequest, Comment, Decider } from './access-request.ts';
import { isWaiting, kindNames, stateNames, stateTones, wishedText } from './access-request.ts';
import { factsOf, givenText } from './access-requests.mail.ts';
import type { ListFilter, RequestRow } from './access-requests.queries.ts';
import { listFilters, requestsPerPage } from './access-requests.queries.ts';
import { isOverText, mayDecide } from './handling.changes.ts';
import { holderText } from './own-requests.pages.ts';

export function requestsPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/anmodninger${rest}`;
}

export const withoutDeciderPath = '/anmodninger-uden-svar';

const filterNames: Record<ListFilter, string> = {
  ventende: 'Venter på svar',
  mine: 'Venter på mig',
  afgjorte: 'Afgjorte og trukket tilbage',
  alle: 'Alle',
};

export type Listed = { rows: RequestRow[]; filter: ListFilter; isFirstPage: boolean };

/** Anmodninger of one organisation. */
export function requestsPage(organisation: AddressedOrganisation, { rows, filter, isFirstPage }: Listed): Page {
  const path = requestsPath(organisation);
  const shown = rows.slice(0, requestsPerPage);
  const last = shown.at(-1);
  return page(
    'access-requests/list',
    'Anmodninger',
    {
      heading: 'Anmodninger',
      lead: organisationLine(organisation),
      filters: listFilters.map((value) => ({ value, label: filterNames[value], isChosen: value === filter })),
      hasOrganisations: false,
      rows: shown.map((row) => rowModel(row, path)),
      first: isFirstPage ? null : `${path}?vis=${filter}`,
      next: rows.length > requestsPerPage && last !== undefined ? `${path}?vis=${filter}&efter=${last.id}` : null,
      path,
    },
    [home],
  );
}

/** For the servicedesk: requests of all organisations that nobody there can decide, or that nobody took. */
export function withoutDeciderPage(rows: RequestRow[], isFirstPage: boolean): Page {
  const shown = rows.slice(0, requestsPerPage);
  const last = shown.at(-1);
  return page(
    'access-requests/list',
    'Anmodninger uden svar',
    {
      heading: 'Anmodninger uden svar',
      lead: 'Ingen i organisationen kan afgøre dem, eller ingen har taget dem i tide. Hjælp organisationen med at få en administrator, der kan.',
      filters: [],
      hasOrganisations: true,
      rows: shown.map((row) => rowModel(row, requestsPath(row))),
      first: isFirstPage ? null : withoutDeciderPath,
      next: rows.length > requestsPerPage && last !== undefined ? `${withoutDeciderPath}?efter=${last.id}` : null,
      path: withoutDeciderPath,
    },
    [home],
  );
}

function rowModel(row: RequestRow, path: string) {
  return {
    ...row,
    name: fullName(row),
    cvrText: formatCvr(row.cvr),
    kindText: kindNames[row.kind],
    rolesText: wishedText(row.roles),
    state: { tone: stateTones[row.state], text: stateNames[row.state] },
    holder: isWaiting(row) ? holderText(row) : '',
    ageText: !isWaiting(row) ? '' : row.age === 0 ? 'I dag' : counted(row.age, 'dag', 'dage'),
    href: `${path}/${row.id}`,
  };
}

export type ShownRequest = {
  organisation: AddressedOrganisation;
  actor: Actor;
  request: AccessRequest;
  comments: Comment[];
  deciders: Decider[];
  /** Of the user it is about. */
  accesses: AssignmentRow[];
  posted: Posted;
  errors: FieldErrors;
  /** Somebody else was first. */
  notice?: string | null;
};

/** One request beside the user it is about, and what can be done with it. */
export function requestPage(shownRequest: ShownRequest): Page {
  const { organisation, actor, request, deciders, posted, errors, notice = null } = shownRequest;
  const path = requestsPath(organisation, `/${request.id}`);
  const view = decide(actor, 'request.view', { organisationId: organisation.id });
  const seesText = view.allowed && view.limit !== 'withoutFreeText';
  const decision = mayDecide(actor, request);
  const isOpen = isWaiting(request);
  const mayHandle = isOpen && decision.allowed;
  const shown = page(
    'access-requests/show',
    `Anmodning nr. ${request.id}`,
    {
      heading: `Anmodning nr. ${request.id}`,
      lead: `${fullName(request)}, ${organisationLine(organisation)}`,
      notice,
      state: { tone: stateTones[request.state], text: stateNames[request.state] },
      facts: [
        { label: 'Sendt', value: request.createdAt },
        ...(isOpen ? [{ label: 'Hos', value: holderText(request) }] : []),
        ...factsOf(request)
          .filter(([label]) => seesText || !freeTexts.has(label))
          .map(([label, value]) => ({ label, value })),
      ],
      seesText,
      login: [
        { label: 'Navn', value: fullName(request) },
        { label: 'RID-nummer', value: request.rid ?? 'Ikke i loginet' },
        { label: 'UUID', value: request.uuid ?? 'Ikke i loginet' },
        { label: 'Sikringsniveau', value: levelName(request.level) },
      ],
      subject: subjectModel(shownRequest),
      warning: warningOf(request),
      answer:
        request.decidedAt === null
          ? null
          : {
              by: request.decidedByName,
              at: request.decidedAt,
              reason: seesText ? request.decisionReason : null,
              given: request.given.map(givenText),
            },
      comments: seesText ? shownRequest.comments : [],
      mayHandle,
      whyNot: isOpen && !decision.allowed && seesText && decision.isVisible ? decision.reason : null,
      isMine: request.takenById === actor.userId,
      isTaken: request.takenById !== null,
      version: request.version,
      others: deciders
        .filter(({ userId }) => userId !== actor.userId && userId !== request.takenById)
        .map(({ userId, area, ...one }) => ({
          id: userId,
          label: administratorLine({ ...one, responsibilityArea: area }),
          isChosen: typed(posted, 'til') === String(userId),
        })),
      toError: errors.til ?? null,
      comment: fieldOf(
        { name: 'kommentar', label: 'Skriv til medarbejderen', kind: 'text', isRequired: true },
        posted,
        errors,
      ),
      reason: fieldOf(
        {
          name: 'begrundelse',
          label: 'Hvorfor afviser du?',
          kind: 'text',
          isRequired: true,
          hint: 'Medarbejderen får begrundelsen. Skriv ikke CPR-numre.',
        },
        posted,
        errors,
      ),
      errors: errorList(errors),
      paths: {
        take: `${path}/tag`,
        handOver: `${path}/giv-videre`,
        comment: `${path}/kommentar`,
        reject: `${path}/afvis`,
        approve: `${path}/godkend`,
        list: requestsPath(organisation),
      },
    },
    [home, { label: 'Anmodninger', href: requestsPath(organisation) }],
  );
  if (notice !== null) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

/** What the servicedesk does not read (permissions, request.view). */
const freeTexts = new Set(['Har brug for', 'Dataejerens godkendelse', 'Projektnummer']);

function subjectModel({ organisation, request, accesses }: ShownRequest) {
  const [subject] = request.subjects;
  if (subject === undefined) return null;
  return {
    name: fullName(subject),
    href: usersPath(organisation, `/${subject.id}`),
    rows: accesses.map(assignmentModel),
  };
}

function warningOf(request: AccessRequest): string | null {
  if (!isWaiting(request)) return null;
  if (request.subjects.length > 1)
    return 'Loginets UUID og RID-nummer hører til to forskellige brugere. Ret den ene i brugeroversigten, før du godkender.';
  if (!request.saysNewUser && request.subjects.length === 0)
    return 'Medarbejderen skriver, at vedkommende er bruger i forvejen, men loginets RID-nummer og UUID passer ikke til nogen. Har brugeren fået et nyt RID-nummer, så ret det på brugeren, og godkend derefter. Ellers oprettes en ny bruger.';
  return null;
}

export { isOverText };
