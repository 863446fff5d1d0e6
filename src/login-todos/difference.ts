import type { DifferenceFacts } from '../todos/todo.ts';
import type { UserInput } from '../users/user.ts';

/** What a login may tell otherwise than SEB, by the name of its tick box. */
export const toldFields = { fornavn: 'firstName', efternavn: 'lastName', email: 'email' } as const;
export type ToldField = keyof typeof toldFields;

export type FieldDifference = { field: ToldField; inSeb: string; inLogin: string };

/** Field by field, as the user is now: what was corrected meanwhile is no difference any longer. */
export function differencesNow(
  { firstName, lastName, email }: Pick<DifferenceFacts, 'firstName' | 'lastName' | 'email'>,
  user: Pick<UserInput, 'firstName' | 'lastName' | 'email'>,
): FieldDifference[] {
  const told: Record<ToldField, string | null> = { fornavn: firstName, efternavn: lastName, email };
  return (Object.keys(toldFields) as ToldField[]).flatMap((field) => {
    const inLogin = told[field] ?? '';
    const inSeb = user[toldFields[field]];
    return inLogin === '' || inLogin === inSeb ? [] : [{ field, inSeb, inLogin }];
  });
}
