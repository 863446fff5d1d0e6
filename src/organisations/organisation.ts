import { formatCvr } from '../shared/text.ts';

/** An organisation with what its own page tells. Days are dd-mm-åååå. */
export type Organisation = {
  id: number;
  cvr: string;
  name: string;
  createdOn: string;
  closedOn: string | null;
  closedReason: string | null;
  selfAssignmentAllowed: boolean;
  version: number;
  users: number;
  activeAssignments: number;
  /** What CVR said last; null before the first look-up. */
  register: { status: string; isCeased: boolean; ceasedOn: string | null; checkedOn: string } | null;
};

export const contactKinds = ['SECURITY', 'CONTACT'] as const;
export type ContactKind = (typeof contactKinds)[number];

/** Somebody to write to in an organisation. */
export type Contact = {
  kind: ContactKind;
  position: number;
  name: string;
  title: string | null;
  email: string;
  phone: string | null;
};

export function organisationPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}${rest}`;
}

/** "Region Eksempel, CVR 39 91 00 12" */
export function organisationInWords({ name, cvr }: { name: string; cvr: string }): string {
  return `${name}, CVR ${formatCvr(cvr)}`;
}

export function contactLine({ name, title, email, phone }: Omit<Contact, 'kind' | 'position'>): string {
  return [title === null ? name : `${name}, ${title.toLowerCase()}`, email, phone].filter(Boolean).join(' · ');
}
