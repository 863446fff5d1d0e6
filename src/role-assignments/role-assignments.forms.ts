import { z } from 'zod';
import { danishDate, ids, oneOf, optionalLine, optionalText, wholeNumber } from '../http/forms.ts';
import { sorCodes } from './placements.ts';

const mostRoles = 100;

export const scopeField = oneOf(['UNIT_AND_SUBUNITS', 'UNIT_ONLY'], 'Vælg et omfang').optional();

/** Why something is done; kept in the log. */
export const reasonFields = {
  begrundelse: optionalText('begrundelse', 500),
  sagsnummer: optionalLine('sagsnummer', 100),
};

/** Tildel roller: what to give; who gets it stands in the URL. */
export const assignForm = z.object({
  tildelservice: wholeNumber('Vælg en service'),
  rolle: ids('Vælg roller på listen', mostRoles).refine((list) => list.length > 0, 'Vælg mindst én rolle'),
  sor: sorCodes,
  omfang: scopeField,
  startdato: danishDate('startdatoen'),
  slutdato: danishDate('slutdatoen'),
  ...reasonFields,
});

export type AssignInput = z.output<typeof assignForm>;

/** Rediger brugerroller: which assignments to take away. */
export const withdrawForm = z.object({
  tildeling: ids('Vælg roller på listen', 500).refine(
    (list) => list.length > 0,
    'Vælg mindst én rolle, der skal fjernes',
  ),
});
