/** A unit of the SOR register as pages show it. */
export type SorUnit = {
  code: string;
  name: string;
  entityType: string;
  parentCode: string | null;
  isClosed: boolean;
  /** dd-mm-åååå, the last day it is open; null = no end known */
  closedOn: string | null;
  hasChildren: boolean;
};

/** A place in the tree: the units directly below one (null: the owner's topmost), one more than a page, and the way to it. */
export type UnitPlace = { within: SorUnit | null; way: SorStep[]; units: SorUnit[] };

/** A step of the way from the owner down to a unit. */
export type SorStep = { code: string; name: string };
