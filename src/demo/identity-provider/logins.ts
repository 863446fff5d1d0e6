import { randomUUID } from 'node:crypto';
import type { DemoProvider } from '../demo-people.ts';
import type { KnownService } from './authn-request.ts';
import type { LoginClaims } from './login-claims.ts';

/** Somebody who is logged in to a service through one of the providers. */
export type Login = {
  id: string;
  providerId: DemoProvider['id'];
  service: KnownService;
  personUuid: string;
  personName: string;
  nameId: string;
  sessionIndex: string;
  /** Whether the service is told, when it asks, that not everything could be ended. */
  endsPartly: boolean;
};

const MOST_LOGINS = 200;

export type Logins = ReturnType<typeof loginsInMemory>;

/** Who is logged in, as long as the test identity provider runs; the oldest are forgotten first. */
export function loginsInMemory() {
  let logins: Login[] = [];
  return {
    add(login: Omit<Login, 'id' | 'endsPartly' | 'personUuid' | 'personName'>, claims: LoginClaims): void {
      const personName = `${claims.firstName} ${claims.lastName}`;
      const added = { ...login, id: randomUUID(), personUuid: claims.uuid, personName, endsPartly: false };
      // Without cookies it cannot tell browsers apart: a new login to the same service takes the old one's place.
      const others = logins.filter((one) => !(one.service === login.service && isSamePerson(one, added)));
      logins = [...others, added].slice(-MOST_LOGINS);
    },
    all: (): readonly Login[] => logins,
    find: (id: unknown): Login | null => logins.find((login) => login.id === id) ?? null,
    /** The logins of one person at one provider, which end together. */
    ofPerson: (login: Login): Login[] => logins.filter((one) => isSamePerson(one, login)),
    remove(ended: readonly Login[]): void {
      logins = logins.filter((login) => !ended.includes(login));
    },
  };
}

function isSamePerson(one: Login, other: Login): boolean {
  return one.providerId === other.providerId && one.personUuid === other.personUuid;
}
