import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { deedPage } from '../organisations/deed.ts';
import { organisationCrumbs } from '../organisations/organisation.pages.ts';
import { organisationInWords, organisationPath } from '../organisations/organisation.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { counted, formatCvr, formatNumber } from '../shared/text.ts';
import { errorList } from '../users/users.pages.ts';
import type { AgreementText } from './agreement-text.ts';
import { paragraphsOf } from './agreement-text.ts';
import type { Acceptance, AcceptanceRow, TextRow } from './agreement-texts.queries.ts';
import { acceptancesPerPage } from './agreement-texts.queries.ts';

export const textsPath = '/system/aftaletekster';
const crumbs: Crumb[] = [home, { label: 'Aftaletekster', href: textsPath }];

type Texts = { rows: TextRow[]; draft: AgreementText | null; organisations: number; mayWrite: boolean };

/** Aftaletekster: the versions, and the draft. */
export function textsPage({ rows, draft, organisations, mayWrite }: Texts): Page {
  return page(
    'agreements/texts',
    'Aftaletekster',
    {
      mayWrite,
      draft: draft === null ? null : `Aftaletekst nr. ${draft.number} er en kladde, sidst skrevet ${draft.writtenOn}.`,
      rows: rows.map((row) => ({
        title: `Nr. ${row.number}`,
        publishedOn: row.publishedOn ?? '',
        changes: row.changes,
        accepted: `${formatNumber(row.accepted)} af ${formatNumber(organisations)}`,
        href: `${textsPath}/${row.id}`,
      })),
      paths: { draft: `${textsPath}/kladde`, publish: `${textsPath}/kladde/udgiv` },
    },
    crumbs.slice(0, 1),
  );
}

type DraftPage = { draft: AgreementText | null; posted: Posted; errors: FieldErrors; isStale: boolean };

/** Kladde: what is new, and the text. */
export function draftPage({ draft, posted, errors, isStale }: DraftPage): Page {
  const current = String(draft?.version ?? 0);
  const shown = page(
    'agreements/draft',
    draft === null ? 'Ny aftaletekst' : 'Ret kladden',
    {
      title: draft === null ? 'Ny aftaletekst' : `Ret kladden til aftaletekst nr. ${draft.number}`,
      fields: [
        fieldOf(
          {
            name: 'aendringer',
            label: 'Hvad er nyt',
            isRequired: true,
            kind: 'text',
            hint: 'Vises øverst for dem, der skal acceptere. Skriv, hvad der er ændret siden den forrige tekst.',
          },
          posted,
          errors,
        ),
        fieldOf(
          {
            name: 'tekst',
            label: 'Aftaletekst',
            isRequired: true,
            kind: 'text',
            hint: 'En tom linje giver et nyt afsnit.',
          },
          posted,
          errors,
        ),
      ],
      // A stale form goes on from the version that is there now, once the person has seen what differs.
      version: isStale ? current : typed(posted, 'version') || current,
      errors: errorList(errors),
      isStale,
      paths: { form: `${textsPath}/kladde`, back: textsPath },
    },
    crumbs,
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

export function draftAsTyped(draft: AgreementText | null): Posted {
  return draft === null ? {} : { aendringer: draft.changes, tekst: draft.body };
}

/** Udgiv: what everybody will be asked to accept. */
export function publishPage(draft: AgreementText, organisations: number, isStale: boolean): Page {
  return deedPage(
    {
      title: `Udgiv aftaletekst nr. ${draft.number}`,
      lead: draft.changes,
      texts: [
        `Organisationsadministratorerne i ${counted(organisations, 'organisation', 'organisationer')} får en mail og ser på forsiden, at de skal acceptere teksten. En udgivet tekst kan ikke ændres mere.`,
      ],
      version: draft.version,
      button: 'Udgiv',
      paths: { form: `${textsPath}/kladde/udgiv`, back: textsPath },
      crumbs,
    },
    { errors: {}, isStale },
  );
}

type OneText = { text: AgreementText; rows: AcceptanceRow[]; onlyMissing: boolean };

/** One version, and who has accepted it. */
export function textPage({ text, rows, onlyMissing }: OneText): Page {
  const path = `${textsPath}/${text.id}`;
  const shown = rows.slice(0, acceptancesPerPage);
  const last = shown.at(-1);
  const next = new URLSearchParams([
    ...(onlyMissing ? [['vis', 'mangler']] : []),
    ['efternavn', last?.name ?? ''],
    ['efterid', String(last?.id ?? '')],
  ]);
  return page(
    'agreements/text',
    `Aftaletekst nr. ${text.number}`,
    {
      title: `Aftaletekst nr. ${text.number}`,
      publishedOn: text.publishedOn ?? '',
      changes: text.changes,
      paragraphs: paragraphsOf(text.body),
      tabs: [
        { label: 'Alle organisationer', href: path, isCurrent: !onlyMissing },
        { label: 'Mangler at acceptere', href: `${path}?vis=mangler`, isCurrent: onlyMissing },
      ],
      rows: shown.map((row) => ({
        name: row.name,
        cvr: formatCvr(row.cvr),
        accepted: row.on === null ? 'Ikke accepteret' : `${row.on} af ${row.by ?? ''}`,
        href: organisationPath(row),
      })),
      next: rows.length > acceptancesPerPage ? `${path}?${next.toString()}` : null,
    },
    crumbs,
  );
}

type Accepting = {
  actor: Actor;
  organisation: AddressedOrganisation;
  text: AgreementText | null;
  acceptance: Acceptance | null;
  mayAccept: boolean;
  errors: FieldErrors;
};

/** Aftaletekst: what applies, what is new, and the organisation's acceptance. */
export function acceptancePage({ actor, organisation, text, acceptance, mayAccept, errors }: Accepting): Page {
  const shown = page(
    'agreements/acceptance',
    'Aftaletekst',
    {
      lead: organisationInWords(organisation),
      text:
        text === null
          ? null
          : {
              id: text.id,
              title: `Aftaletekst nr. ${text.number}, udgivet ${text.publishedOn ?? ''}`,
              changes: text.changes,
              paragraphs: paragraphsOf(text.body),
            },
      accepted: acceptance === null ? null : `Accepteret ${acceptance.on} af ${acceptance.by}.`,
      mayAccept: mayAccept && text !== null && acceptance === null && !organisation.isClosed,
      errors: errorList(errors),
      fault: errors.accepterer ?? null,
      paths: { form: organisationPath(organisation, '/aftaletekst'), back: organisationPath(organisation) },
    },
    organisationCrumbs(actor, organisation),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}
