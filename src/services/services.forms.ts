import { z } from 'zod';
import { emailAddress, oneOf, optionalLine, optionalText, requiredLine, wholeNumber } from '../http/forms.ts';
import type { Posted } from '../http/forms.ts';
import { tooOldPage } from '../users/user-lock.forms.ts';
import type { Service, ServiceRole } from './service.ts';
import { linkIn, sensitivities } from './service.ts';

// A code stands in what the services are told ("nspPlejeAssR3_0_3") and in addresses: letters and digits, - _ and . only.
const code = requiredLine('en kode', 100).refine(
  (value) => /^[\p{L}\d][\p{L}\d._-]*$/u.test(value),
  'Skriv koden med bogstaver, tal, bindestreg, understreg og punktum, fx fut-klassisk',
);
const version = wholeNumber(tooOldPage);

const optionalEmail = optionalLine('e-mailadresse', 254).refine(
  (value) => value === null || emailAddress('e-mailadresse').safeParse(value).success,
  'Skriv e-mailadressen som navn@eksempel.dk',
);

const links = optionalText('links', 3000)
  .transform((value) => (value ?? '').split('\n').filter((line) => line.trim() !== ''))
  .refine((lines) => lines.every((line) => linkIn(line) !== null), {
    message: 'Skriv hvert link på sin egen linje som navn: https://…, fx Vejledninger: https://eksempel.dk',
  })
  .refine((lines) => lines.length <= 5, { message: 'Skriv højst 5 links' })
  .transform((lines) =>
    lines.map((line) => linkIn(line)).flatMap((link) => (link ? [`${link.label}: ${link.url}`] : [])),
  );

const serviceFields = {
  navn: requiredLine('servicens navn', 200),
  ejer: requiredLine('servicens ejer', 200),
  beskrivelse: optionalText('beskrivelse', 2000),
  supportnavn: optionalLine('supportens navn', 200),
  supporttelefon: optionalLine('supportens telefon', 40),
  supportmail: optionalEmail,
  supportlinks: links,
};

export const createServiceForm = z.object({ kode: code, ...serviceFields });
export const editServiceForm = z.object({ kode: code.optional(), ...serviceFields, version });

const synonyms = optionalText('synonymer', 3000)
  .transform((value) => [
    ...new Set(
      (value ?? '')
        .split(/[\n,;]/)
        .map((one) => one.trim())
        .filter(Boolean),
    ),
  ])
  .refine((list) => list.length <= 50, { message: 'Skriv højst 50 synonymer' })
  .refine((list) => list.every((one) => one.length <= 100), { message: 'Et synonym må højst fylde 100 tegn' });

const yesNo = (question: string) => oneOf(['ja', 'nej'], question).transform((answer) => answer === 'ja');

const roleFields = {
  navn: requiredLine('rollens navn', 200),
  beskrivelse: optionalText('beskrivelse', 2000),
  synonymer: synonyms,
  sor: yesNo('Vælg, om rollen kræver en SOR-enhed'),
  cpr: yesNo('Vælg, om rollen kræver CPR-nummer i brugerens login'),
  foelsomhed: oneOf(sensitivities, 'Vælg, hvor følsomme oplysninger rollen giver adgang til'),
};

export const createRoleForm = z.object({ kode: code, ...roleFields });
/** `set`: the figures of use that were shown before a role in use gets other needs. */
export const editRoleForm = z.object({
  kode: code.optional(),
  ...roleFields,
  version,
  set: optionalLine('figures', 100),
});

export function serviceInputOf(form: z.output<typeof editServiceForm> | z.output<typeof createServiceForm>) {
  return {
    name: form.navn,
    owner: form.ejer,
    description: form.beskrivelse ?? '',
    supportName: form.supportnavn,
    supportPhone: form.supporttelefon,
    supportEmail: form.supportmail,
    supportLinks: form.supportlinks,
  };
}

export function roleInputOf(form: z.output<typeof editRoleForm> | z.output<typeof createRoleForm>) {
  return {
    name: form.navn,
    description: form.beskrivelse ?? '',
    synonyms: form.synonymer,
    needsSor: form.sor,
    needsCpr: form.cpr,
    sensitivity: form.foelsomhed,
  };
}

/** The service as if it had just been typed. */
export function serviceAsTyped(service: Service): Posted {
  return {
    kode: service.code,
    navn: service.name,
    ejer: service.owner,
    beskrivelse: service.description,
    supportnavn: service.supportName ?? '',
    supporttelefon: service.supportPhone ?? '',
    supportmail: service.supportEmail ?? '',
    supportlinks: service.supportLinks.join('\n'),
    version: String(service.version),
  };
}

export function roleAsTyped(role: ServiceRole): Posted {
  return {
    kode: role.code,
    navn: role.name,
    beskrivelse: role.description,
    synonymer: role.synonyms.join(', '),
    sor: role.needsSor ? 'ja' : 'nej',
    cpr: role.needsCpr ? 'ja' : 'nej',
    foelsomhed: role.sensitivity,
    version: String(role.version),
  };
}
