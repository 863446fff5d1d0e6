import { randomBytes } from 'node:crypto';
import { namespace } from '../../sign-in/saml/names.ts';
import type { XmlElement } from '../../sign-in/saml/xml-tree.ts';
import { childrenNamed, onlyChild } from '../../sign-in/saml/xml-tree.ts';
import { UnusableRequest } from './authn-request.ts';
import type { Issuer } from './login-answer.ts';
import type { Login, Logins } from './logins.ts';
import type { Requester, ServiceMessage } from './logout-messages.ts';
import { isSuccess, logoutAnswerTo, logoutRequestTo } from './logout-messages.ts';

/** One person's logging off everywhere: service after service, and last the one that asked. */
type Round = { remaining: Login[]; requester: Requester | null; isPartial: boolean };

/** Where the browser goes next; `done` when nobody waits for an answer. */
export type NextStep =
  | { step: 'service'; name: string; address: string }
  | { step: 'answer'; address: string }
  | { step: 'done'; isPartial: boolean };

const MOST_ROUNDS = 100;

export type LogoutRounds = ReturnType<typeof logoutRounds>;

export function logoutRounds(logins: Logins) {
  const rounds = new Map<string, Round>();

  function next(id: string, round: Round, issuer: Issuer): NextStep {
    const login = round.remaining.shift();
    if (login !== undefined) {
      rounds.set(id, round);
      for (const oldest of [...rounds.keys()].slice(0, -MOST_ROUNDS)) rounds.delete(oldest);
      return { step: 'service', name: login.service.name, address: logoutRequestTo(login, issuer, id) };
    }
    rounds.delete(id);
    if (round.requester === null) return { step: 'done', isPartial: round.isPartial };
    const outcome = round.isPartial ? 'partial' : 'complete';
    return { step: 'answer', address: logoutAnswerTo(round.requester, issuer, outcome) };
  }

  return {
    /** Begun here: all services of the person are asked. */
    begin(login: Login, issuer: Issuer): NextStep {
      const remaining = logins.ofPerson(login);
      logins.remove(remaining);
      return next(newId(), { remaining, requester: null, isPartial: false }, issuer);
    },
    /** Begun by a service, which has ended its own session already: the others are asked, then it is answered. */
    answer({ redirect, element, service }: ServiceMessage, issuer: Issuer, providerId: Login['providerId']): NextStep {
      const own = loginsNamed(logins, element, { service, providerId });
      const all = own.flatMap((login) => logins.ofPerson(login));
      logins.remove(all);
      const requester = {
        service,
        requestId: element.attributes.get('ID') ?? '',
        relayState: redirect.relayState,
      };
      const remaining = [...new Set(all)].filter((login) => !own.includes(login));
      return next(newId(), { remaining, requester, isPartial: own.some(({ endsPartly }) => endsPartly) }, issuer);
    },
    /** A service answered; the one that does not say Success makes the whole a partial logout. */
    proceed({ redirect, element }: ServiceMessage, issuer: Issuer): NextStep {
      const id = redirect.relayState ?? '';
      const round = rounds.get(id);
      if (!round) throw new UnusableRequest('Der er ikke gang i at logge af hos loginudbyderen.');
      return next(id, { ...round, isPartial: round.isPartial || !isSuccess(element) }, issuer);
    },
  };
}

function newId(): string {
  return randomBytes(16).toString('base64url');
}

function loginsNamed(
  logins: Logins,
  request: XmlElement,
  { service, providerId }: Pick<Login, 'service' | 'providerId'>,
): Login[] {
  const nameId = onlyChild(request, namespace.assertion, 'NameID')?.text.trim();
  const indexes = childrenNamed(request, namespace.protocol, 'SessionIndex').map(({ text }) => text.trim());
  return logins
    .all()
    .filter((login) => login.providerId === providerId && login.service.entityId === service.entityId)
    .filter((login) => login.nameId === nameId)
    .filter(({ sessionIndex }) => indexes.length === 0 || indexes.includes(sessionIndex));
}
