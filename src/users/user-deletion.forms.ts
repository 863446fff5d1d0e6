import { z } from 'zod';
import { optionalLine, requiredLine, wholeNumber } from '../http/forms.ts';
import { tooOldPage } from './user-lock.forms.ts';

/** Slet: why, and what was seen; `adgange` is the mark of the roles that the page listed. */
export const deleteForm = z.object({
  begrundelse: optionalLine('begrundelse', 500),
  version: wholeNumber(tooOldPage),
  adgange: requiredLine('sidens mærke', 16),
});
