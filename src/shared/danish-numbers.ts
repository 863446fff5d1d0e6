/** How strictly a CVR number is judged: known test numbers (12345678) fail the modulus, so it can be left out. */
export type CvrCheck = 'strict' | 'relaxed';

/** Whether the code has a SOR code's digits and the right check digit (Verhoeff); says nothing about who holds it. */
export function isSorCode(code: string): boolean {
  return /^\d{6,18}$/.test(code) && verhoeffRemainder(code, 0) === 0;
}

/** The SOR code of an item number: the Danish namespace 1000016, partition 00 and the check digit are added. */
export function makeSorCode(itemNumber: number): string {
  const body = `${itemNumber}100001600`;
  return `${body}${inverse(verhoeffRemainder(body, 1))}`;
}

/** Whether the text is a CVR number: eight digits and, when strict, a weighted sum that eleven divides. */
export function isCvr(cvr: string, check: CvrCheck = 'strict'): boolean {
  if (!/^\d{8}$/.test(cvr)) return false;
  return check === 'relaxed' || (cvr[0] !== '0' && weightedSum(cvr, cvrWeights) % 11 === 0);
}

/** The CVR number that begins with these seven digits; null where the check digit would be ten. */
export function makeCvr(firstSevenDigits: number): string | null {
  const body = String(firstSevenDigits).padStart(7, '0');
  const rest = weightedSum(body, cvrWeights) % 11;
  return rest === 1 ? null : `${body}${(11 - rest) % 11}`;
}

/** Valid CVR numbers in rising order, the first one at or after these seven digits. */
export function* cvrSeries(firstSevenDigits: number): Generator<string, never> {
  for (let digits = firstSevenDigits; ; digits += 1) {
    const cvr = makeCvr(digits);
    if (cvr !== null) yield cvr;
  }
}

/** Whether the text is an EAN location number (GLN): thirteen digits with the right check digit. */
export function isGln(gln: string): boolean {
  return /^\d{13}$/.test(gln) && glnCheckDigit(gln.slice(0, 12)) === Number(gln[12]);
}

/** The EAN location number that begins with these twelve digits. */
export function makeGln(firstTwelveDigits: string): string {
  return `${firstTwelveDigits}${glnCheckDigit(firstTwelveDigits)}`;
}

const cvrWeights = [2, 7, 6, 5, 4, 3, 2, 1];

function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, place) => sum + weight * Number(digits[place] ?? 0), 0);
}

function glnCheckDigit(firstTwelveDigits: string): number {
  return (10 - (weightedSum(firstTwelveDigits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10;
}

/*
 * Verhoeff's check (1969) adds digits as the ten symmetries of a regular pentagon, 0–4 the turns and 5–9 the mirrored
 * ones, after each digit has been shuffled once more than its right-hand neighbour.
 */
function combine(first: number, second: number): number {
  const mirrored = first >= 5;
  const turn = (mirrored ? first - second + 10 : first + second) % 5;
  return mirrored === second >= 5 ? turn : turn + 5;
}

const inverse = (digit: number): number => (digit === 0 || digit >= 5 ? digit : 5 - digit);

const products = Array.from({ length: 100 }, (_, pair) => combine(Math.floor(pair / 10), pair % 10));

const shuffle = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
/** The shuffle repeats itself after eight times. */
const shuffled = Array.from({ length: 8 }, (_, times) =>
  Array.from({ length: 10 }, (__, digit) => {
    let image = digit;
    for (let time = 0; time < times; time += 1) image = shuffle[image] ?? image;
    return image;
  }),
);

/** Digits are read from the right; `firstPlace` is 1 where the check digit itself is still missing. */
function verhoeffRemainder(digits: string, firstPlace: 0 | 1): number {
  let remainder = 0;
  for (let read = 0; read < digits.length; read += 1) {
    const digit = Number(digits[digits.length - 1 - read]);
    const image = shuffled[(read + firstPlace) % 8]?.[digit] ?? 0;
    remainder = products[remainder * 10 + image] ?? 0;
  }
  return remainder;
}
