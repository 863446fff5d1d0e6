import type { Parties } from '../hostile/parties.ts';
import type { Forgery } from '../login-answer.ts';
import type { LoginClaims } from '../login-claims.ts';

/** What the provider answers in place of an ordinary login. */
export type Outcome =
  | { kind: 'login'; claims?: (claims: LoginClaims) => LoginClaims; forgery?: () => Forgery }
  | { kind: 'status'; status: string }
  /** A case of the hostile ones, by the beginning of its rule and its name. */
  | { kind: 'hostile'; rule: string; name: string }
  | { kind: 'forged'; forgery: (parties: Parties) => Forgery }
  /** The very answer that was given last. */
  | { kind: 'again' };

/** A login that is not as it should be: other claims, a forgery, or no login at all. */
export type AwkwardCase = {
  id: string;
  label: string;
  explanation: string;
  /** Whether it is the login of the person chosen, or stands alone. */
  about: 'person' | 'other';
  outcome: Outcome;
};

export type CaseGroup = { id: string; title: string; cases: AwkwardCase[] };

type Words = Pick<AwkwardCase, 'id' | 'label' | 'explanation'>;

export const login = (words: Words, how: Omit<Extract<Outcome, { kind: 'login' }>, 'kind'>): AwkwardCase => ({
  ...words,
  about: 'person',
  outcome: { kind: 'login', ...how },
});

export const hostile = (words: Words, rule: string, name: string): AwkwardCase => ({
  ...words,
  about: 'person',
  outcome: { kind: 'hostile', rule, name },
});
