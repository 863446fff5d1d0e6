import { expect, it } from 'vitest';
import { departureInWords } from '../../src/departures/departure.ts';
import { todoInWords } from '../../src/todos/todo.ts';
import { markOfAccess } from '../../src/users/user-deletion.ts';
import type { AccessOfUser } from '../../src/users/user-deletion.ts';

const row = {
  id: 1,
  organisationId: 2,
  kind: 'signature.deactivate',
  userId: 7,
  createdOn: '21-11-2026',
  doneOn: null,
  doneBy: null,
};

it('a to-do says who, why and where', () => {
  const facts = { name: 'Søren Nørgård', rid: '0012', email: 's@region.example', because: 'departed' };
  const { title, text } = todoInWords({ ...row, facts });
  expect(title).toBe('Deaktiver medarbejdersignaturen for Søren Nørgård i MitID Erhverv');
  expect(text).toContain('RID-nummer 0012, s@region.example) er fratrådt.');
});

it.each([{ kind: 'unknown.kind', facts: {} }, { facts: { name: 'x' } }, { facts: null }])(
  'a to-do that this version does not know is still shown: %j',
  (strange) => expect(todoInWords({ ...row, ...strange }).title).toMatch(/^Huskepunkt \(.+\..+\)$/),
);

it('the mark of an access changes with what is in it, not with its order', () => {
  const access = (assignments: number[], administrations: number[]): AccessOfUser =>
    ({
      assignments: assignments.map((id) => ({ id })),
      administrations: administrations.map((id) => ({ id })),
    }) as never;
  const mark = markOfAccess(access([1, 2], [3]));
  expect(mark).toMatch(/^[\w-]{16}$/);
  expect(markOfAccess(access([2, 1], [3]))).toBe(mark);
  for (const other of [
    access([1], [3]),
    access([1, 2], []),
    access([1, 3], [2]),
    access([1, 2, 3], []),
    access([12], [3]),
  ])
    expect(markOfAccess(other)).not.toBe(mark);
});

it('a departure is told as planned, and as a receipt once carried out', () => {
  const planned = {
    id: 1,
    lastDay: '2026-11-30',
    reason: 'Pension',
    version: 1,
    plannedBy: null,
    carriedOutOn: null,
    receipt: null,
  };
  expect(departureInWords(null)).toBeNull();
  expect(departureInWords(planned)).toMatchObject({ isPlanned: true, lastDay: '30-11-2026', receipt: null });
  const receipt = {
    roles: [{ service: 'FMK', role: 'Læge', code: 'fmkLaege', placement: 'Kirurgi (90000031000016005)' }],
    administrations: [{ kind: 'USER', organisation: 'Region Eksempel' }],
  };
  expect(departureInWords({ ...planned, carriedOutOn: '01-12-2026', receipt })).toMatchObject({
    isPlanned: false,
    receipt: ['Brugeradministrator i Region Eksempel', 'FMK: Læge (fmkLaege), Kirurgi (90000031000016005)'],
  });
});

it('a login that belongs to two users leads to both, and both to their own page', () => {
  const other = { userId: 9, name: 'Åse Ø', rid: '2' };
  const facts = { name: 'Bo B', rid: '1', other, loginName: 'Bo Bo', provider: 'NemLog-in' };
  const conflict = todoInWords({ ...row, kind: 'identity.conflict', facts });
  expect(conflict.title).toBe('Et login passer ikke til én bruger: Bo B og Åse Ø');
  expect(conflict.users.map(({ userId }) => userId)).toEqual([7, 9]);
  expect(conflict.ownPage).toMatchObject({ path: 'konflikt', isOnlyWay: true });
  const differs = { user: 'Bo B', name: 'Bo Ny', email: null, provider: 'NemLog-in' };
  const asked = todoInWords({ ...row, kind: 'user.differs', facts: differs });
  expect(asked.title).toBe('Opdater Bo B?');
  expect(asked.text).toContain('navnet “Bo Ny”');
  expect(asked).toMatchObject({ users: [], ownPage: { path: 'opdater', isOnlyWay: false } });
});
