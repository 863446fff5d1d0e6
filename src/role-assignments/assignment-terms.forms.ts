import { z } from 'zod';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { danishDate, optionalLine, wholeNumber } from '../http/forms.ts';
import { danishDay } from '../shared/dates.ts';
import type { AssignmentScope } from './assignment.ts';
import type { Assignment } from './assignment-terms.queries.ts';
import { faultsOfPeriod } from './period.ts';
import { reasonFields, scopeField } from './role-assignments.forms.ts';

/** Ret tildeling: where, how far and from when to when; the role itself and its user stay. */
export const termsForm = z.object({
  sor: optionalLine('SOR-kode', 18),
  omfang: scopeField,
  startdato: danishDate('startdatoen'),
  slutdato: danishDate('slutdatoen'),
  version: wholeNumber('Siden er for gammel. Åbn den igen, og skriv ændringen der'),
  ...reasonFields,
});
export type TermsInput = z.output<typeof termsForm>;

/** What an assignment is after editing; days as yyyy-mm-dd. */
export type Terms = { sorCode: string | null; scope: AssignmentScope; startsOn: string; endsOn: string | null };

/** The assignment as if its terms had just been typed. */
export function asTyped(assignment: Assignment): Posted {
  return {
    sor: assignment.sorCode ?? '',
    omfang: assignment.scope,
    startdato: danishDay(assignment.startsOn),
    slutdato: assignment.endsOn === null ? '' : danishDay(assignment.endsOn),
    version: String(assignment.version),
  };
}

/** The terms that the form asks for; a start that has passed is no field and stays. */
export function termsOf(assignment: Assignment, input: TermsInput, today: string): Terms {
  return {
    sorCode: assignment.needsSor ? input.sor : null,
    scope: assignment.needsSor ? (input.omfang ?? assignment.scope) : 'UNIT_AND_SUBUNITS',
    startsOn: assignment.hasBegun ? assignment.startsOn : (input.startdato ?? today),
    endsOn: input.slutdato,
  };
}

/** What is wrong with the terms besides their unit, which the database knows. */
export function faultsOfTerms(assignment: Assignment, terms: Terms, input: TermsInput, today: string): FieldErrors {
  const start = assignment.hasBegun ? null : terms.startsOn;
  const isSameStop = terms.endsOn === assignment.endsOn;
  return {
    ...(assignment.needsSor && terms.sorCode === null ? { sor: 'Vælg en SOR-enhed. Rollen kræver det' } : {}),
    ...(assignment.needsSor && input.omfang === undefined
      ? { omfang: 'Vælg, om rollen også gælder underenheder' }
      : {}),
    ...faultsOfPeriod({ start, stop: isSameStop && start === null ? null : terms.endsOn }, today),
  };
}

export function isSame(assignment: Assignment, terms: Terms): boolean {
  return (
    assignment.sorCode === terms.sorCode &&
    assignment.scope === terms.scope &&
    assignment.startsOn === terms.startsOn &&
    assignment.endsOn === terms.endsOn
  );
}

/** Whether something is given that was not there before; taking away is possible for roles that cannot be given, too. */
export function isWider(assignment: Assignment, terms: Terms): boolean {
  return (
    assignment.sorCode !== terms.sorCode ||
    (assignment.scope !== terms.scope && terms.scope === 'UNIT_AND_SUBUNITS') ||
    terms.startsOn < assignment.startsOn ||
    (assignment.endsOn !== null && (terms.endsOn === null || terms.endsOn > assignment.endsOn))
  );
}
