import { z } from 'zod';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { danishDate, ids, oneOf, optionalLine, wholeNumber } from '../http/forms.ts';
import { danishDay } from '../shared/dates.ts';
import { faultsOfPeriod } from '../role-assignments/period.ts';
import { tooOldPage } from '../users/user-lock.forms.ts';
import type { Administrator, Terms } from './administrator.ts';

const kindField = oneOf(['ORGANISATION', 'USER', 'READ_ONLY'], 'Vælg, hvilken slags administrator det skal være');

/** Tilføj de valgte brugere: who, to which kind, and from–to where wanted. */
export const appointForm = z.object({
  bruger: ids('Vælg brugere på listen', 50).refine((list) => list.length > 0, 'Vælg mindst én bruger på listen'),
  slags: kindField,
  startdato: danishDate('startdatoen'),
  slutdato: danishDate('slutdatoen'),
});

/** Fjern valgte. */
export const removeForm = z.object({
  administrator: ids('Vælg administratorer på listen', 500).refine(
    (list) => list.length > 0,
    'Vælg mindst én administrator, der skal fjernes',
  ),
});

/** Rediger administrator. */
export const termsForm = z.object({
  slags: kindField,
  omraade: optionalLine('SEB Ansvarsområde', 200),
  begraens: oneOf(['alle', 'valgte'], 'Vælg, hvilke services administratoren har ansvar for').optional(),
  service: ids('Vælg services på listen', 500),
  startdato: danishDate('startdatoen'),
  slutdato: danishDate('slutdatoen'),
  version: wholeNumber(tooOldPage),
});
type TermsInput = z.output<typeof termsForm>;

/** Vikar: who, and from–to. */
export const substituteForm = z.object({
  vikar: wholeNumber('Vælg, hvem der skal være vikar'),
  startdato: danishDate('startdatoen'),
  slutdato: danishDate('slutdatoen').pipe(
    z.string('Skriv slutdatoen som dd-mm-åååå. En vikar har altid en sidste dag'),
  ),
});

/** The administrator's terms as if they had just been typed. */
export function asTyped({ kind, area, services, startsOn, endsOn, version }: Administrator): Posted {
  return {
    slags: kind,
    omraade: area ?? '',
    begraens: services === null ? 'alle' : 'valgte',
    service: services?.map((service) => String(service.id)) ?? [],
    startdato: danishDay(startsOn),
    slutdato: endsOn === null ? '' : danishDay(endsOn),
    version: String(version),
  };
}

/** The terms that the form asks for; a start that has passed is no field and stays, and only a brugeradministrator is limited. */
export function termsAsked(before: Administrator, input: TermsInput, today: string): Terms {
  const isLimited = input.slags === 'USER' && input.begraens === 'valgte';
  return {
    kind: input.slags,
    area: input.omraade,
    serviceIds: isLimited ? input.service : null,
    startsOn: before.hasBegun ? before.startsOn : (input.startdato ?? today),
    endsOn: input.slutdato,
  };
}

/** Services ticked for one who answers for all of them: neither the tick nor "Alle services" is dropped without a word. */
export function faultsOfLimit({ services }: Administrator, input: TermsInput): FieldErrors {
  const isUnclear = services === null && input.begraens === 'alle' && input.service.length > 0;
  return isUnclear && input.slags === 'USER'
    ? { begraens: 'Du har sat flueben ved services. Vælg “Kun de services, jeg vælger her”, eller fjern fluebenene' }
    : {};
}

export function faultsOfTerms(before: Administrator, terms: Terms, today: string): FieldErrors {
  const start = before.hasBegun ? null : terms.startsOn;
  const isSameStop = terms.endsOn === before.endsOn && start === null;
  return {
    ...(terms.serviceIds?.length === 0 ? { service: 'Vælg mindst én service, eller vælg “Alle services”' } : {}),
    ...faultsOfPeriod({ start, stop: isSameStop ? null : terms.endsOn }, today),
  };
}
