import type { Random } from './random.ts';

/** Written as often as they are heard, roughly: the common ones meet themselves in a list of 300. */
const firstNames = list(`
  Anne, Anne, Mette, Mette, Kirsten, Hanne, Hanne, Anna, Helle, Susanne, Lene, Maria, Marianne, Inge, Karen, Lone,
  Bente, Camilla, Pia, Charlotte, Jette, Tina, Louise, Sofie, Julie, Freja, Ida, Emma, Clara, Rikke, Gitte, Dorthe,
  Bodil, Åse, Åse, Signe, Maja, Line, Trine, Birthe, Annette, Jytte, Ulla, Vibeke, Merete, Lærke, Bolette,
  Peter, Peter, Lars, Lars, Jens, Michael, Henrik, Thomas, Søren, Søren, Jan, Christian, Martin, Niels, Anders, Morten,
  Jesper, Hans, Jørgen, Per, Ole, Rasmus, Mads, Kasper, Mikkel, Frederik, Emil, Magnus, Bjørn, Åge, Børge, Troels,
  Anne-Mette, Anne Sofie, Karen Margrethe, Marie-Louise, Else-Marie, Hans Christian, Jens Peter, Karl Åge, Poul-Erik,
  Renée, André
`);

const lastNames = list(`
  Nielsen, Nielsen, Nielsen, Jensen, Jensen, Jensen, Hansen, Hansen, Hansen, Andersen, Andersen, Pedersen, Pedersen,
  Christensen, Christensen, Larsen, Larsen, Sørensen, Sørensen, Rasmussen, Jørgensen, Petersen, Madsen, Kristensen,
  Olsen, Thomsen, Christiansen, Poulsen, Johansen, Møller, Møller, Mortensen, Knudsen, Østergård, Østergaard, Ågesen,
  Aagaard, Ærø, Bækgaard, Bøgelund, Dahl, Dalgaard, Eskildsen, Frandsen, Gade, Gregersen, Hedegaard, Højgaard, Iversen,
  Juhl, Kjær, Kjærgaard, Koch, Krogh, Lassen, Lauritsen, Lund, Lyngsø, Markussen, Mikkelsen, Munk, Nørgaard, Overgaard,
  Palludan, Quist, Ravn, Schmidt, Skov, Skytte, Søndergaard, Thygesen, Toft, Uhre, Vestergaard, Villadsen, Winther,
  Zacho, Øster, Åkjær, Holm Jensen, Bach Nielsen, Skov Hansen, Lindholm Møller, Krogh Andersen, Friis-Sørensen,
  von Bülow, de la Cour
`);

/** Names from elsewhere: first and last ones of one language go together. */
const elsewhere = [
  { first: list('Ayşe, Zeynep, Fatma, Emre'), last: list('Yılmaz, Demir, Özdemir, Kaya') },
  { first: list('Mohammed, Amina, Ahmed, Leila'), last: list('Al-Khatib, Hussein, Saleh, Mansour') },
  { first: list('Agnieszka, Katarzyna, Magdalena'), last: list('Kowalska, Wójcik, Nowak') },
  { first: list('Guðrún, Björk, Þórunn'), last: list('Kristjánsdóttir, Einarsdóttir, Jónsdóttir') },
  { first: list('Thi Lan, Minh, Quynh'), last: list('Nguyen, Tran, Pham') },
  { first: list('Olena, Oksana, Dmytro'), last: list('Shevchenko, Kovalenko, Bondarenko') },
  { first: list('Milan, Jasmina, Emina'), last: list('Petrović, Begić, Hadžić') },
];

export function makeName(random: Random): { firstName: string; lastName: string } {
  const { first, last } = random.chance(0.09) ? random.pick(elsewhere) : { first: firstNames, last: lastNames };
  return { firstName: random.pick(first), lastName: random.pick(last) };
}

/** For mail addresses: "Mette-Marie Sørensen" → "mette-marie.soerensen" */
export function mailName(text: string): string {
  return inAscii(text)
    .replace(/[^a-z0-9-]+/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '');
}

const danish: Record<string, string> = { æ: 'ae', ø: 'oe', å: 'aa', ð: 'd', þ: 'th', ı: 'i', ł: 'l', ß: 'ss' };

function inAscii(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[æøåðþıłß]/g, (letter) => danish[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
}

function list(names: string): string[] {
  return names.split(',').map((name) => name.trim());
}
