import type { Job } from './job.ts';
import type { OrganisationKey } from './organisations.ts';
import type { DemoUnit } from './sor-units.ts';

/** Days and times are Danish local ones without a zone: "2024-05-03 09:41". */
export type DemoUser = {
  /** The demo person's key, or the organisation's with a number. */
  key: string;
  organisation: OrganisationKey;
  firstName: string;
  lastName: string;
  email: string;
  rid: string;
  uuid: string | null;
  street: string | null;
  postcode: string | null;
  city: string | null;
  phone: string | null;
  remark: string | null;
  createdAt: string;
  lastLogin: { at: string; provider: string; level: 'Substantial' | 'High'; carriedCpr: boolean } | null;
  lock: { from: string; until: string | null; reason: string } | null;
  deletedAt: string | null;
  /** Not stored: what the person's roles follow from. */
  job: Job | null;
  unit: DemoUnit | null;
};
