import type { Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { SorUnit, UnitPlace } from '../sor/sor-unit.ts';
import { unitsPerPage } from '../sor/sor.queries.ts';

/** Where the form's tree stands: nowhere until it is asked for; the buttons carry it, since what is typed must not go into an address. */
export type TreeStep = { code: string | null; after: { name: string; code: string } | null };

const top = 'top';

/** The button that was pressed: "top" or a unit's code, and behind ~ the last unit shown before. */
export function treeStepOf(posted: Posted): TreeStep | null {
  const [at = '', code = '', ...name] = typed(posted, 'trae').split('~');
  if (at !== top && !/^\d{6,18}$/.test(at)) return null;
  const isContinued = /^\d{6,18}$/.test(code);
  return {
    code: at === top ? null : at,
    after: isContinued ? { code, name: name.join('~').replace(/\p{C}/gu, ' ').slice(0, 300) } : null,
  };
}

/** The tree as part of the form: the way, the units below, and a button for each step. */
export function treeModel({ within, way, units }: UnitPlace, chosen: SorUnit | null) {
  const shown = units.slice(0, unitsPerPage);
  const last = shown.at(-1);
  const unitModel = (unit: SorUnit) => ({
    ...unit,
    isChosen: unit.code === chosen?.code,
    mayChoose: !unit.isClosed && unit.code !== chosen?.code,
  });
  return {
    way: [{ code: top, name: 'Øverst' }, ...way].map((step, index) => ({ ...step, isHere: index === way.length })),
    within: within === null ? null : unitModel(within),
    units: shown.map(unitModel),
    next: units.length > unitsPerPage && last !== undefined ? `${within?.code ?? top}~${last.code}~${last.name}` : null,
  };
}
