import { describe, expect, it } from 'vitest';
import type { Actor, AdministratorKind, SystemRoleKind } from '../../src/permissions/actor.ts';
import type { Target } from '../../src/permissions/can.ts';
import { can, decide, ensureCan, kindsOf } from '../../src/permissions/can.ts';
import { refusalOf } from '../../src/permissions/conditions.ts';
import type { Action, ActorKind, Cell } from '../../src/permissions/rules.ts';
import { actions, actorKinds, isAction, rules } from '../../src/permissions/rules.ts';
import { mayEver, scope } from '../../src/permissions/scope.ts';
import { sebadminRoutes } from '../../src/portals/sebadmin.ts';
import { sebanmodRoutes } from '../../src/portals/sebanmod.ts';
import { Forbidden, NotFound } from '../../src/shared/errors.ts';

/** What is asked of people; the rest (login, status, statements) is for everyone and asks nobody. */
const askedActions = actions.filter((action) => rules[action].anyone.reach === 'none');

const here = 1;
const elsewhere = 2;
const own = 10;

function actorWith(held: { kind?: AdministratorKind; system?: SystemRoleKind; home?: number }): Actor {
  return {
    userId: own,
    firstName: 'Åse',
    lastName: 'Østergård',
    email: 'aase@region.example',
    username: 'asos100001',
    organisationId: held.home ?? here,
    organisationName: 'Region Eksempel',
    cvr: '39910012',
    sessionEpoch: 0,
    isActive: true,
    systemRoles: held.system === undefined ? [] : [held.system],
    administrations:
      held.kind === undefined
        ? []
        : [{ organisationId: here, cvr: '39910012', name: 'Region Eksempel', kind: held.kind, serviceIds: null }],
  };
}

/** One actor of each kind that signs in, at home in another organisation, so that no cell of `user` helps. */
const actors: Partial<Record<ActorKind, Actor>> = {
  systemOwner: actorWith({ system: 'SYSTEM_OWNER', home: 3 }),
  servicedesk: actorWith({ system: 'SERVICEDESK', home: 3 }),
  organisationAdministrator: actorWith({ kind: 'ORGANISATION', home: 3 }),
  userAdministrator: actorWith({ kind: 'USER', home: 3 }),
  readOnlyAdministrator: actorWith({ kind: 'READ_ONLY', home: 3 }),
  user: actorWith({}),
};
const another: Target = { organisationId: here, user: { id: 99, isAdministrator: false } };
const oneself: Target = { organisationId: here, user: { id: own, isAdministrator: true } };

it('prints the whole table for review', () => {
  const lines = actions.map(
    (action) =>
      `${action}: ${actorKinds
        .map((kind) => printed(kind, rules[action][kind]))
        .filter(Boolean)
        .join(' · ')}`,
  );
  expect(lines.join('\n')).toMatchSnapshot();
});

function printed(kind: ActorKind, { reach, conditions, limit }: Cell): string {
  if (reach === 'none') return '';
  return `${kind}=${[reach, ...conditions, ...(limit === null ? [] : [`(${limit})`])].join(' ')}`;
}

describe.each(Object.entries(actors) as [ActorKind, Actor][])('%s', (kind, actor) => {
  it.each(askedActions)('may %s exactly as its cell says', (action) => {
    const { reach, conditions }: Cell = rules[action][kind];
    expect(can(actor, action, another)).toBe(
      reach === 'all' || (reach === 'organisation' && refusalOf(conditions, actor, another) === null),
    );
    expect(can(actor, action, oneself)).toBe(
      ['all', 'organisation', 'self'].includes(reach) && refusalOf(conditions, actor, oneself) === null,
    );
    expect(can(actor, action, { ...another, organisationId: elsewhere })).toBe(
      reach === 'all' && refusalOf(conditions, actor, another) === null,
    );
  });

  it.each(askedActions)('lists for %s what it may open, and nothing else', (action) => {
    const listed = scope(actor, action);
    for (const organisationId of [here, elsewhere, 3]) {
      const isListed = listed === 'all' || listed.includes(organisationId);
      const opens = can(actor, action, { organisationId, user: { id: 99, isAdministrator: false } });
      expect([organisationId, isListed]).toEqual([organisationId, opens]);
      expect(mayEver(actor, action, organisationId)).toBe(opens);
    }
  });
});

it('never lets the system owner act for an organisation without the emergency page', () => {
  const emergencies = actions.filter((action) => rules[action].systemOwner.reach === 'emergency');
  expect(emergencies).toEqual(['user.create', 'user.edit', 'user.lock', 'user.unlock', 'user.delete', 'role.withdraw']);
  const owner = actors.systemOwner;
  for (const action of emergencies) expect(owner && can(owner, action, another)).toBe(false);
});

it('gives a person with several roles the widest reach, and the conditions of none of the others', () => {
  const both = { ...actorWith({ kind: 'USER' }), systemRoles: ['SERVICEDESK' as const] };
  expect(kindsOf(both, here)).toEqual(['userAdministrator', 'servicedesk', 'user']);
  expect(kindsOf(both, elsewhere)).toEqual(['servicedesk']);
  expect(can(both, 'report.organisations', { organisationId: here })).toBe(true);
  expect(can(both, 'role.assign', another)).toBe(true);
});

describe('the conditions', () => {
  const userAdministrator = actorWith({ kind: 'USER' });
  const organisationAdministrator = actorWith({ kind: 'ORGANISATION' });
  const administrator: Target = { organisationId: here, user: { id: 98, isAdministrator: true } };

  it.each<[Action, Actor, Target, boolean]>([
    ['user.edit', userAdministrator, another, true],
    ['user.edit', userAdministrator, administrator, false],
    ['user.edit', userAdministrator, oneself, false],
    ['user.edit', organisationAdministrator, administrator, true],
    ['user.edit', organisationAdministrator, oneself, false],
    ['user.editOwn', userAdministrator, oneself, true],
    ['user.editOwn', userAdministrator, another, false],
    ['role.assign', userAdministrator, administrator, false],
    ['role.assign', organisationAdministrator, administrator, true],
    ['role.assign', organisationAdministrator, oneself, false],
    ['role.assign', organisationAdministrator, { ...oneself, selfAssignmentAllowed: true }, true],
    ['role.withdraw', userAdministrator, administrator, false],
    ['role.withdraw', userAdministrator, oneself, true],
    ['user.lock', organisationAdministrator, oneself, false],
    ['user.lock', organisationAdministrator, last(98), false],
    ['user.delete', organisationAdministrator, last(98), false],
    ['administrator.remove', organisationAdministrator, last(own), false],
    ['administrator.remove', organisationAdministrator, oneself, true],
    ['administrator.change', organisationAdministrator, oneself, false],
    ['request.decide', organisationAdministrator, oneself, false],
    ['emergencyLock.lift', organisationAdministrator, oneself, false],
  ])('%s by %o of %o: %s', (action, actor, target, allowed) => {
    expect(can(actor, action, target)).toBe(allowed);
  });

  it('say in Danish what to do instead', () => {
    const decision = decide(organisationAdministrator, 'role.assign', oneself);
    expect(decision).toMatchObject({
      allowed: false,
      reason: expect.stringMatching(/^Du kan ikke give dig selv roller\. Bed/),
      isVisible: true,
    });
  });

  function last(id: number): Target {
    return { organisationId: here, user: { id, isAdministrator: true, isLastOrganisationAdministrator: true } };
  }
});

it('refuses with 403 where the actor may know of the target, and 404 where not', () => {
  const reader = actorWith({ kind: 'READ_ONLY' });
  expect(() => ensureCan(reader, 'role.assign', another)).toThrow(Forbidden);
  expect(() => ensureCan(reader, 'user.view', { ...another, organisationId: elsewhere })).toThrow(NotFound);
  expect(() => ensureCan(actorWith({}), 'user.view', another)).toThrow(NotFound);
  expect(ensureCan(reader, 'user.view', another)).toBe('readOnlyAdministrator');
});

it('names a right of the table on every route of both portals', () => {
  const routes = [...sebadminRoutes, ...sebanmodRoutes];
  expect(routes.length).toBeGreaterThan(20);
  for (const { access, method, path } of routes)
    expect([`${method} ${path}`, isAction(access)]).toEqual([`${method} ${path}`, true]);
});

it('knows no action that is not in the table', () => {
  for (const name of ['user.becomeRoot', 'toString', '__proto__', 'constructor']) expect(isAction(name)).toBe(false);
});
