import { z } from 'zod';
import { requiredLine, wholeNumber } from '../http/forms.ts';

export const tooOldPage = 'Siden er for gammel. Åbn den igen, og skriv ændringen der';

/** Closing, reopening, switching self-assignment: why, and which version of the organisation was seen. */
export const reasonForm = z.object({
  begrundelse: requiredLine('en begrundelse', 500),
  version: wholeNumber(tooOldPage),
});
