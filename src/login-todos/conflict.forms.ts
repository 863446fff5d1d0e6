import { z } from 'zod';
import { oneOf, optionalLine, wholeNumber } from '../http/forms.ts';
import { tooOldPage } from '../users/user-lock.forms.ts';
import { decisions } from './conflict.ts';

/** Empty for a user who is gone. */
const version = z.preprocess((value) => (value === '' ? undefined : value), wholeNumber(tooOldPage).optional());

/** How a login that belongs to two users is decided, and which versions of the users were seen. */
export const conflictForm = z
  .object({
    afgoerelse: oneOf(decisions, 'Vælg, hvem loginet tilhører, eller afvis det'),
    rid: optionalLine('RID-nummer', 64),
    ridVersion: version,
    uuidVersion: version,
  })
  .refine(({ afgoerelse, rid }) => afgoerelse !== 'rid' || rid !== null, {
    path: ['rid'],
    message: 'Skriv det RID-nummer, som brugeren skal have i stedet',
  });

export type ConflictInput = z.output<typeof conflictForm>;
