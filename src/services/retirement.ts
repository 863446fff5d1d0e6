/** What is retired: a whole service, or one role. */
export type Retiring = {
  kind: 'service' | 'role';
  id: number;
  code: string;
  name: string;
  /** The service's code; null for a service. */
  service: string | null;
  version: number;
  /** As planned or carried out before; yyyy-mm-dd. */
  retiresOn: string | null;
  isRetired: boolean;
  successorCode: string | null;
};

/** An organisation that may give what is retired, or has users who hold it. */
export type Concerned = { id: number; cvr: string; name: string; mayGive: boolean; users: number };

/** What takes the place: a service or a role, by its codes as typed. */
export type Successor = { serviceId: number | null; roleId: number | null; name: string };

/** "servicen Fælles telemedicin" */
export function retiringNoun({ kind, name }: Pick<Retiring, 'kind' | 'name'>): string {
  return `${kind === 'service' ? 'servicen' : 'rollen'} ${name}`;
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
