/** A company as the company register (CVR) knows it. */
export type Company = {
  cvr: string;
  name: string;
  /** In the register's own words, e.g. "Aktiv", "NORMAL", "Ophørt". */
  status: string;
  isCeased: boolean;
  /** yyyy-mm-dd; null while it exists, or when the register does not tell. */
  ceasedOn: string | null;
  /** On one line; null when the register has none. */
  address: string | null;
};

/** What became of a look-up. `fault` is for the operator's log and holds no credentials. */
export type CvrAnswer =
  { kind: 'found'; company: Company } | { kind: 'unknown' } | { kind: 'unavailable'; fault: string };

/** The company register, wherever it is: one question at a time. Never throws for what goes wrong on the way. */
export type CvrRegister = { find(cvr: string): Promise<CvrAnswer> };
