import { z } from 'zod';
import { danishDay } from '../shared/dates.ts';
import { counted, joinedWithAnd } from '../shared/text.ts';

/** What can wait to be done, by its kind in the table. */
const signature = z.object({
  name: z.string(),
  rid: z.string(),
  email: z.string(),
  because: z.enum(['deleted', 'departed']),
});

const retirement = z.object({
  name: z.string(),
  code: z.string(),
  day: z.string(),
  successor: z.string().nullable(),
  users: z.number(),
});
const withdrawnRights = z.object({
  roles: z.array(z.string()).min(1),
  lastDay: z.string().nullable(),
  assignments: z.number(),
  users: z.number(),
});

export type TodoKind = 'signature.deactivate' | 'service.retirement' | 'role.retirement' | 'organisationRole.withdrawn';
export type SignatureFacts = z.infer<typeof signature>;

/** A row as the table holds it. */
export type TodoRow = {
  id: number;
  organisationId: number;
  kind: string;
  facts: unknown;
  /** dd-mm-åååå */
  createdOn: string;
  /** dd-mm-åååå, null while it waits. */
  doneOn: string | null;
  doneBy: string | null;
};

export type Todo = Pick<TodoRow, 'id' | 'organisationId' | 'createdOn' | 'doneOn' | 'doneBy'> & {
  title: string;
  text: string;
};

const why = { deleted: 'blev slettet i SEB', departed: 'er fratrådt' } as const;

type Words = { title: string; text: string };

/** Each kind's words; null for facts that are not its own. */
const words: Record<TodoKind, (facts: unknown) => Words | null> = {
  'signature.deactivate': (facts) => {
    const known = signature.safeParse(facts).data;
    if (known === undefined) return null;
    const { name, rid, email, because } = known;
    return {
      title: `Deaktiver medarbejdersignaturen for ${name} i MitID Erhverv`,
      text: `${name} (RID-nummer ${rid}, ${email}) ${why[because]}. Uden signatur kan personen heller ikke logge på andre steder for organisationen. Gør det i MitID Erhverv, og sæt flueben her.`,
    };
  },
  'service.retirement': (facts) => retirementWords('Servicen', facts),
  'role.retirement': (facts) => retirementWords('Rollen', facts),
  'organisationRole.withdrawn': (facts) => {
    const known = withdrawnRights.safeParse(facts).data;
    if (known === undefined) return null;
    const { roles, lastDay, assignments, users } = known;
    const named = joinedWithAnd(roles.length > 5 ? [...roles.slice(0, 5), `${roles.length - 5} mere`] : roles);
    const ended = `${counted(assignments, 'tildeling', 'tildelinger')} til ${counted(users, 'bruger', 'brugere')}`;
    return {
      title: `Organisationen kan ikke længere tildele ${named}`,
      text: `Systemejeren har taget retten tilbage. ${ended} ${lastDay === null ? 'er fjernet' : `slutter senest ${danishDay(lastDay)}`}. Se, om brugerne skal have andre roller, og sæt flueben her.`,
    };
  },
};

function retirementWords(noun: string, facts: unknown): Words | null {
  const known = retirement.safeParse(facts).data;
  if (known === undefined) return null;
  const { name, code, day, successor, users } = known;
  const instead =
    successor === null ? 'Der er ingen afløser.' : `Afløseren er ${successor}: tildel den til dem, der skal have den.`;
  return {
    title: `${noun} ${name} udfases ${danishDay(day)}`,
    text: `Fra den dag kan ${noun.toLowerCase()} (${code}) ikke tildeles. ${counted(users, 'bruger', 'brugere')} i organisationen havde den, da det blev besluttet, og beholder den, til I fjerner den. ${instead} Sæt flueben her, når det er gjort.`,
  };
}

/** A to-do in words. One of a kind that this version does not know is shown by its kind, never hidden. */
export function todoInWords({ kind, facts, ...row }: TodoRow): Todo {
  const known = Object.hasOwn(words, kind) ? words[kind as TodoKind](facts) : null;
  return { ...row, ...(known ?? { title: `Huskepunkt (${kind})`, text: '' }) };
}
