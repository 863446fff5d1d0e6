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

const conflict = z.object({
  name: z.string(),
  rid: z.string(),
  /** The user of the login's UUID; null where the RID's user is bound to another login. */
  other: z.object({ userId: z.number(), name: z.string(), rid: z.string() }).nullable(),
  loginName: z.string(),
  provider: z.string(),
  /** As the login told them; older to-dos do not know. */
  uuid: z.string().nullable().default(null),
  loginEmail: z.string().nullable().default(null),
  level: z.string().nullable().default(null),
});
const difference = z.object({
  user: z.string(),
  /** As the login tells it; null where it is as in SEB. */
  name: z.string().nullable(),
  email: z.string().nullable(),
  provider: z.string(),
  /** The name in its two parts; older to-dos do not know them. */
  firstName: z.string().nullable().default(null),
  lastName: z.string().nullable().default(null),
});

export type ConflictFacts = z.infer<typeof conflict>;
export type DifferenceFacts = z.infer<typeof difference>;
export type TodoKind =
  | 'identity.conflict'
  | 'user.differs'
  | 'signature.deactivate'
  | 'service.retirement'
  | 'role.retirement'
  | 'organisationRole.withdrawn';
export type SignatureFacts = z.infer<typeof signature>;

/** A row as the table holds it. */
export type TodoRow = {
  id: number;
  organisationId: number;
  kind: string;
  /** The user whom it is about; null where it is about none. */
  userId: number | null;
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
  users: { label: string; userId: number }[];
  ownPage: OwnPage | null;
};

/** The page below the to-do that settles it in one step; one that must be settled there has no tick. */
export type OwnPage = { label: string; path: 'konflikt' | 'opdater'; isOnlyWay: boolean };

const why = { deleted: 'blev slettet i SEB', departed: 'er fratrådt' } as const;

/** `users` are those that the to-do leads to: the one it is about (null), or others by their id. */
type Words = {
  title: string;
  text: string;
  users?: { label: string; userId: number | null }[];
  ownPage?: OwnPage;
};

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
  'identity.conflict': (facts) => {
    const known = conflictFacts(facts);
    if (known === null) return null;
    const { name, rid, other, loginName, provider } = known;
    const what =
      other === null
        ? `${name} har RID-nummer ${rid} i SEB, men er knyttet til et andet login (et andet UUID).`
        : `Loginets RID-nummer ${rid} hører til ${name}, men dets UUID til ${other.name} (RID-nummer ${other.rid}).`;
    return {
      title: `Et login passer ikke til én bruger: ${name}${other === null ? '' : ` og ${other.name}`}`,
      text: `${loginName} prøvede at logge på via ${provider} og blev afvist. ${what} Find ud af, hvem personen er, og afgør, hvem loginet tilhører.`,
      users: [{ label: name, userId: null }, ...(other === null ? [] : [{ label: other.name, userId: other.userId }])],
      ownPage: { label: 'Afgør, hvem loginet tilhører', path: 'konflikt', isOnlyWay: true },
    };
  },
  'user.differs': (facts) => {
    const known = differenceFacts(facts);
    if (known === null) return null;
    const { user, name, email, provider } = known;
    const told = [
      ...(name === null ? [] : [`navnet “${name}”`]),
      ...(email === null ? [] : [`e-mailadressen ${email}`]),
    ];
    return {
      title: `Opdater ${user}?`,
      text: `Da ${user} loggede på via ${provider}, havde loginet ${joinedWithAnd(told)}, og det er ikke det, der står i SEB. Overtag det, hvis loginet har ret. Ellers sæt flueben: så spørger SEB ikke igen om det samme.`,
      ownPage: { label: 'Sammenlign og opdater', path: 'opdater', isOnlyWay: false },
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
export function todoInWords({ kind, facts, userId, ...row }: TodoRow): Todo {
  const known = Object.hasOwn(words, kind) ? words[kind as TodoKind](facts) : null;
  const { users = [], ownPage = null, ...told } = known ?? { title: `Huskepunkt (${kind})`, text: '' };
  const linked = users.flatMap((one) => {
    const id = one.userId ?? userId;
    return id === null ? [] : [{ ...one, userId: id }];
  });
  return { ...row, ...told, users: linked, ownPage };
}

/** What a to-do about a login of two users holds; null for what is not its own. */
export function conflictFacts(facts: unknown): ConflictFacts | null {
  return conflict.safeParse(facts).data ?? null;
}

export function differenceFacts(facts: unknown): DifferenceFacts | null {
  return difference.safeParse(facts).data ?? null;
}
