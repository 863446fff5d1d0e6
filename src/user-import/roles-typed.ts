import { outsideArea } from '../permissions/service-limit.ts';
import { foldForSearch } from '../shared/text.ts';

/** A role that the organisation may give now. */
export type KnownRole = {
  id: number;
  code: string;
  name: string;
  service: string;
  serviceName: string;
  /** Of a service that the administrator answers for. */
  isWithinArea: boolean;
};

/** What a text in the column Rolle means: one role, or why it means none. */
export type TypedRole = { text: string; id: number | null; fault: string | null };

/**
 * Finds the roles behind the texts: "service/rolle", a role's code, or a name that only one role has. Ambiguous codes and
 * names are never guessed at.
 */
export function resolveRoles(texts: readonly string[], roles: readonly KnownRole[]): TypedRole[] {
  const byService = new Map<string, Set<number>>();
  const byCode = new Map<string, Set<number>>();
  const byName = new Map<string, Set<number>>();
  for (const { id, code, name, service, serviceName } of roles) {
    add(byCode, code, id);
    add(byName, name, id);
    for (const first of [service, serviceName])
      for (const second of [code, name]) add(byService, `${first}/${second}`, id);
  }
  const outside = new Set(roles.filter((role) => !role.isWithinArea).map((role) => role.id));
  return texts.map((text) => {
    const meaning = meaningOf(text, [byService, byCode, byName]);
    return { text, ...(meaning.id !== null && outside.has(meaning.id) ? { id: null, fault: outsideArea } : meaning) };
  });
}

function meaningOf(text: string, indexes: Map<string, Set<number>>[]): Omit<TypedRole, 'text'> {
  for (const index of indexes) {
    const found = index.get(key(text));
    if (found === undefined) continue;
    const [id = null, ...others] = found;
    if (others.length === 0) return { id, fault: null };
    return { id: null, fault: `Flere roller hedder “${text}”. Skriv servicens kode foran, fx service/${text}.` };
  }
  return {
    id: null,
    fault: `Organisationen kan ikke tildele en rolle, der hedder “${text}”. Skriv rollens kode, som den står under Find en rolle.`,
  };
}

function add(index: Map<string, Set<number>>, word: string, id: number): void {
  const ids = index.get(key(word)) ?? new Set<number>();
  index.set(key(word), ids.add(id));
}

function key(text: string): string {
  return foldForSearch(text.normalize('NFC'))
    .replace(/\s*\/\s*/g, '/')
    .replace(/\s+/g, ' ')
    .trim();
}
