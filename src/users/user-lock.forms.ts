import { z } from 'zod';
import { danishDate, oneOf, requiredLine, wholeNumber } from '../http/forms.ts';

export const tooOldPage = 'Siden er for gammel. Åbn den igen, og skriv ændringen der';

/** Spær: when, until when and why, and which version of the user was seen. */
export const lockForm = z.object({
  start: oneOf(['nu', 'dato'], 'Vælg, hvornår spærringen begynder'),
  fra: danishDate('første dag'),
  til: danishDate('sidste dag'),
  begrundelse: requiredLine('en begrundelse', 500),
  version: wholeNumber(tooOldPage),
});

/** Lås op, and other confirmations: only which version of the user was seen. */
export const confirmForm = z.object({ version: wholeNumber(tooOldPage) });
