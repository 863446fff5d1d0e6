import { z } from 'zod';

/** What can wait to be done outside SEB, by its kind in the table. */
const signature = z.object({
  name: z.string(),
  rid: z.string(),
  email: z.string(),
  because: z.enum(['deleted', 'departed']),
});

export type TodoKind = 'signature.deactivate';
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

/** A to-do in words. One of a kind that this version does not know is shown by its kind, never hidden. */
export function todoInWords({ kind, facts, ...row }: TodoRow): Todo {
  const known = kind === ('signature.deactivate' satisfies TodoKind) ? signature.safeParse(facts).data : undefined;
  if (known === undefined) return { ...row, title: `Huskepunkt (${kind})`, text: '' };
  const { name, rid, email, because } = known;
  return {
    ...row,
    title: `Deaktiver medarbejdersignaturen for ${name} i MitID Erhverv`,
    text: `${name} (RID-nummer ${rid}, ${email}) ${why[because]}. Uden signatur kan personen heller ikke logge på andre steder for organisationen. Gør det i MitID Erhverv, og sæt flueben her.`,
  };
}
