import type { Random } from './random.ts';

/**
 * A RID number in one of the shapes that are in use: 8, 12, 13 (a time stamp) or 14 digits, some with leading zeros, a
 * word that the employer chose, or the PID form of a private certificate.
 */
export function makeRid(random: Random, firstName: string, lastName: string): string {
  const kind = random.fraction();
  if (kind < 0.46) return random.whole(10_000_000, 99_999_999).toString();
  if (kind < 0.52) return `00${random.digits(6)}`;
  if (kind < 0.62) return `8247${random.digits(8)}`;
  if (kind < 0.8) return timeStamp(random);
  if (kind < 0.86) return `62508646${random.digits(6)}`;
  if (kind < 0.98) return word(firstName, lastName, random);
  return `9208-2002-2-${random.digits(12)}`;
}

/** Two digits each for year, month, day, hour, minute and second, and one more. */
function timeStamp(random: Random): string {
  const ranges = [
    [11, 24],
    [1, 12],
    [1, 28],
    [7, 16],
    [0, 59],
    [0, 59],
  ] as const;
  return ranges.map(([least, most]) => String(random.whole(least, most)).padStart(2, '0')).join('') + random.digits(1);
}

function word(firstName: string, lastName: string, random: Random): string {
  const initials = `${firstName.slice(0, 2)}${lastName.slice(0, 2)}`.normalize('NFD').replace(/[^A-Za-z]/g, '');
  const letters = initials.padEnd(3, 'x');
  return random.chance(0.5) ? letters.toUpperCase() : `${letters.toLowerCase()}${random.digits(2)}`;
}
