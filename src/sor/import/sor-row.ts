/** One unit as a file gives it, before it is held against the others and the database. */
export type SorRow = {
  /** The line in the file where the unit begins. */
  line: number;
  code: string;
  kind: 'OWNER' | 'INSTITUTION' | 'UNIT';
  name: string;
  entityType: string;
  parentCode: string | null;
  ownerCvr: string | null;
  institutionCode: string | null;
  shakCode: string | null;
  providerCode: string | null;
  eanCode: string | null;
  street: string | null;
  postcode: string | null;
  city: string | null;
  validFrom: string | null;
  closedOn: string | null;
};

/** What a file of this kind does not tell at all; what the table knows of it is then kept. */
export type UntoldColumn = 'parentCode' | 'shakCode' | 'providerCode' | 'eanCode' | 'address' | 'validFrom';

/** Filled while a file is read. */
export type ReadNotes = {
  unknownColumns: string[];
  untold: UntoldColumn[];
  /** Units that name a successor; the successor is not stored. */
  replaced: number;
};

/** Text without outer spaces and with single ones inside; null when there is none. */
export function textOrNull(text: string | undefined): string | null {
  return text?.trim().replace(/\s+/g, ' ') || null;
}

/** Street, building, floor and door as one line: "Algade 7, 2. tv". */
export function streetLine(
  street: string | null,
  building: string | null,
  floor: string | null,
  suite: string | null,
): string | null {
  const place = [street, building].filter(Boolean).join(' ');
  const floorText = floor && /^\d+$/.test(floor) ? `${floor}.` : floor;
  return [place, [floorText, suite].filter(Boolean).join(' ')].filter(Boolean).join(', ') || null;
}
