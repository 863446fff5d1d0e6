import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import { danishDay, formatDateTime } from '../shared/dates.ts';
import { counted, formatNumber } from '../shared/text.ts';
import type { RecipientState, Run, RunRecipient } from './half-yearly.queries.ts';
import { recipientStates, recipientsPerPage, runsPerPage } from './half-yearly.queries.ts';

export const halfYearlyPath = '/system/halvaarlig';
export const sendPath = `${halfYearlyPath}/send`;
const crumbs = [home, { label: 'Halvårlig meddelelse', href: halfYearlyPath }];

type Runs = { runs: readonly Run[]; isFirst: boolean; next: string | null; mayManage: boolean; paths: object };

/** Halvårlig meddelelse: what was sent, and when the next one goes. */
export function runsPage({ runs, isFirst, next, mayManage, paths }: Runs): Page {
  const shown = runs.slice(0, runsPerPage);
  return page(
    'half-yearly/index',
    'Halvårlig meddelelse',
    {
      rows: shown.map(runModel),
      next: next === null ? null : danishDay(next),
      first: isFirst ? null : halfYearlyPath,
      older: runs.length > runsPerPage ? `${halfYearlyPath}?foer=${shown.at(-1)?.id ?? ''}` : null,
      may: { manage: mayManage },
      paths: { ...paths, send: sendPath },
    },
    [home],
  );
}

function runModel(run: Run): object {
  const waiting = run.recipients - run.leftOut - run.sent - run.failed;
  return {
    href: `${halfYearlyPath}/${run.id}`,
    title: runTitle(run),
    startedAt: formatDateTime(run.startedAt),
    by: run.startedBy ?? 'SEB, efter planen',
    recipients: formatNumber(run.recipients),
    sent: formatNumber(run.sent),
    failed: formatNumber(run.failed),
    waiting: formatNumber(waiting),
    leftOut: formatNumber(run.leftOut),
    state: run.endedAt === null ? 'I gang' : waiting > 0 ? 'Mails venter' : 'Færdig',
  };
}

function runTitle({ id, plannedFor }: Run): string {
  return plannedFor === null ? `Udsendelse ${id}` : `Udsendelse ${id}, planlagt til ${danishDay(plannedFor)}`;
}

const stateNames: Record<RecipientState, string> = {
  SENT: 'Afleveret',
  FAILED: 'Kom ikke frem',
  WAITING: 'Venter',
  LEFT_OUT: 'Ikke længere administrator',
};

type RunShown = {
  run: Run;
  recipients: readonly RunRecipient[];
  state: RecipientState | null;
  isFirst: boolean;
};

/** One run: to whom, delivered or not. */
export function runPage({ run, recipients, state, isFirst }: RunShown): Page {
  const path = `${halfYearlyPath}/${run.id}`;
  const shown = recipients.slice(0, recipientsPerPage);
  const link = (more: Record<string, string>): string => {
    const query = new URLSearchParams({ ...(state === null ? {} : { status: state }), ...more }).toString();
    return query === '' ? path : `${path}?${query}`;
  };
  const last = recipients.length > recipientsPerPage ? shown.at(-1) : undefined;
  return page(
    'half-yearly/run',
    runTitle(run),
    {
      title: runTitle(run),
      run: runModel(run),
      states: recipientStates.map((one) => ({ id: one, name: stateNames[one], isChosen: one === state })),
      rows: shown.map((row) => ({
        ...row,
        state: stateNames[row.state],
        isFailed: row.state === 'FAILED',
        at: row.at === null ? '–' : formatDateTime(row.at),
      })),
      first: isFirst ? null : link({}),
      next: last === undefined ? null : link({ efter: String(last.userId) }),
      paths: { form: path },
    },
    crumbs,
  );
}

type Reach = { people: number; organisations: number };

/** Before it is sent by hand: how many get it, and when the last one went. */
export function sendPage(reach: Reach, last: Run | null, textPath: string): Page {
  return page(
    'half-yearly/send',
    'Send den halvårlige meddelelse nu',
    {
      reach: `${counted(reach.people, 'administrator', 'administratorer')} i ${counted(reach.organisations, 'organisation', 'organisationer')}`,
      people: reach.people,
      last: last === null ? null : `${formatDateTime(last.startedAt)}${last.endedAt === null ? ' (i gang)' : ''}`,
      isRunning: last !== null && last.endedAt === null,
      paths: { form: sendPath, back: halfYearlyPath, text: textPath },
    },
    crumbs,
  );
}
