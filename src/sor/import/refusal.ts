/** Where in the file (null: the file as a whole) and what is wrong there. */
export type SorFault = { line: number | null; message: string };

const longestList = 20;

/** The file cannot be used and nothing was changed; the message lists the first faults. */
export class SorFileRefused extends Error {
  readonly faults: readonly SorFault[];
  readonly faultCount: number;

  constructor(faults: readonly SorFault[], faultCount: number = faults.length) {
    super(describe(faults, faultCount));
    this.name = 'SorFileRefused';
    this.faults = faults;
    this.faultCount = faultCount;
  }
}

/** Gathers faults, remembers the first ones of the file and counts the rest. */
export class FaultList {
  count = 0;
  private readonly first: SorFault[] = [];

  add(line: number | null, message: string): void {
    this.count += 1;
    if (this.first.length < longestList) this.first.push({ line, message });
  }

  refuseIfAny(): void {
    if (this.count > 0) throw new SorFileRefused(this.first, this.count);
  }
}

/** Stops the reading at once: what follows in the file cannot be understood. */
export function refuse(line: number | null, message: string): never {
  throw new SorFileRefused([{ line, message }]);
}

function describe(faults: readonly SorFault[], count: number): string {
  const lines = faults.map(({ line, message }) => `  - ${line === null ? '' : `line ${line}: `}${message}`);
  if (count > faults.length) lines.push(`  … and ${count - faults.length} more`);
  return ['The SOR file was refused; nothing has been changed:', ...lines].join('\n');
}
