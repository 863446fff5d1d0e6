import { z } from 'zod';
import { ids, oneOf, optionalLine, optionalText, wholeNumber } from '../http/forms.ts';

const mostRoles = 100;

/** Tildel roller: what to give; who gets it stands in the URL. */
export const assignForm = z.object({
  tildelservice: wholeNumber('Vælg en service'),
  rolle: ids('Vælg roller på listen', mostRoles).refine((list) => list.length > 0, 'Vælg mindst én rolle'),
  sor: optionalLine('SOR-kode', 18),
  omfang: oneOf(['UNIT_AND_SUBUNITS', 'UNIT_ONLY'], 'Vælg et omfang').optional(),
  begrundelse: optionalText('begrundelse', 500),
  sagsnummer: optionalLine('sagsnummer', 100),
});

export type AssignInput = z.output<typeof assignForm>;

/** Rediger brugerroller: which assignments to take away. */
export const withdrawForm = z.object({
  tildeling: ids('Vælg roller på listen', 500).refine(
    (list) => list.length > 0,
    'Vælg mindst én rolle, der skal fjernes',
  ),
});
