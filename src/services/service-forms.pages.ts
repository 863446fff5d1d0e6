import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Field } from '../pages/fields.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import { counted } from '../shared/text.ts';
import { errorList } from '../users/users.pages.ts';
import type { NeedsEffect, Service, ServiceRole } from './service.ts';
import { effectKey, sensitivities, sensitivityNames } from './service.ts';
import { roleAsTyped, serviceAsTyped } from './services.forms.ts';
import { rolePath, serviceCrumbs, servicesPath } from './services.pages.ts';

type Typed = { posted: Posted; errors: FieldErrors };

const codeHint =
  'Bogstaver, tal, bindestreg, understreg og punktum. Kan ikke ændres, når en organisation har fået ret til at tildele.';

/** Opret service. */
export function createServicePage({ posted, errors }: Typed): Page {
  const paths = { form: servicesPath('/opret'), back: servicesPath() };
  const model = { title: 'Opret service', paths, version: null, differences: null, fixedCode: null };
  return form(
    'services/service-form',
    model,
    { posted, errors },
    serviceCrumbs(),
    serviceFields(true, { posted, errors }),
  );
}

/** Rediger service; with both versions where somebody else changed it meanwhile. */
export function editServicePage(service: Service, { posted, errors }: Typed, isStale = false): Page {
  const path = servicesPath(`/${service.id}`);
  const fields = serviceFields(!service.codeIsFixed, { posted, errors });
  const model = {
    title: 'Rediger service',
    paths: { form: `${path}/rediger`, back: path },
    version: isStale ? String(service.version) : typed(posted, 'version'),
    differences: isStale ? differences(fields, serviceAsTyped(service), posted) : null,
    fixedCode: service.codeIsFixed ? service.code : null,
  };
  const shown = form('services/service-form', model, { posted, errors }, serviceCrumbs(service), fields);
  return isStale ? rejected(shown, 409) : shown;
}

function serviceFields(withCode: boolean, { posted, errors }: Typed): Field[] {
  const look = (name: string, label: string, more: Partial<Parameters<typeof fieldOf>[0]> = {}): Field =>
    fieldOf({ name, label, ...more }, posted, errors);
  return [
    ...(withCode ? [look('kode', 'Kode', { isRequired: true, hint: codeHint })] : []),
    look('navn', 'Navn', { isRequired: true }),
    look('ejer', 'Ejer', { isRequired: true, hint: 'Den myndighed, der har ansvaret for servicen.' }),
    look('beskrivelse', 'Beskrivelse', { kind: 'text', hint: 'Hvad servicen bruges til, med almindelige ord.' }),
    look('supportnavn', 'Supportens navn', {
      hint: 'Kun hvis servicen har sin egen support. Ellers henviser SEB til servicedesk.',
    }),
    look('supporttelefon', 'Supportens telefon', { inputmode: 'tel' }),
    look('supportmail', 'Supportens e-mailadresse', { inputmode: 'email' }),
    look('supportlinks', 'Supportens links', {
      kind: 'text',
      hint: 'Et link på hver linje, fx Vejledninger: https://eksempel.dk',
    }),
  ];
}

/** Opret rolle. */
export function createRolePage(service: { id: number; name: string }, { posted, errors }: Typed): Page {
  const path = servicesPath(`/${service.id}`);
  const model = {
    title: 'Opret rolle',
    paths: { form: `${path}/roller/opret`, back: path },
    version: null,
    differences: null,
    fixedCode: null,
    effect: null,
  };
  return roleForm(model, { posted, errors }, serviceCrumbs(service), true);
}

type Editing = Typed & {
  isStale?: boolean;
  /** What other needs would meet, where that must be seen before they are saved; outdated where other figures were seen. */
  effect?: NeedsEffect | null;
};

/** Rediger rolle; with what other needs mean for a role in use, before they are saved. */
export function editRolePage(role: ServiceRole, { posted, errors, isStale = false, effect = null }: Editing): Page {
  const path = rolePath(role.id);
  const model = {
    title: 'Rediger rolle',
    paths: { form: `${path}/rediger`, back: path },
    version: isStale ? String(role.version) : typed(posted, 'version'),
    differences: isStale
      ? differences(roleFields(!role.codeIsFixed, { posted, errors }), roleAsTyped(role), posted)
      : null,
    fixedCode: role.codeIsFixed ? role.code : null,
    effect: effect === null ? null : { key: effectKey(effect), lines: effectLines(role, posted, effect) },
  };
  const shown = roleForm(
    model,
    { posted, errors },
    serviceCrumbs({ id: role.serviceId, name: role.serviceName }, role),
    !role.codeIsFixed,
  );
  if (effect !== null) return rejected(shown, typed(posted, 'set') === '' ? 422 : 409);
  return isStale ? rejected(shown, 409) : shown;
}

/** What the new needs mean for what stands with the old ones. */
function effectLines(role: ServiceRole, posted: Posted, effect: NeedsEffect): string[] {
  const { organisations, users, assignments, withUnit, withoutCpr } = effect;
  const withoutUnit = assignments - withUnit;
  const [sor, cpr] = [typed(posted, 'sor') === 'ja', typed(posted, 'cpr') === 'ja'];
  return [
    `${counted(organisations, 'organisation', 'organisationer')} kan tildele rollen, og ${counted(users, 'bruger', 'brugere')} har den (${counted(assignments, 'tildeling', 'tildelinger')}).`,
    ...(sor && !role.needsSor
      ? [
          `${counted(withoutUnit, 'tildeling er', 'tildelinger er')} uden SOR-enhed og bliver, som de er. De kan fjernes eller få en tidligere slutdato, men først udvides, når de har en enhed. Nye tildelinger kræver en enhed.`,
        ]
      : []),
    ...(!sor && role.needsSor
      ? [
          `${counted(withUnit, 'tildeling har', 'tildelinger har')} en SOR-enhed og beholder den. Nye tildelinger får ingen.`,
        ]
      : []),
    ...(cpr && !role.needsCpr
      ? [
          `${counted(withoutCpr, 'bruger', 'brugere')}, der har rollen, havde ikke CPR-nummer i det seneste login. De beholder rollen, men servicen kan afvise dem.`,
        ]
      : []),
    ...(!cpr && role.needsCpr ? ['Rollen kan bruges, også når brugerens login ikke har et CPR-nummer.'] : []),
  ];
}

function roleForm(model: Titled, { posted, errors }: Typed, crumbs: Crumb[], withCode: boolean): Page {
  const choice = (name: string, legend: string, options: [string, string][], hint: string | null = null) => ({
    name,
    legend,
    hint,
    error: errors[name] ?? null,
    options: options.map(([value, label]) => ({ value, label, isChosen: typed(posted, name) === value })),
  });
  const choices = [
    choice('sor', 'Kræver rollen en SOR-enhed?', [
      ['ja', 'Ja, rollen gives ved en enhed'],
      ['nej', 'Nej, ikke relevant for rollen (0)'],
    ]),
    choice(
      'cpr',
      'Kræver rollen CPR-nummer i brugerens login?',
      [
        ['ja', 'Ja'],
        ['nej', 'Nej'],
      ],
      'SEB gemmer ikke CPR-nummeret. Servicen får det fra login.',
    ),
    choice(
      'foelsomhed',
      'Hvor følsomme oplysninger giver rollen adgang til?',
      sensitivities.map((value) => [value, sensitivityNames[value]]),
    ),
  ];
  return form(
    'services/role-form',
    { ...model, choices },
    { posted, errors },
    crumbs,
    roleFields(withCode, { posted, errors }),
  );
}

function roleFields(withCode: boolean, { posted, errors }: Typed): Field[] {
  const look = (name: string, label: string, more: Partial<Parameters<typeof fieldOf>[0]> = {}): Field =>
    fieldOf({ name, label, ...more }, posted, errors);
  return [
    ...(withCode ? [look('kode', 'Kode', { isRequired: true, hint: codeHint })] : []),
    look('navn', 'Navn', { isRequired: true }),
    look('beskrivelse', 'Beskrivelse', { kind: 'text', hint: 'Hvem rollen er til, og hvad den giver adgang til.' }),
    look('synonymer', 'Synonymer', { hint: 'Andre ord, som administratorer søger efter, med komma imellem.' }),
  ];
}

function form(view: string, model: Titled, { errors }: Typed, crumbs: Crumb[], fields: Field[]): Page {
  const shown = page(view, model.title, { ...model, fields, errors: errorList(errors) }, crumbs);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function differences(fields: Field[], saved: Posted, posted: Posted): object[] {
  return fields
    .map(({ name, label }) => ({ label, saved: typed(saved, name), yours: typed(posted, name) }))
    .filter(({ saved: now, yours }) => now !== yours);
}

type Titled = { title: string; [more: string]: unknown };
