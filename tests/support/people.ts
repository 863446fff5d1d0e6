import { demoPeople } from '../../src/demo/demo-people.ts';
import type { DemoPerson } from '../../src/demo/demo-people.ts';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import { claimsOf } from '../../src/demo/identity-provider/login-claims.ts';

export function claimsOfPerson(key: string): LoginClaims {
  return claimsOf(personOf(key), 'Substantial', 'nemlog-in');
}

export function personOf(key: string): DemoPerson {
  const person = demoPeople.find((one) => one.key === key);
  if (person === undefined) throw new Error(`Nobody in the demo sector is ${key}`);
  return person;
}
