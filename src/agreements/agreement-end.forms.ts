import { z } from 'zod';
import { danishDate, requiredLine, wholeNumber } from '../http/forms.ts';
import { tooOldPage } from '../organisations/organisation-state.forms.ts';

/** Afslut aftalen: its last day and why. */
export const endForm = z.object({
  dag: danishDate('sidste dag').pipe(z.string('Skriv sidste dag som dd-mm-åååå, fx 31-12-2026')),
  begrundelse: requiredLine('en begrundelse', 500),
  version: wholeNumber(tooOldPage),
});
