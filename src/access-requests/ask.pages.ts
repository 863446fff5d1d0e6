import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import { dayField, fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { Person } from '../permissions/actor.ts';
import { fullName, isUser } from '../permissions/actor.ts';
import type { FoundRole } from '../roles/role.ts';
import type { SorUnit, UnitPlace } from '../sor/sor-unit.ts';
import { formatCvr } from '../shared/text.ts';
import { administratorLine } from '../sign-in/sign-in.pages.ts';
import { errorList } from '../users/users.pages.ts';
import type { Decider } from './access-request.ts';
import { kindNames } from './access-request.ts';
import type { RequestableRole } from './access-requests.queries.ts';
import type { ResearchRecipient } from './research-recipients.queries.ts';
import { treeModel } from './unit-tree.pages.ts';

export const askPath = '/anmod';
const kinds = { almindelig: kindNames.ORDINARY, forsker: kindNames.RESEARCH };

export const isResearch = (posted: Posted): boolean => typed(posted, 'adgang') === 'forsker';

/** The first question of the request. */
export function choosePage(): Page {
  return page(
    'access-requests/choose',
    'Anmod om adgang til SEB',
    { options: Object.entries(kinds).map(([value, label]) => ({ value, label })), paths: { form: askPath } },
    [home],
  );
}

export type Asking = {
  person: Person;
  posted: Posted;
  errors: FieldErrors;
  deciders: Decider[];
  research: ResearchRecipient[];
  /** Roles that were picked, and what a search found besides. */
  picked: RequestableRole[];
  found: FoundRole[] | null;
  unit: SorUnit | null;
  units: SorUnit[] | null;
  /** Where the tree stands that is walked; null until it is asked for. */
  place: UnitPlace | null;
};

/** The unit that was chosen on the list, or typed by its code. */
export function chosenUnit(posted: Posted): string {
  const code = typed(posted, 'enhedsoeg').trim();
  return typed(posted, 'sor') || (/^\d{6,18}$/.test(code) ? code : '');
}

/** Anmod om adgang: everything on one page, nothing sent yet. */
export function askPage(asking: Asking): Page {
  const { person, posted, errors, deciders, research, picked, found, unit, units, place } = asking;
  const email = typed(posted, 'email') || (posted.email === undefined ? (person.email ?? '') : '');
  const heading = `Anmod om adgang til ${isResearch(posted) ? 'Forskermaskinen' : 'SEB'}`;
  const shown = page(
    'access-requests/ask',
    heading,
    {
      heading,
      lead: `${fullName(person)}, ${person.organisationName}, CVR ${formatCvr(person.cvr)}`,
      kind: typed(posted, 'adgang'),
      userChoice: {
        name: 'brugertype',
        legend: 'Skal du oprettes, eller er du bruger i SEB?',
        hint: isUser(person) ? 'Du er logget på som bruger i SEB.' : 'Dit login hører ikke til en bruger i SEB endnu.',
        error: errors.brugertype ?? null,
        options: [
          { value: 'ny', label: 'Ny bruger', isChosen: userTypeOf(person, posted) === 'ny' },
          {
            value: 'eksisterende',
            label: 'Yderligere adgange til eksisterende bruger',
            isChosen: userTypeOf(person, posted) === 'eksisterende',
          },
        ],
      },
      texts: [
        fieldOf(
          { name: 'email', label: 'Angiv din arbejdsmailadresse', isRequired: true, inputmode: 'email' },
          { ...posted, email },
          errors,
        ),
        ...(isResearch(posted) ? researchFields(posted, errors) : []),
        fieldOf(
          {
            name: 'beskrivelse',
            label: 'Skriv her hvilke adgange du har brug for',
            isRequired: true,
            kind: 'text',
            hint: 'Fortæl også, hvad du skal bruge dem til. Skriv ikke CPR-numre eller helbredsoplysninger.',
          },
          posted,
          errors,
        ),
      ],
      research: isResearch(posted)
        ? research.map(({ id, name }) => ({ id, name, isChosen: typed(posted, 'forskermodtager') === String(id) }))
        : [],
      picked,
      roleSearch: typed(posted, 'rollesoeg'),
      found: found?.filter(({ id }) => !picked.some((role) => role.id === id)) ?? null,
      unit,
      unitSearch: unit === null ? typed(posted, 'enhedsoeg') : '',
      units,
      tree: place === null ? null : treeModel(place, unit),
      days: [
        dayField({ name: 'startdato', label: 'Fra dato' }, posted, errors),
        dayField({ name: 'slutdato', label: 'Til dato', isRequired: isResearch(posted) }, posted, errors),
      ],
      deciders: deciders.map((decider) => deciderModel(decider, typed(posted, 'modtager'))),
      fallbacks: deciders.map((decider) => deciderModel(decider, typed(posted, 'stedfortraeder'))),
      errorOf: errors,
      errors: errorList(errors),
      paths: { form: askPath, find: `${askPath}/enheder` },
    },
    [home],
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function userTypeOf(person: Person, posted: Posted): string {
  return typed(posted, 'brugertype') || (isUser(person) ? 'eksisterende' : 'ny');
}

function researchFields(posted: Posted, errors: FieldErrors) {
  return [
    fieldOf({ name: 'projektnummer', label: 'Projektnummer', isRequired: true }, posted, errors),
    fieldOf(
      {
        name: 'godkendelse',
        label: 'Dataejerens godkendelse',
        isRequired: true,
        kind: 'text',
        hint: 'Hvem har godkendt, hvornår og med hvilket sagsnummer?',
      },
      posted,
      errors,
    ),
  ];
}

function deciderModel({ userId, firstName, lastName, kind, area }: Decider, chosen: string) {
  const label = administratorLine({ firstName, lastName, kind, responsibilityArea: area });
  return { id: userId, label, isChosen: chosen === String(userId) };
}

const carried = [
  'adgang',
  'brugertype',
  'email',
  'beskrivelse',
  'projektnummer',
  'godkendelse',
  'forskermodtager',
  'startdato',
  'slutdato',
  'modtager',
  'stedfortraeder',
];

/** All of it in words, before it is sent. */
export function reviewPage({ person, posted, deciders, research, picked, unit }: Asking): Page {
  const nameOf = (field: string): string => {
    const one = deciders.find(({ userId }) => String(userId) === typed(posted, field));
    return one === undefined ? '' : administratorLine({ ...one, responsibilityArea: one.area });
  };
  const rows = [
    { label: 'Adgang', value: isResearch(posted) ? kinds.forsker : kinds.almindelig },
    {
      label: 'Bruger',
      value: typed(posted, 'brugertype') === 'ny' ? 'Ny bruger' : 'Yderligere adgange til eksisterende bruger',
    },
    { label: 'Navn', value: fullName(person) },
    { label: 'Organisation', value: `${person.organisationName}, CVR ${formatCvr(person.cvr)}` },
    { label: 'Arbejdsmail', value: typed(posted, 'email') },
    { label: 'Projektnummer', value: typed(posted, 'projektnummer') },
    { label: 'Dataejerens godkendelse', value: typed(posted, 'godkendelse') },
    { label: 'Det har du brug for', value: typed(posted, 'beskrivelse') },
    { label: 'Roller', value: picked.map(({ name, serviceName }) => `${name} (${serviceName})`).join('\n') },
    { label: 'SOR-enhed', value: unit === null ? '' : `${unit.name} (${unit.code})` },
    { label: 'Fra dato', value: typed(posted, 'startdato') },
    { label: 'Til dato', value: typed(posted, 'slutdato') },
    {
      label: 'Modtager for Forskermaskinen',
      value: research.find(({ id }) => String(id) === typed(posted, 'forskermodtager'))?.name ?? '',
    },
    { label: 'Modtager', value: nameOf('modtager') || 'Servicedesk, da ingen administrator kan svare lige nu' },
    { label: 'Hvis modtageren er væk', value: nameOf('stedfortraeder') || 'De andre administratorer' },
  ];
  return page(
    'access-requests/review',
    'Se din anmodning igennem',
    {
      rows: rows.filter(({ value }) => value !== ''),
      hidden: [
        ...carried.map((name) => ({ name, value: typed(posted, name) })),
        ...typedList(posted, 'rolle').map((value) => ({ name: 'rolle', value })),
        { name: 'sor', value: chosenUnit(posted) },
      ].filter(({ value }) => value !== ''),
      paths: { form: askPath },
    },
    [home, { label: 'Anmod om adgang', href: askPath }],
  );
}
