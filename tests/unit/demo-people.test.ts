import { describe, expect, it } from 'vitest';
import { demoOrganisations, demoPeople, demoProviders } from '../../src/demo/demo-people.ts';
import { isCvr } from '../../src/shared/danish-numbers.ts';

describe('the demo people', () => {
  it('have keys and UUIDs of their own, and RID numbers of their own in each organisation', () => {
    for (const facts of [
      demoPeople.map(({ key }) => key),
      demoPeople.map(({ uuid }) => uuid),
      demoPeople.map(({ cvr, rid }) => `${cvr} ${rid}`),
    ]) {
      expect(new Set(facts).size).toBe(demoPeople.length);
    }
  });

  it('have UUIDs of version 4, and mail addresses that reach nobody', () => {
    for (const { uuid, email } of demoPeople) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(email).toMatch(/^[a-z.-]+@[a-z-]+\.example$/);
    }
  });

  it('belong to organisations with valid CVR numbers', () => {
    expect(Object.values(demoOrganisations).filter(({ cvr }) => !isCvr(cvr))).toEqual([]);
  });

  it('come by a provider that may vouch for their organisation', () => {
    for (const { provider, cvr } of demoPeople) {
      const cvrs = demoProviders.find(({ id }) => id === provider)?.cvrs;
      expect(cvrs === 'all' || cvrs?.includes(cvr)).toBe(true);
    }
  });
});
