import { z } from 'zod';
import { optionalText, wholeNumber } from '../http/forms.ts';
import { tooOldPage } from '../organisations/organisation-state.forms.ts';

/** A draft of the terms; `version` 0 = there was none. */
export const draftForm = z.object({
  aendringer: optionalText('hvad der er nyt', 2000).pipe(z.string('Skriv, hvad der er nyt i denne udgave')),
  tekst: optionalText('aftaletekst', 50_000).pipe(z.string('Skriv aftaleteksten')),
  version: wholeNumber(tooOldPage),
});

export const publishForm = z.object({ version: wholeNumber(tooOldPage) });

/** Accepting the terms: which version was read, and that it was. */
export const acceptForm = z.object({
  tekst: wholeNumber(tooOldPage),
  accepterer: z.literal('ja', 'Sæt kryds ved, at du accepterer på organisationens vegne'),
});
