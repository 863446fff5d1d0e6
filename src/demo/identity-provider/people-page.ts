import { demoPeople, demoProviders } from '../demo-people.ts';
import type { DemoPerson, DemoProvider } from '../demo-people.ts';
import { caseGroups } from './awkward/groups.ts';

/** The people whom a provider may sign in: NemLog-in knows everybody, a local provider its own organisation. */
export function peopleOf(provider: DemoProvider): DemoPerson[] {
  const { cvrs } = provider;
  return cvrs === 'all' ? demoPeople : demoPeople.filter(({ cvr }) => cvrs.includes(cvr));
}

export function findProvider(id: unknown): DemoProvider | null {
  return demoProviders.find((provider) => provider.id === id) ?? null;
}

/** The page on which a person is chosen; `request` is the query that the service sent, carried along unchanged. */
export function peoplePage(provider: DemoProvider, serviceName: string, request: string, query: string) {
  const people = peopleOf(provider);
  return {
    title: provider.name,
    serviceName,
    request,
    query,
    ssoPath: `/${provider.id}/sso`,
    loginPath: `/${provider.id}/login`,
    groups: groupsOf(people.filter((person) => matches(person, query))),
    options: people.map((person) => ({ key: person.key, name: `${fullName(person)}, ${person.organisationName}` })),
    caseGroups,
  };
}

function groupsOf(people: DemoPerson[]) {
  const groups = Map.groupBy(people, ({ organisationName }) => organisationName);
  return [...groups].map(([name, members]) => ({
    name: `${name}, CVR ${members[0]?.cvr}`,
    people: members.map((person) => ({
      key: person.key,
      name: fullName(person),
      role: person.roleInSeb,
      note: person.note ?? '',
    })),
  }));
}

function matches(person: DemoPerson, query: string): boolean {
  const text = folded(`${fullName(person)} ${person.organisationName} ${person.roleInSeb} ${person.cvr} ${person.rid}`);
  return folded(query)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function fullName({ firstName, lastName }: DemoPerson): string {
  return `${firstName} ${lastName}`;
}

function folded(text: string): string {
  return text.normalize('NFC').toLocaleLowerCase('da').trim();
}
