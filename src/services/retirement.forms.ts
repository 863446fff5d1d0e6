import { z } from 'zod';
import { danishDate, optionalLine, requiredLine, wholeNumber } from '../http/forms.ts';
import { tooOldPage } from '../users/user-lock.forms.ts';

/** Udfas: the day, the successor by its code, why, and the figures that were shown. */
export const retirementForm = z.object({
  dag: danishDate('dagen').pipe(z.string('Skriv dagen som dd-mm-åååå, fx 31-12-2026')),
  afloeser: optionalLine('afløser', 201),
  begrundelse: requiredLine('en begrundelse', 500),
  version: wholeNumber(tooOldPage),
  organisationer: wholeNumber(tooOldPage),
  brugere: wholeNumber(tooOldPage),
});
