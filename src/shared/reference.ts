import { randomInt } from 'node:crypto';

/** Three groups of four random letters of an alphabet, as "7F3K-22QX-9ABM": short enough to read out, too many to guess. */
export function randomGroups(alphabet: string): string {
  const letters = sixLetters(alphabet) + sixLetters(alphabet);
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}

// Drawn together, since each request draws them.
function sixLetters(alphabet: string): string {
  let number = randomInt(alphabet.length ** 6);
  let letters = '';
  for (let place = 0; place < 6; place += 1) {
    letters += alphabet[number % alphabet.length] ?? '';
    number = Math.floor(number / alphabet.length);
  }
  return letters;
}
