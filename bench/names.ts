/** Common names stand several times, rare ones once, so that searches find many, some or few. */
const repeated = (times: number, names: string): string[] =>
  Array.from({ length: times }, () => names.split(' ')).flat();

export const firstNames = [
  ...repeated(3, 'Anne Mette Peter Lars Hanne Søren Karen Jens Kirsten Michael'),
  ...repeated(
    1,
    'Åse Øyvind Ægir Camilla Louise Mads Freja Ida Emil Oscar Sofie Mathilde Signe Rasmus Nikolaj Bjørn Torben',
  ),
  ...repeated(
    1,
    'Birgitte Inger Lone Henrik Thomas Martin Jørgen Hans Niels Erik Ole Poul Susanne Charlotte Tina Pia Gitte',
  ),
];

export const lastNames = [
  ...repeated(9, 'Nielsen Jensen Hansen'),
  ...repeated(5, 'Pedersen Andersen Christensen Larsen Sørensen Rasmussen'),
  ...repeated(
    2,
    'Jørgensen Petersen Madsen Kristensen Olsen Thomsen Poulsen Johansen Møller Mortensen Knudsen Østergaard',
  ),
  ...repeated(
    1,
    'Aagaard Bach Bertelsen Bruun Carlsen Dahl Eriksen Frederiksen Friis Gregersen Hald Iversen Juhl Kjær Lauridsen',
  ),
  ...repeated(
    1,
    'Mikkelsen Nygaard Overgaard Quist Ravn Schmidt Toft Ulriksen Villadsen Winther Ytting Zacho Ærø Østerby Åkjær',
  ),
];
