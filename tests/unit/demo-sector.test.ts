import { describe, expect, it } from 'vitest';
import { makeAssignments } from '../../src/demo/sector/assignments.ts';
import { jobs } from '../../src/demo/sector/jobs.ts';
import { organisationKeys } from '../../src/demo/sector/organisations.ts';
import { seededRandom } from '../../src/demo/sector/random.ts';
import { organisationRights } from '../../src/demo/sector/rights.ts';
import { makeSorUnits } from '../../src/demo/sector/sor-units.ts';
import { decideFates } from '../../src/demo/sector/users-fates.ts';
import { makeUsers } from '../../src/demo/sector/users.ts';
import { isSorCode } from '../../src/shared/danish-numbers.ts';

function makeSector(today: string) {
  const ground = { random: seededRandom(7), today, units: makeSorUnits(today) };
  const users = decideFates(makeUsers(ground), ground);
  return { users, assignments: makeAssignments(users, new Map(), ground), units: ground.units };
}

describe('the demo sector', () => {
  it('is the same each time', () => {
    expect(makeSector('2026-11-21')).toEqual(makeSector('2026-11-21'));
  });

  it('has the same people, units and grants on another day', () => {
    const [one, other] = [makeSector('2026-11-21'), makeSector('2027-08-02')];
    const names = ({ users }: typeof one) =>
      users.map(({ key, email, rid, uuid, createdAt }) => [key, email, rid, uuid, createdAt]);
    const grants = ({ assignments }: typeof one) =>
      assignments.map(({ user, role, unit }) => [user.key, role, unit?.code]);
    expect(names(other)).toEqual(names(one));
    expect(grants(other)).toEqual(grants(one));
  });

  it('has SOR units with valid codes in a tree of five levels', () => {
    const units = makeSorUnits('2026-11-21');
    expect(units.filter(({ code }) => !isSorCode(code))).toEqual([]);
    expect(new Set(units.map(({ code }) => code)).size).toBe(units.length);
    expect(Math.max(...units.map(({ path }) => path.split(' / ').length))).toBeGreaterThanOrEqual(5);
    expect(units.filter(({ organisation }) => organisation === 'region').length).toBeGreaterThan(110);
  });

  it('gives in each job only what the organisation may give', () => {
    for (const organisation of organisationKeys) {
      const codes = jobs[organisation].flatMap(({ always, often, seldom }) => [...always, ...often, ...seldom]);
      const refused = codes.filter((code) => {
        const [service = '', role = ''] = code.split('/');
        const right = organisationRights[organisation][service];
        return right !== '*' && !right?.includes(role);
      });
      expect(refused).toEqual([]);
    }
  });

  it('has RID numbers of all shapes', () => {
    const rids = makeSector('2026-11-21').users.map(({ rid }) => rid);
    for (const shape of [
      /^\d{8}$/,
      /^00\d{6}$/,
      /^\d{12}$/,
      /^\d{13}$/,
      /^\d{14}$/,
      /^[A-Z]{3,4}$/,
      /^9208-2002-2-\d{12}$/,
    ]) {
      expect(rids.some((rid) => shape.test(rid))).toBe(true);
    }
  });
});
