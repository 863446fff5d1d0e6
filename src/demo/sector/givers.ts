import { administrators, type DemoAdministrator } from './administrators.ts';
import type { DemoUser } from './user.ts';
import { organisationFacts } from './organisations.ts';

/** Who created a user or gave a role. */
export type Giver = { user: string; kind: 'ORGANISATION' | 'USER' };

/**
 * An administrator of the organisation at that time who might do this: not oneself (but where the system owner allows
 * it), and only an organisationsadministrator for somebody who administers. Null where there was nobody yet.
 */
export function giverOf(target: DemoUser, at: string): Giver | null {
  const administers = administrators.some(({ user }) => user === target.key);
  const mightDo = administrators.filter(
    (one) =>
      one.organisation === target.organisation &&
      isInOffice(one, at) &&
      (one.kind === 'ORGANISATION' || (one.kind === 'USER' && !administers)),
  );
  const others = mightDo.filter(({ user }) => user !== target.key);
  const choice =
    others.length > 0 ? others : organisationFacts[target.organisation].selfAssignmentAllowed ? mightDo : [];
  const chosen = choice[lotOf(`${target.key} ${at.slice(0, 10)}`) % choice.length];
  if (chosen === undefined) return null;
  const { user, kind } = chosen;
  return { user, kind: kind === 'ORGANISATION' ? 'ORGANISATION' : 'USER' };
}

/** What is done for somebody on one day is done by one and the same. */
function lotOf(text: string): number {
  return [...text].reduce((lot, letter) => (lot * 31 + letter.charCodeAt(0)) % 9973, 7);
}

/** Administration begins in the morning after the appointment. */
function isInOffice({ from, to, user }: DemoAdministrator, at: string): boolean {
  const day = at.slice(0, 10);
  // Locked and not yet logged in: neither has done anything lately.
  const isAway = user === 'unbound' || (user === 'locked' && day >= '2026-04-13');
  return !isAway && from < day && (to === null || day < to);
}
