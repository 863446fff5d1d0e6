import { z } from 'zod';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import { danishDay, formatDateTime } from '../shared/dates.ts';
import { counted, formatNumber } from '../shared/text.ts';
import { sealPath } from './audit-seal-path.ts';
import { faultSchema, faultText } from './fault.ts';
import { rootWithSignature } from './root-statement.ts';
import type { SealState, StoredRoot, Verification } from './verification.queries.ts';

const crumbs = [home];
/** The sealer runs each minute; after so long without it something is wrong. */
const lateAfterMs = 10 * 60_000;
const waitingShown = 10_000;

export type SealShown = {
  state: SealState;
  roots: StoredRoot[];
  verifications: Verification[];
  key: { id: string; publicKey: string };
  mayOrder: boolean;
  posted: Posted;
  errors: FieldErrors;
  now: Date;
};

/** Forsegling af loggen: how far it has come, the roots, the public key, and the checks. */
export function sealPage({ state, roots, verifications, posted, errors, now, ...shown }: SealShown): Page {
  const isChecking = verifications.some(({ endedAt }) => endedAt === null);
  const made = page(
    'audit-seal/index',
    'Forsegling af loggen',
    {
      sealed: formatNumber(Number(state.lastSeq)),
      waiting: waitingText(state),
      isLate: state.oldestWaiting !== null && now.getTime() - state.oldestWaiting.getTime() > lateAfterMs,
      roots: roots.map(rootRow),
      key: shown.key,
      checks: verifications.map(checkRow),
      isChecking,
      mayOrder: shown.mayOrder && !isChecking,
      fields: [fieldOf(rootField, posted, errors)],
      errors: Object.entries(errors).map(([field, message]) => ({ field, message })),
      paths: { form: sealPath },
    },
    crumbs,
  );
  if (Object.keys(errors).length > 0) return rejected(made);
  return isChecking ? { ...made, refresh: 10 } : made;
}

const rootField = {
  name: 'rod',
  label: 'Rod, som I har gemt uden for SEB',
  hint: 'Kopiér den fra en af de mails, som systemejeren får hver nat. Kun sådan en rod kan vise, om slutningen af loggen er fjernet.',
  kind: 'text',
} as const;

function waitingText({ waiting, oldestWaiting }: SealState): string {
  if (oldestWaiting === null) return 'Alt er forseglet.';
  const many = waiting > waitingShown ? 'Flere end 10.000 hændelser' : counted(waiting, 'hændelse', 'hændelser');
  return `${many} er ikke forseglet endnu. Den ældste er fra ${formatDateTime(oldestWaiting)}.`;
}

function rootRow(root: StoredRoot): object {
  return {
    day: danishDay(root.day),
    lastSeq: formatNumber(Number(root.lastSeq)),
    closedAt: formatDateTime(root.closedAt),
    text: rootWithSignature(root.statement, root.signature),
  };
}

const storedFaults = z.array(faultSchema);

function checkRow({ orderedByName, createdAt, checkedEvents, endedAt, faults, outsideRoot }: Verification): object {
  const found = endedAt === null ? [] : storedFaults.parse(faults);
  return {
    ordered: `${formatDateTime(createdAt)} af ${orderedByName}`,
    scope: outsideRoot === null ? 'uden rod udefra' : 'med rod udefra',
    result: resultText(endedAt, checkedEvents, found.length),
    isGood: endedAt !== null && found.length === 0,
    isBad: found.length > 0,
    faults: found.map(faultText),
  };
}

function resultText(endedAt: Date | null, checkedEvents: string, faults: number): string {
  const events = counted(Number(checkedEvents), 'hændelse', 'hændelser');
  if (endedAt === null) return `I gang: ${events} er kontrolleret.`;
  return faults === 0 ? `Alt passer: ${events} er kontrolleret.` : `Noget passer ikke (${events} er kontrolleret).`;
}
