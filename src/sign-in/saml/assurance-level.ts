export const assuranceLevels = ['Low', 'Substantial', 'High'] as const;

/** NSIS level of assurance, weakest first: a word in attributes, the end of a URI in requests. */
export type AssuranceLevel = (typeof assuranceLevels)[number];

export function isAssuranceLevel(text: string): text is AssuranceLevel {
  return assuranceLevels.some((level) => level === text);
}

export function reaches(level: AssuranceLevel, minimum: AssuranceLevel): boolean {
  return assuranceLevels.indexOf(level) >= assuranceLevels.indexOf(minimum);
}

export function higherLevel(one: AssuranceLevel, other: AssuranceLevel): AssuranceLevel {
  return reaches(one, other) ? one : other;
}
