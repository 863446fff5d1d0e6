import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import { counted, formatCvr, formatNumber } from '../shared/text.ts';
import { errorList } from '../users/users.pages.ts';
import type { Act, ChosenRole, RightsChoice } from './rights.ts';
import { choiceFields, mostChosen, unknownText } from './rights.ts';
import type { ChosenOrganisation, Effect, ServiceChoice } from './rights.queries.ts';

export function rightsPath(act: Act, rest = ''): string {
  return `/system/rettigheder/${act === 'grant' ? 'giv' : 'traek-tilbage'}${rest}`;
}

const crumbs = [home, { label: 'Services', href: '/system/services' }];
const titles = { grant: 'Giv rettigheder til roller', withdraw: 'Træk rettigheder til roller tilbage' } as const;
const shownToTick = 50;

export type Choosing = {
  act: Act;
  choice: RightsChoice;
  services: (ServiceChoice & { isRetired: boolean })[];
  roles: ChosenRole[];
  ticked: ChosenOrganisation[];
  matching: ChosenOrganisation[];
  errors: FieldErrors;
};

/** Which roles, and which organisations: by ticking, by searching, by a list of CVR numbers, or all that match. */
export function choosePage({ act, choice, services, roles, ticked, matching, errors }: Choosing): Page {
  const chosenRoles = new Set(choice.roleIds);
  const isTicked = new Set(ticked.map(({ id }) => id));
  const others = matching.filter(({ id }) => !isTicked.has(id)).slice(0, shownToTick);
  const organisation = ({ id, cvr, name }: ChosenOrganisation): object => ({
    id,
    name,
    cvr: formatCvr(cvr),
    isTicked: isTicked.has(id),
  });
  const shown = page(
    'organisation-roles/choose',
    titles[act],
    {
      title: titles[act],
      isGranting: act === 'grant',
      errors: errorList(errors),
      services: services
        .filter((service) => act === 'withdraw' || !service.isRetired)
        .map((service) => ({
          ...service,
          isChosen: service.id === choice.serviceId,
          isFilter: service.id === choice.mayGiveServiceId,
        })),
      roles: roles.map((role) => ({ ...role, isTicked: chosenRoles.has(role.id) || isWhole(choice, role) })),
      offersWhole:
        choice.serviceId !== null && roles.some((role) => !chosenRoles.has(role.id) && !isWhole(choice, role)),
      organisations: [...ticked, ...others].map(organisation),
      unknownText: unknownText(choice, ticked),
      search: choice.search,
      matchText: counted(matching.length, 'organisation passer', 'organisationer passer'),
      moreText:
        matching.length > ticked.length + others.length
          ? `Her ses de første ${formatNumber(shownToTick)}. Søg for at se andre.`
          : null,
      isAll: choice.allThatMatch,
      paths: { form: rightsPath(act), preview: rightsPath(act, '/gennemse') },
    },
    crumbs,
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function isWhole({ wholeService, serviceId }: RightsChoice, role: ChosenRole): boolean {
  return wholeService && role.serviceId === serviceId;
}

/** What is missing in a choice before it can be looked through. */
export function faultsOfChoice(roles: ChosenRole[], organisations: ChosenOrganisation[]): FieldErrors {
  return {
    ...(roles.length === 0 ? { rolle: 'Vælg mindst én rolle' } : {}),
    ...(organisations.length === 0 ? { organisation: 'Vælg mindst én organisation' } : {}),
    ...(roles.length > mostChosen ? { rolle: `Vælg højst ${formatNumber(mostChosen)} roller ad gangen` } : {}),
  };
}

export type Previewing = {
  act: Act;
  choice: RightsChoice;
  roles: ChosenRole[];
  organisations: (ChosenOrganisation & { isClosed?: boolean })[];
  effects: Effect[];
  posted: Posted;
  errors: FieldErrors;
  isOutdated?: boolean;
};

/** What it would do, in figures and by organisation, before anything is done. */
export function previewPage(previewing: Previewing): Page {
  const { act, choice, roles, organisations, effects, posted, errors, isOutdated = false } = previewing;
  const sum = (of: (effect: Effect) => number): number => effects.reduce((all, one) => all + of(one), 0);
  const totals = {
    rights: sum((one) => one.rights),
    assignments: sum((one) => one.assignments),
    users: sum((one) => one.users),
  };
  const closed = organisations.filter((one) => one.isClosed === true);
  const fields = choiceFields({ ...choice, organisationIds: organisations.map(({ id }) => id) });
  const title = act === 'grant' ? 'Gennemse rettighederne' : 'Gennemse tilbagetrækningen';
  const shown = page(
    act === 'grant' ? 'organisation-roles/grant-preview' : 'organisation-roles/withdraw-preview',
    title,
    {
      title,
      isOutdated,
      totals,
      figures: figuresOf(act, effects.length, totals),
      rolesText: counted(roles.length, 'rolle', 'roller'),
      roles,
      effects: effects.slice(0, shownToTick).map((one) => ({
        ...one,
        cvr: formatCvr(one.cvr),
        rights: formatNumber(one.rights),
        users: formatNumber(one.users),
        assignments: formatNumber(one.assignments),
      })),
      moreText:
        effects.length > shownToTick
          ? `Og ${counted(effects.length - shownToTick, 'organisation', 'organisationer')} mere.`
          : null,
      unchangedText: unchangedText(act, organisations.length - closed.length - effects.length),
      closedText:
        act === 'grant' && closed.length > 0
          ? `Lukkede organisationer får ingen rettigheder: ${closed.map(({ name }) => name).join(', ')}.`
          : null,
      unknownText: choice.allThatMatch ? null : unknownText(choice, organisations),
      isNothing: totals.rights === 0,
      reason: fieldOf(
        {
          name: 'begrundelse',
          label: 'Begrundelse',
          isRequired: act === 'withdraw',
          hint: 'Står i ændringsloggen og i mailen til organisationsadministratorerne.',
        },
        posted,
        errors,
      ),
      day: fieldOf(
        {
          name: 'dag',
          label: 'Sidste dag',
          inputmode: 'numeric',
          hint: 'dd-mm-åååå. Kun hvis tildelingerne slutter på en dato.',
        },
        posted,
        errors,
      ),
      when: {
        name: 'hvornaar',
        legend: 'Hvornår slutter brugernes tildelinger?',
        hint: null,
        error: errors.hvornaar ?? null,
        options: [
          { value: 'straks', label: 'Med det samme', isChosen: typed(posted, 'hvornaar') === 'straks' },
          { value: 'dato', label: 'På en dato', isChosen: typed(posted, 'hvornaar') === 'dato' },
        ],
      },
      errors: errorList(errors),
      fields,
      paths: { save: rightsPath(act), form: rightsPath(act) },
    },
    [...crumbs, { label: titles[act], href: rightsPath(act, `?${new URLSearchParams(fields)}`) }],
  );
  if (isOutdated) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function figuresOf(
  act: Act,
  organisations: number,
  totals: { rights: number; assignments: number; users: number },
): object[] {
  return [
    { label: 'Organisationer', value: formatNumber(organisations) },
    { label: act === 'grant' ? 'Nye rettigheder' : 'Rettigheder', value: formatNumber(totals.rights) },
    ...(act === 'grant'
      ? []
      : [
          { label: 'Brugere, der mister noget', value: formatNumber(totals.users) },
          { label: 'Tildelinger, der slutter', value: formatNumber(totals.assignments) },
        ]),
  ];
}

function unchangedText(act: Act, count: number): string | null {
  if (count <= 0) return null;
  return act === 'grant'
    ? `${counted(count, 'organisation har', 'organisationer har')} allerede alle rettighederne.`
    : `${counted(count, 'organisation har', 'organisationer har')} ingen af rettighederne.`;
}
