import { z } from 'zod';
import { danishDate, oneOf, optionalLine, requiredLine, wholeNumber } from '../http/forms.ts';
import { tooOldPage } from '../users/user-lock.forms.ts';

/** Giv rettigheder: why, and how many the preview showed. */
export const grantForm = z.object({
  begrundelse: optionalLine('begrundelse', 500),
  rettigheder: wholeNumber(tooOldPage),
});

/** Træk rettigheder tilbage: when users lose what they have, why, and what the preview showed. */
export const withdrawRightsForm = z
  .object({
    hvornaar: oneOf(['straks', 'dato'], 'Vælg, hvornår tildelingerne slutter'),
    dag: danishDate('sidste dag'),
    begrundelse: requiredLine('en begrundelse', 500),
    rettigheder: wholeNumber(tooOldPage),
    tildelinger: wholeNumber(tooOldPage),
  })
  .refine(({ hvornaar, dag }) => hvornaar === 'straks' || dag !== null, {
    path: ['dag'],
    message: 'Skriv sidste dag som dd-mm-åååå, fx 31-12-2026',
  });
