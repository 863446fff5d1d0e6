import { z } from 'zod';
import { requiredLine, wholeNumber } from '../http/forms.ts';
import { tooOldPage } from '../organisations/organisation-state.forms.ts';

export const appointFirstForm = z.object({ version: wholeNumber(tooOldPage) });

/** A new administrator against a newly signed agreement: why, and whether the old one is locked. */
export const onAgreementForm = z.object({
  begrundelse: requiredLine('en begrundelse', 500),
  laasgammel: z.literal('ja').optional(),
  version: wholeNumber(tooOldPage),
});
