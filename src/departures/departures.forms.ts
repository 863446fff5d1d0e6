import { z } from 'zod';
import { danishDate, requiredLine, wholeNumber } from '../http/forms.ts';
import { tooOldPage } from '../users/user-lock.forms.ts';

const needsDay = 'Skriv sidste arbejdsdag som dd-mm-åååå, fx 31-12-2026';

/** Fratrædelse: the last working day and why; `version` is that of the departure that was seen, 0 = none. */
export const departureForm = z.object({
  dag: danishDate('sidste arbejdsdag').pipe(z.string(needsDay)),
  begrundelse: requiredLine('en begrundelse', 500),
  version: wholeNumber(tooOldPage),
});
