import { z } from 'zod';
import { optionalLine, requiredLine, wholeNumber } from '../http/forms.ts';

const tooOld = 'Siden er for gammel. Åbn den igen, og prøv derfra';

/** Nødspær: the case, why, and which version of the user was seen. */
export const emergencyLockForm = z.object({
  sagsnummer: requiredLine('sagsnummeret', 100),
  begrundelse: requiredLine('en begrundelse', 500),
  version: wholeNumber(tooOld),
});

/** Which emergency lock, and as it was seen. */
const seen = { spaerring: wholeNumber(tooOld), version: wholeNumber(tooOld) };

export const confirmLockForm = z.object({ ...seen, begrundelse: optionalLine('begrundelse', 500) });
export const liftLockForm = z.object({ ...seen, begrundelse: requiredLine('en begrundelse', 500) });
