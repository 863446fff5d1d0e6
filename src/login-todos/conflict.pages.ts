import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { todoCrumbs, todosPath } from '../todos/todos.pages.ts';
import type { User } from '../users/user.ts';
import { administratorNames, statusText } from '../users/user.ts';
import { errorList, organisationLine, usersPath } from '../users/users.pages.ts';
import type { ConflictDecision, LoginConflict } from './conflict.ts';
import { isStill, openDecisions, toldApart } from './conflict.ts';
import { waitingConflictsCrumbs } from './waiting-conflicts.pages.ts';

type Shown = {
  conflict: LoginConflict;
  /** Null for whoever may only look. */
  mayDecide: boolean;
  /** Whether the way back is the list of all organisations. */
  seesAll: boolean;
  posted: Posted;
  errors: FieldErrors;
  isStale?: boolean;
};

/** Afgør login: what arrived, the two users beside it, and what each answer does. */
export function conflictPage(organisation: AddressedOrganisation, shown: Shown): Page {
  const { mayDecide, seesAll, posted, errors, isStale = false } = shown;
  const conflict = { ...shown.conflict, facts: toldApart(shown.conflict.facts) };
  const { facts, byRid, byUuid } = conflict;
  const decisions = mayDecide ? openDecisions(conflict) : [];
  const drawn = page(
    'login-todos/conflict',
    'Hvem tilhører loginet?',
    {
      organisation: { line: organisationLine(organisation) },
      lead: `${facts.loginName || 'Nogen'} prøvede at logge på via ${facts.provider} den ${conflict.createdOn} og blev afvist. Loginet passer ikke til én bruger i SEB.`,
      state: stateOf(conflict, mayDecide),
      columns: columnsOf(organisation, conflict),
      rows: rowsOf(conflict),
      isStale,
      errors: errorList(errors),
      choice:
        decisions.length === 0
          ? null
          : {
              name: 'afgoerelse',
              legend: 'Hvem tilhører loginet?',
              hint: null,
              error: errors.afgoerelse ?? null,
              options: decisions.map((value) => ({
                value,
                ...wordsOf(value, conflict),
                isChosen: typed(posted, 'afgoerelse') === value,
              })),
            },
      rid: decisions.includes('rid')
        ? [
            fieldOf(
              {
                name: 'rid',
                label: `Nyt RID-nummer til ${facts.name}`,
                hint: `Skal kun udfyldes, når loginet tilhører ${facts.other?.name}. Find nummeret i MitID Erhverv.`,
              },
              posted,
              errors,
            ),
          ]
        : [],
      versions: { rid: byRid?.version ?? '', uuid: byUuid?.version ?? '' },
      paths: { form: `${todosPath(organisation)}/${conflict.todoId}/konflikt`, list: todosPath(organisation) },
    },
    seesAll && !mayDecide ? waitingConflictsCrumbs : todoCrumbs(organisation, mayDecide),
  );
  if (isStale) return rejected(drawn, 409);
  return Object.keys(errors).length === 0 ? drawn : rejected(drawn);
}

function stateOf(conflict: LoginConflict, mayDecide: boolean): string | null {
  if (conflict.isDone) return 'Konflikten er afgjort. Loggen over brugerne fortæller hvordan.';
  if (!isStill(conflict))
    return 'Brugerne er ændret siden, så loginet måske virker nu. Du kan kun lukke punktet. Kommer loginet igen uden at passe, kommer der et nyt.';
  return mayDecide ? null : 'Kun organisationens administratorer kan afgøre det.';
}

function columnsOf(organisation: AddressedOrganisation, { facts, byRid, byUuid }: LoginConflict) {
  const link = (user: User | null) => (user === null ? null : usersPath(organisation, `/${user.id}`));
  return [
    { about: 'Login', name: 'Det, loginet fortalte', href: null },
    { about: 'Har loginets RID-nummer', name: facts.name, href: link(byRid) },
    ...(facts.other === null ? [] : [{ about: 'Har loginets UUID', name: facts.other.name, href: link(byUuid) }]),
  ];
}

type Row = { label: string; cells: { about: string; text: string; isSame: boolean; isCode: boolean }[] };

/** What the login and the users have beside each other; what agrees with the login is marked. */
function rowsOf({ facts, byRid, byUuid }: LoginConflict): Row[] {
  // On a phone the columns stand below each other: each cell says whose it is.
  const users = [
    { about: facts.name, user: byRid },
    ...(facts.other === null ? [] : [{ about: facts.other.name, user: byUuid }]),
  ];
  const row = (label: string, arrived: string | null, of: (user: User) => string | null, isCode = false): Row => ({
    label,
    cells: [
      { about: 'Login', text: arrived ?? '', isSame: false, isCode },
      ...users.map(({ about, user }) => {
        const text = user === null ? 'Slettet' : (of(user) ?? '');
        return { about, text, isSame: text !== '' && folded(text) === folded(arrived ?? ''), isCode };
      }),
    ],
  });
  return [
    row('Navn', facts.loginName, fullName),
    row('E-mailadresse', facts.loginEmail, ({ email }) => email),
    row('RID-nummer', facts.rid, ({ rid }) => rid, true),
    row('UUID', facts.uuid ?? 'Ikke gemt', ({ uuid }) => uuid ?? 'Intet endnu', true),
    row('Seneste login', null, ({ lastLogin }) => lastLogin ?? 'Aldrig'),
    row('Status', null, statusText),
    row('Administrator', null, ({ administratorKind, isAdministrator }) =>
      administratorKind === null
        ? isAdministrator
          ? 'Ja, et andet sted'
          : 'Nej'
        : administratorNames[administratorKind],
    ),
  ];
}

function folded(text: string): string {
  return text.normalize('NFC').trim().toLocaleLowerCase('da');
}

/** What each answer does, to whom. */
function wordsOf(decision: ConflictDecision, { facts, byUuid }: LoginConflict): { label: string; about: string } {
  const { name, other, rid } = facts;
  if (decision === 'uuid')
    return {
      label: `Loginet tilhører ${name}`,
      about:
        other === null || byUuid === null
          ? `${name} logger fra nu af på med det her login. Det gamle login virker ikke længere.`
          : `UUID’et flyttes fra ${other.name} til ${name}. ${other.name} bliver logget af og bliver genkendt på sit RID-nummer næste gang.`,
    };
  if (decision === 'rid')
    return {
      label: `Loginet tilhører ${other?.name}`,
      about: `RID-nummer ${rid} flyttes til ${other?.name}. ${name} får det RID-nummer, du skriver, bliver logget af og skal logge på med det.`,
    };
  return {
    label: 'Afvis: loginet skal ikke ind',
    about: 'Intet ændres. Prøver det samme login igen, bliver det afvist, og der kommer et nyt punkt på huskelisten.',
  };
}
